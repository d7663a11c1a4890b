"""Questions become plans over declared columns; a question with a word that nothing explains becomes none."""

import pytest

from indexer.sources.config import RecallConfig, SourceConfig
from rag.recall.asked import Asked, stems_of
from rag.recall.tables.plan import Comparison, Condition, Operation, Plan
from rag.recall.tables.read import read
from rag.recall.tables.schema import Column, table_words
from rag.recall.tables.values import Values

CONFIG = SourceConfig(
    name="cities",
    url="sqlite://",
    table="city",
    key=("id",),
    hidden=("secret",),
    recall=RecallConfig(nouns=("city", "town"), names=("name",), words={"people": ("population", "inhabitants")}),
)
COLUMNS = [
    Column("id", is_number=True),
    Column("name"),
    Column("code"),
    Column("country"),
    Column("people", is_number=True),
    Column("founded", is_date=True),
    Column("secret"),
]
TABLE = table_words(CONFIG, COLUMNS)
VALUES = Values()
VALUES.add("name", ["Lyon", "Zürich", "Frankfurt (Main)", "Nice"])
VALUES.add("code", ["LY", "ZRH", "IN"])
VALUES.add("country", ["France", "Switzerland", "Germany"])


def plan(question: str) -> Plan | None:
    return read(Asked(question), TABLE, VALUES)


def named(*values: str) -> Condition:
    return Condition(("name",), Comparison.IS, values)


def where(column: str, value: object, comparison: Comparison = Comparison.IS) -> Condition:
    return Condition((column,), comparison, (value,))


@pytest.mark.parametrize(
    ("question", "operation", "columns", "conditions", "measure"),
    [
        ("What is the population of Lyon?", Operation.LOOKUP, ("people",), (named("Lyon"),), ""),
        ("Zurich's population, please", Operation.LOOKUP, ("people",), (named("Zürich"),), ""),
        ("How many inhabitants does Frankfurt have?", Operation.LOOKUP, ("people",), (named("Frankfurt (Main)"),), ""),
        ("Which code has Frankfurt", Operation.LOOKUP, ("code",), (named("Frankfurt (Main)"),), ""),
        ("Which city has the code ZRH?", Operation.LIST, ("name",), (where("code", "ZRH"),), ""),
        ("Which city has the code IN?", Operation.LIST, ("name",), (where("code", "IN"),), ""),
        ("What does ZRH stand for?", Operation.LIST, ("name",), (where("code", "ZRH"),), ""),
        ("Which towns are in France?", Operation.LIST, ("name",), (where("country", "France"),), ""),
        ("Name the cities in France", Operation.LIST, ("name",), (where("country", "France"),), ""),
        ("How many cities are there in Germany?", Operation.COUNT, (), (where("country", "Germany"),), ""),
        ("how many towns are there", Operation.COUNT, (), (), ""),
        ("Which city has the largest population?", Operation.HIGHEST, (), (), "people"),
        ("total population of cities in France", Operation.SUM, (), (where("country", "France"),), "people"),
        ("What is the average population of the cities?", Operation.AVERAGE, (), (), "people"),
        ("cities, population over 9,000", Operation.LIST, ("name",), (where("people", 9_000, Comparison.ABOVE),), ""),
        ("cities with names starting with Z", Operation.LIST, ("name",), (where("name", "Z", Comparison.BEGINS),), ""),
        ("Which city has the code XYZ?", Operation.LIST, ("name",), (where("code", "XYZ"),), ""),
        ("the code and the population of Lyon", Operation.LOOKUP, ("code", "people"), (named("Lyon"),), ""),
        ("the code of Lyon, the population of Lyon", Operation.LOOKUP, ("code", "people"), (named("Lyon"),), ""),
        ("What is the name of the country of Lyon?", Operation.LOOKUP, ("name", "country"), (named("Lyon"),), ""),
        ("Lyon and Nice population", Operation.LOOKUP, ("people",), (named("Lyon", "Nice"),), ""),
    ],
)  # fmt: skip
def test_what_is_asked_is_read_from_the_words(
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
    assert 0.8 <= found.score <= 1


@pytest.mark.parametrize(
    "question",
    [
        "What is the secret of Lyon?",
        "What is the mayor of Lyon?",
        "How do I install Lyon?",
        "What is the population of the capital of France?",
        "What is the population of the country of Lyon?",
        "What is Lyon's country's code?",
        "the code of the code of Lyon",
        "Which cities are not in France?",
        "in",
        "What is in it?",
        "population",
        "What is the name of Lyon?",
        "SELECT secret FROM city",
    ],
)
def test_what_a_word_leaves_unexplained_is_not_answered(question: str) -> None:
    assert plan(question) is None


def test_so_many_are_listed_as_were_asked_for() -> None:
    found = plan("the 3 largest cities by population")
    assert found is not None
    assert (found.operation, found.measure, found.limit) == (Operation.HIGHEST, "people", 3)


def test_a_mere_name_is_hardly_a_question() -> None:
    found = plan("Lyon")
    assert found is not None
    assert (found.operation, found.score) == (Operation.LOOKUP, 0.5)
    assert "secret" not in found.columns


def test_a_column_is_asked_for_without_its_unit() -> None:
    columns = [Column("name"), Column("warranty_years", True), Column("priceEur", True), Column("weight_kg", True)]
    columns += [Column("weight_lb", True), Column("size", True), Column("size_cm", True), Column("made_in_s")]
    table = table_words(CONFIG, columns)
    assert table.words[stems_of("warranty")] == ("warranty_years",)
    assert table.words[stems_of("warranty years")] == ("warranty_years",)
    assert table.words[stems_of("price")] == ("priceEur",)
    assert table.words[stems_of("size")] == ("size",)
    assert stems_of("weight") not in table.words
    assert stems_of("made in") not in table.words
