"""However large what stands in a database is, little of it is here at once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, column, create_engine, select, table, text

from indexer.document import Document
from indexer.sources.bounded import BYTES_AT_ONCE, MAX_ROWS_AT_ONCE, MAX_VALUE_BYTES, columns, parted, rows
from indexer.sources.config import SourceConfig
from indexer.sources.source import BadRecord
from indexer.sources.sql import SqlSource
from tests.support.postgres import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]

HUGE = MAX_VALUE_BYTES + 1


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A table of 2,000 light rows and then 100 heavy ones."""
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as opened:
        opened.execute(text("CREATE TABLE t (id INTEGER, about)"))
        opened.execute(text("INSERT INTO t VALUES (:id, 'light')"), [{"id": number} for number in range(2_000)])
        heavy = [{"id": number} for number in range(2_000, 2_100)]
        opened.execute(text("INSERT INTO t VALUES (:id, hex(zeroblob(1000000)))"), heavy)
        yield opened
    engine.dispose()


def test_few_heavy_rows_are_fetched_in_one_go(connection: Connection) -> None:
    fetched: list[int] = []
    driver = connection.connection.driver_connection
    assert driver is not None

    def note(number: int) -> int:
        fetched.append(number)
        return number

    driver.create_function("fetched", 1, note)
    found = rows(connection, select(text("fetched(id), about")).select_from(table("t")))
    ahead = [fetched[-1] - row[0] for row in found]
    assert (fetched[0], fetched[-1], len(ahead)) == (0, 2_099, 2_100)
    assert max(ahead[:1_500]) > MAX_ROWS_AT_ONCE // 2
    assert max(ahead) <= MAX_ROWS_AT_ONCE
    assert max(ahead[-50:]) < BYTES_AT_ONCE // 2_000_000


def test_what_is_too_large_stays_where_it_is(connection: Connection) -> None:
    connection.execute(text("DELETE FROM t"))
    connection.execute(text(f"INSERT INTO t VALUES (1, hex(zeroblob({HUGE}))), (2, zeroblob({HUGE})), (3, 'good')"))
    statement = select(*columns((column("id"), column("about")), "sqlite")).select_from(table("t"))
    assert [parted(row) for row in rows(connection, statement)] == [
        ((1, None), HUGE * 2),
        ((2, None), 0),
        ((3, "good"), 0),
    ]


@pytest.mark.parametrize("asked", [{"table": "file"}, {"query": "SELECT * FROM file"}])
def test_a_huge_row_of_a_server_is_named_and_a_huge_picture_is_left_out(
    postgres_database: str, asked: dict[str, str]
) -> None:
    url = postgres_database.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE file (id TEXT, picture BYTEA, data JSONB, about TEXT)"))
        connection.execute(
            text(
                "INSERT INTO file VALUES ('long', NULL, NULL, repeat('ä', :huge)), "
                "('deep', NULL, jsonb_build_object('a', repeat('x', :huge)), 'fine'), "
                "('good', convert_to(repeat('x', :huge), 'UTF8'), jsonb_build_object('a', 1), 'fine')"
            ),
            {"huge": HUGE},
        )
    engine.dispose()
    config = SourceConfig(name="files", url=url, key=("id",), **asked)  # type: ignore[arg-type]  # only strings
    with closing(SqlSource(config)) as source, source.reading() as reading:
        found = list(reading.records(None))
        assert len(list(reading.doc_ids())) == 3
    bad = {one.key: one.why for one in found if isinstance(one, BadRecord)}
    assert bad["long"] == f"has {HUGE + 4:,} characters, more than 1,000,000"
    assert "characters, more than 1,000,000" in bad["deep"]
    (good,) = [one for one in found if isinstance(one, Document)]
    assert good.text == 'id: good\ndata: {"a": 1}\nabout: fine'
