"""What a table answers, and what it can never be brought to do."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from indexer.sources.config import RecallConfig, SourceConfig
from indexer.sources.errors import SourceError, SourceUnavailable
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.memory import Recollection
from rag.recall.tables.compile import compile_plan
from rag.recall.tables.memory import TableMemory
from rag.recall.tables.plan import Comparison, Condition, Operation, Plan
from rag.recall.tables.schema import Column, table_words


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Any]:
    from sqlalchemy import create_engine, text

    made = create_engine(f"sqlite:///{tmp_path / 'cities.db'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE city (id INTEGER, name TEXT, country TEXT, people INTEGER, secret TEXT)"))
        connection.execute(text("CREATE TABLE wage (name TEXT, amount INTEGER)"))
        connection.execute(text("INSERT INTO wage VALUES ('Lyon', 1)"))
        for row in (
            "(1, 'Lyon', 'France', 520774, 'x')",
            "(2, 'Nice', 'France', 348085, 'x')",
            "(3, 'Bonn', 'Germany', 335975, 'x')",
            "(4, 'O''Brien; DROP TABLE city', 'Nowhere', NULL, 'x')",
        ):
            connection.execute(text(f"INSERT INTO city VALUES {row}"))
    yield made
    made.dispose()


def config(engine: Any, **settings: Any) -> SourceConfig:
    recall = RecallConfig(nouns=("city", "town"), names=("name",), words={"people": ("population",)})
    settings = {"table": "city", "hidden": ("secret",), **settings}
    return SourceConfig(name="cities", url=str(engine.url), key=("id",), recall=recall, **settings)


@pytest.fixture
def memory(engine: Any) -> Iterator[TableMemory]:
    with closing(TableMemory(config(engine))) as made:
        yield made


def said(memory: TableMemory, question: str) -> Recollection:
    (found,) = memory.recall(Asked(question), None)
    return found


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is the population of Lyon?", "520774"),
        ("How many cities are there in France?", "2"),
        ("Which cities are in France?", "Lyon; Nice"),
        ("Which city has the largest population?", "Lyon (520774)"),
        ("the 2 smallest towns by population", "Bonn (335975); Nice (348085)"),
        ("total population of cities in France", "868859"),
        ("average population of cities in France", "434,429.5"),
        ("Which cities have a population over 340,000?", "Lyon; Nice"),
        ("population of O'Brien; DROP TABLE city and Bonn", "335975"),
    ],
)
def test_rows_and_numbers_over_rows_answer(memory: TableMemory, question: str, short: str) -> None:
    found = said(memory, question)
    assert found.short == short
    for statement in found.statements:
        assert all(one.quote and one.quote in one.passage.text for one in statement.evidence)


def test_the_answer_cites_the_record_and_the_line_in_it(memory: TableMemory) -> None:
    (statement,) = said(memory, "What is the population of Lyon?").statements
    assert statement.text == "The population of Lyon is 520774."
    (evidence,) = statement.evidence
    assert (evidence.quote, evidence.passage.head.url) == ("people: 520774", "record:cities/1")
    assert "secret" not in evidence.passage.text


def test_a_query_is_a_table_too(engine: Any) -> None:
    query = "SELECT c.id, c.name, w.amount AS wage FROM city c JOIN wage w ON w.name = c.name"
    with closing(TableMemory(config(engine, table="", query=query, hidden=()))) as memory:
        assert said(memory, "What is the wage of Lyon?").short == "1"


@pytest.mark.parametrize("name", ["secret", "wage.amount", "1; DROP TABLE city"])
def test_a_plan_reaches_declared_columns_only(engine: Any, name: str) -> None:
    from sqlalchemy import MetaData, Table

    rows = Table("city", MetaData(), autoload_with=engine)
    words = table_words(config(engine), [Column("name"), Column("secret")])
    with pytest.raises(KeyError):
        compile_plan(Plan(Operation.LIST, conditions=(Condition((name,), Comparison.IS, ("x",)),)), rows, words)
    with pytest.raises(KeyError):
        compile_plan(Plan(Operation.HIGHEST, measure=name), rows, words)


def test_values_are_bound_and_wildcards_are_letters(engine: Any) -> None:
    from sqlalchemy import MetaData, Table

    rows = Table("city", MetaData(), autoload_with=engine)
    words = table_words(config(engine), [Column("name")])
    for comparison in (Comparison.IS, Comparison.BEGINS, Comparison.CONTAINS):
        plan = Plan(Operation.LIST, conditions=(Condition(("name",), comparison, ("%' OR 1=1 --",)),))
        statement = compile_plan(plan, rows, words)
        assert "1=1" not in str(statement).lower()
        with engine.connect() as connection:
            assert connection.execute(statement).all() == []


def test_the_database_itself_refuses_to_write(memory: TableMemory) -> None:
    with pytest.raises(SourceError, match="readonly"), memory._source.connected(1.0) as connection:
        connection.exec_driver_sql("DELETE FROM city")
    assert said(memory, "How many cities are there?").short == "4"


def test_what_takes_too_long_is_stopped(engine: Any) -> None:
    endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS name FROM n"
    with closing(TableMemory(config(engine), RecallLimits(timeout_s=0.2))) as memory:
        memory.recall(Asked("population of Lyon"), None)
        started = time.monotonic()
        with pytest.raises(SourceUnavailable), memory._source.connected(0.2) as connection:
            connection.exec_driver_sql(f"SELECT count(*) FROM ({endless})")
        assert time.monotonic() - started < 30


def test_a_yes_is_told_of_a_row_and_a_number_with_its_unit(tmp_path: Path) -> None:
    from sqlalchemy import create_engine, text

    made = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    with made.begin() as connection:
        connection.execute(
            text("CREATE TABLE lamp (name TEXT, in_stock BOOLEAN, weight_g INTEGER, price NUMERIC(9,2))")
        )
        connection.execute(text("INSERT INTO lamp VALUES ('Lumen', 1, 900, 10), ('Nox', 0, 450, 20.5)"))
    made.dispose()
    settings = SourceConfig(name="lamps", url=str(made.url), table="lamp", key=("name",))
    with closing(TableMemory(settings)) as memory:
        assert said(memory, "Is the Nox in stock?").text == "Nox: in stock no."
        assert said(memory, "How heavy is the Lumen?").text == "The weight of Lumen is 900 g."
        assert said(memory, "What is the average price of the lamps?").short == "15.25"
        assert said(memory, "Which lamp is the heaviest?").short == "Lumen (900 g)"
        assert said(memory, "total weight of all lamps").text == "Sum of weight over lamp records: 1350 g."
