"""What people ask for in everyday words is found in the columns that most tables have, and in no others."""

import pytest

from indexer.sources.config import SourceConfig
from rag.recall.asked import Asked, stems_of
from rag.recall.tables.plan import Comparison, Condition, Operation, Plan
from rag.recall.tables.read import read
from rag.recall.tables.schema import Column, table_words
from rag.recall.tables.values import Values

CONFIG = SourceConfig(name="shop", url="sqlite://", table="lamp", key=("name",))
COLUMNS = [
    Column("name"),
    Column("price", is_number=True),
    Column("weight_g", is_number=True),
    Column("height_cm", is_number=True),
    Column("warranty_years", is_number=True),
    Column("maker"),
]
TABLE = table_words(CONFIG, COLUMNS)
VALUES = Values()
VALUES.add("name", ["Lumen", "Nox"])
VALUES.add("maker", ["Brewer", "Lux & Co"])
LUMEN = (Condition(("name",), Comparison.IS, ("Lumen",)),)
BREWER = (Condition(("maker",), Comparison.IS, ("Brewer",)),)


def plan(question: str) -> Plan | None:
    return read(Asked(question), TABLE, VALUES)


def where(column: str, test: Comparison, value: float) -> tuple[Condition, ...]:
    return (Condition((column,), test, (value,)),)


@pytest.mark.parametrize(
    ("question", "operation", "columns", "conditions", "measure"),
    [
        ("How much does the Lumen cost?", Operation.LOOKUP, ("price",), LUMEN, ""),
        ("How much is the Lumen?", Operation.LOOKUP, ("price",), LUMEN, ""),
        ("how heavy is lumen", Operation.LOOKUP, ("weight_g",), LUMEN, ""),
        ("How much does Lumen weigh?", Operation.LOOKUP, ("weight_g",), LUMEN, ""),
        ("How tall is the Lumen?", Operation.LOOKUP, ("height_cm",), LUMEN, ""),
        ("Who makes the Lumen?", Operation.LOOKUP, ("maker",), LUMEN, ""),
        ("Which lamps are made by Brewer?", Operation.LIST, ("name",), BREWER, ""),
        ("What is the cheapest lamp?", Operation.LOWEST, (), (), "price"),
        ("the most expensive lamp made by Brewer", Operation.HIGHEST, (), BREWER, "price"),
        ("Which lamp is the heaviest?", Operation.HIGHEST, (), (), "weight_g"),
        ("Which is the shortest lamp?", Operation.LOWEST, (), (), "height_cm"),
        ("Which lamp has the lowest price?", Operation.LOWEST, (), (), "price"),
        ("lamps that cost less than 30 euros", Operation.LIST, ("name",), where("price", Comparison.BELOW, 30), ""),
        ("lamps that weigh over 900 g", Operation.LIST, ("name",), where("weight_g", Comparison.ABOVE, 900), ""),
        ("lamps with a warranty of 5 years", Operation.LIST, ("name",), where("warranty_years", Comparison.IS, 5), ""),
    ],
)  # fmt: skip
def test_everyday_words_ask_for_columns(
    question: str, operation: Operation, columns: tuple[str, ...], conditions: tuple[Condition, ...], measure: str
) -> None:
    found = plan(question)
    assert found is not None
    assert (found.operation, found.columns, found.conditions, found.measure) == (
        operation,
        columns,
        conditions,
        measure,
    )


@pytest.mark.parametrize(
    "question",
    [
        "Which lamps weigh more than 2 kg?",
        "lamps with a warranty of 5 months",
        "How old is the Lumen?",
        "Who designed the Lumen?",
        "How much light does the Lumen give?",
        "How much of the Lumen is glass?",
    ],
)
def test_what_no_column_tells_is_left_to_others(question: str) -> None:
    assert plan(question) is None


def test_two_columns_of_one_sense_are_told_apart_by_their_own_words() -> None:
    table = table_words(CONFIG, [Column("name"), Column("price", True), Column("cost", True), Column("weight", True)])
    assert "cheapest" not in table.extremes
    assert table.words[stems_of("cost")] == ("cost",)
    assert table.extremes["heaviest"] == (Operation.HIGHEST, "weight")


def test_a_unit_stands_behind_the_value() -> None:
    assert TABLE.told("warranty_years", "3") == ("warranty", "3 years")
    assert TABLE.told("price", "24.50") == ("price", "24.50")
