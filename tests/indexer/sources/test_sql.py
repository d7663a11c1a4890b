"""Tables become cards, changes and deletions are followed, and what is wrong is one line; on real databases."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.block import BlockKind
from indexer.document import Document
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource, SourceUnavailable
from indexer.sources.memory import SourceMemory
from indexer.sources.source import BadRecord
from indexer.sources.sql import SqlSource
from indexer.sources.sync import SyncReport, sync
from tests.support.ports import free_ports
from tests.support.postgres import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]

ROWS = [
    (1, "Kettle", "Boils 1.7 l in 4 minutes", 39.9, "2026-01-01 10:00:00", None),
    (2, "Toaster", "Two slots; crumb tray", 24.5, "2026-01-02 10:00:00", "staff, sales"),
    (3, "Grill ‘’ ß", "", None, "2026-01-03 10:00:00", None),
]
CREATE = (
    "CREATE TABLE product (id INTEGER PRIMARY KEY, name VARCHAR(200), about TEXT, price NUMERIC(9,2), "
    "updated TIMESTAMP, groups TEXT)"
)


class Database:
    """The same few statements on each database."""

    def __init__(self, url: str) -> None:
        from sqlalchemy import create_engine

        self.url = url
        self._engine = create_engine(url)

    def run(self, statement: str, rows: list[dict[str, Any]] | None = None) -> None:
        from sqlalchemy import text

        with self._engine.begin() as connection:
            connection.execute(text(statement), rows)

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        url = request.getfixturevalue("postgres_database").replace("postgresql://", "postgresql+psycopg://", 1)
    made = Database(url)
    made.run(CREATE)
    insert(made, *ROWS)
    yield made
    made.close()


def insert(database: Database, *rows: tuple[Any, ...]) -> None:
    names = ("id", "name", "about", "price", "updated", "groups")
    times = [(*row[:4], datetime.fromisoformat(row[4]), *row[5:]) for row in rows]
    database.run(
        "INSERT INTO product VALUES (:id, :name, :about, :price, :updated, :groups)",
        [dict(zip(names, row, strict=True)) for row in times],
    )


def config_of(database: Database, **settings: Any) -> SourceConfig:
    settings = {"table": "product", "key": ("id",), "changed": "updated", "access_field": "groups"} | settings
    return SourceConfig(name="shop", kind="sql", url=database.url, **settings)


def documents(config: SourceConfig, since: str | None = None) -> list[Document | BadRecord]:
    source = SqlSource(config)
    try:
        with source.reading() as reading:
            return sorted(
                reading.records(since), key=lambda one: one.head.url if isinstance(one, Document) else one.key
            )
    finally:
        source.close()


def named(record: Document | BadRecord) -> str:
    return record.head.url if isinstance(record, Document) else record.key


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[Indexer, EmbeddedStore, SourceMemory]]:
    store = EmbeddedStore(tmp_path / "index", writable=True)
    memory = SourceMemory(tmp_path / "sources.sqlite")
    yield Indexer(store, HashingEncoder()), store, memory
    memory.close()
    store.close()


def synced(config: SourceConfig, index: tuple[Indexer, EmbeddedStore, SourceMemory], **settings: Any) -> SyncReport:
    indexer, _, memory = index
    source = SqlSource(config)
    try:
        return sync(source, indexer, memory, **({"max_purge_share": 0.5} | settings))
    finally:
        source.close()


def test_a_row_is_a_card_of_its_columns(database: Database) -> None:
    kettle, toaster, grill = documents(config_of(database, metadata=("price",)))
    assert isinstance(kettle, Document)
    assert isinstance(toaster, Document)
    assert isinstance(grill, Document)
    assert kettle.head.title == "Kettle"
    assert kettle.head.url == "record:shop/1"
    assert kettle.head.source == "shop"
    assert kettle.head.metadata == {"price": "39.90"}
    assert kettle.head.modified_at == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert kettle.text == "id: 1\nname: Kettle\nabout: Boils 1.7 l in 4 minutes\nprice: 39.90"
    blocks = kettle.sections[0].blocks
    assert [(block.kind, block.term) for block in blocks] == [
        (BlockKind.DEFINITION, name) for name in ("id", "name", "about", "price")
    ]
    assert [kettle.text[block.start_char : block.end_char] for block in blocks] == kettle.text.split("\n")
    assert (kettle.head.access, toaster.head.access) == ((), ("sales", "staff"))
    assert "price" not in grill.text


def test_templates_give_title_text_and_link(database: Database) -> None:
    config = config_of(
        database,
        query="SELECT id, name, price FROM product WHERE price IS NOT NULL;",
        table="",
        changed="",
        access_field="",
        title="{{ name | upper }}",
        text="{{ name }} costs {{ price | int }} euros.",
        link="https://shop.example/p/{{ id }}",
    )
    kettle, toaster = documents(config)
    assert isinstance(kettle, Document)
    assert isinstance(toaster, Document)
    assert (kettle.head.title, kettle.text) == ("KETTLE", "Kettle costs 39 euros.")
    assert kettle.head.url == "https://shop.example/p/1"
    assert toaster.head.url == "https://shop.example/p/2"


def test_a_second_sync_encodes_only_what_changed(
    database: Database, index: tuple[Indexer, EmbeddedStore, SourceMemory]
) -> None:
    first = synced(config_of(database), index)
    assert (first.read, first.index.indexed, first.index.encoded) == (3, 3, 3)
    database.run("UPDATE product SET about = 'Boils 2 l', updated = '2026-02-01 10:00:00' WHERE id = 1")
    second = synced(config_of(database), index)
    assert second.index.encoded == 1
    assert second.index.indexed == 1
    assert second.read < 3
    third = synced(config_of(database), index)
    assert (third.index.indexed, third.index.encoded, third.index.deleted) == (0, 0, 0)


def test_a_deleted_row_leaves_the_index(database: Database, index: tuple[Indexer, EmbeddedStore, SourceMemory]) -> None:
    synced(config_of(database), index)
    database.run("DELETE FROM product WHERE id = 2")
    assert synced(config_of(database), index).index.deleted == 1
    assert index[1].count().documents == 2


def test_too_many_losses_are_held_back_until_a_person_agrees(
    database: Database, index: tuple[Indexer, EmbeddedStore, SourceMemory]
) -> None:
    insert(database, *[(number, f"Part {number}", "x", 1, "2026-01-04 10:00:00", None) for number in range(10, 60)])
    synced(config_of(database), index)
    database.run("DELETE FROM product")
    held = synced(config_of(database), index)
    assert (held.held_back, held.index.deleted, index[1].count().documents) == (53, 0, 53)
    agreed = synced(config_of(database), index, agrees_to_losses=True)
    assert (agreed.held_back, agreed.index.deleted, index[1].count().documents) == (0, 53, 0)


def test_a_sync_that_breaks_off_goes_on(database: Database, index: tuple[Indexer, EmbeddedStore, SourceMemory]) -> None:
    class Broken(Exception):
        pass

    def breaks(_: SyncReport) -> None:
        raise Broken

    with pytest.raises(Broken):
        synced(config_of(database), index, on_progress=breaks)
    again = synced(config_of(database), index)
    assert (again.read, again.index.unchanged, again.index.encoded) == (3, 3, 0)


def test_the_database_is_never_written(database: Database) -> None:
    source = SqlSource(config_of(database, query="SELECT * FROM product", table=""))
    with pytest.raises((BadSource, SourceUnavailable)), source.reading() as reading:
        reading._connection.exec_driver_sql("DELETE FROM product")
    source.close()
    assert len(documents(config_of(database))) == 3


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"table": "produce"}, "no table produce"),
        ({"key": ("nummer",)}, "no column nummer"),
        ({"changed": "modified"}, "no column modified"),
        ({"title": "{{ name"}, "title is no template"),
        ({"query": "DROP TABLE product", "table": ""}, "source shop"),
    ],
)
def test_wrong_settings_are_named(database: Database, settings: dict[str, Any], said: str) -> None:
    with pytest.raises((BadSource, SourceUnavailable), match=said):
        documents(config_of(database, **settings))
    assert len(documents(config_of(database))) == 3


def test_bad_rows_are_named_and_the_others_go_on(database: Database) -> None:
    query = "SELECT NULL AS id, 'nobody' AS name UNION ALL SELECT 7, 'somebody'"
    settings = {"query": query, "table": "", "changed": "", "access_field": ""}
    bad, good = sorted(documents(config_of(database, **settings)), key=lambda one: isinstance(one, Document))
    assert isinstance(bad, BadRecord)
    assert bad.why == "has no key"
    assert isinstance(good, Document)
    (strange,) = [one for one in documents(config_of(database, **settings, text="{{ colour }}")) if "7" in str(one)]
    assert isinstance(strange, BadRecord)
    assert "colour" in strange.why


def test_binary_columns_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE t (id TEXT, photo BLOB, note TEXT)")
        connection.execute("INSERT INTO t VALUES ('a/b c', x'00ff', 'seen')")
    connection.close()
    (document,) = documents(SourceConfig(name="t", url=f"sqlite:///{file}", table="t", key=("id",)))
    assert isinstance(document, Document)
    assert document.text == "id: a/b c\nnote: seen"
    assert document.head.url == "record:t/a%2Fb%20c"


def test_values_of_another_kind_than_their_column_are_told_as_they_stand(
    tmp_path: Path, index: tuple[Indexer, EmbeddedStore, SourceMemory]
) -> None:
    file = tmp_path / "a.db"
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TABLE t (id INTEGER, born DATE, at TIME, price NUMERIC, is_new BOOLEAN, "
            "data JSON, changed TIMESTAMP)"
        )
        connection.execute("INSERT INTO t VALUES (1, '1 May', 'noon', 'cheap', 1, '{half', '2026-01-01T10:00:00Z')")
        connection.execute("INSERT INTO t VALUES (2, '2026-05-01', '12:00:00', 3, 0, '[1]', 'yesterday')")
    connection.close()
    config = SourceConfig(name="t", url=f"sqlite:///{file}", table="t", key=("id",), hidden=("id",), changed="changed")
    odd, even = documents(config)
    assert isinstance(odd, Document)
    assert isinstance(even, Document)
    assert odd.text == "born: 1 May\nat: noon\nprice: cheap\nis_new: yes\ndata: {half"
    assert even.text == "born: 2026-05-01\nat: 12:00:00\nprice: 3\nis_new: no\ndata: [1]"
    assert synced(config, index).index.indexed == 2
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE t SET born = '2 May', changed = 'now' WHERE id = 1")
    connection.close()
    assert synced(config, index).index.indexed == 1


def test_a_file_that_is_not_there_is_reported_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="there is no file"):
        documents(SourceConfig(name="t", url=f"sqlite:///{tmp_path / 'a.db'}", table="t", key=("id",)))
    assert not (tmp_path / "a.db").exists()


def test_a_database_that_is_not_there_is_reported() -> None:
    url = f"postgresql+psycopg://nobody:secret@127.0.0.1:{free_ports(1)[0]}/none"
    with pytest.raises(SourceUnavailable, match="does not answer") as refused:
        documents(SourceConfig(name="far", url=url, table="t", key=("id",)))
    assert "secret" not in str(refused.value)


def test_a_database_that_wants_another_password_says_so(postgres_database: str) -> None:
    rest = postgres_database.rpartition("@")[2]
    url = f"postgresql+psycopg://crawler:secret@{rest}"
    with pytest.raises(SourceUnavailable, match="wants a password, or another one") as refused:
        documents(SourceConfig(name="far", url=url, table="t", key=("id",)))
    assert "secret" not in str(refused.value)


def test_an_address_that_is_none_is_reported() -> None:
    with pytest.raises(BadSource, match="no database that is known") as refused:
        SqlSource(SourceConfig(name="odd", url="oracle of delphi", table="t", key=("id",)))
    assert "sqlite:///" in refused.value.cure


def test_settings_are_checked_when_they_are_made() -> None:
    good = SourceConfig(name="a", url="sqlite://", table="t", key=("id",))
    for wrong in ({"name": "a b"}, {"query": "SELECT 1"}, {"key": ()}, {"url": ""}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            replace(good, **wrong)
