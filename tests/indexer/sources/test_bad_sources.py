"""Sources that hang, want a password or hold what no record should: one line names it, and the others go on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.document import Document
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.sources import sql
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource, SourceUnavailable
from indexer.sources.graph import load
from indexer.sources.graph.source import GraphSource
from indexer.sources.key_value import KeyValueSource
from indexer.sources.memory import SourceMemory
from indexer.sources.source import BadRecord, Source
from indexer.sources.sql import MAX_ROW_CHARS, SqlSource
from indexer.sources.sync import SyncReport, sync
from tests.support.memcached import memcached_url
from tests.support.mute import mute

__all__ = ["memcached_url"]


class Table:
    """A table in SQLite and its index."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "shop.db"
        self._folder = folder
        self.run("CREATE TABLE product (id TEXT, name TEXT, updated TIMESTAMP)")

    def run(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute(statement, values)

    def insert(self, key: str | None, name: str, updated: datetime) -> None:
        self.run("INSERT INTO product VALUES (?, ?, ?)", key, name, updated.isoformat(" "))

    def sync(self, **settings: Any) -> SyncReport:
        settings = {"key": ("id",), "title": "{{ name }}", "changed": "updated"} | settings
        config = SourceConfig(name="shop", url=f"sqlite:///{self._file}", table="product", **settings)
        with (
            closing(EmbeddedStore(self._folder / "index", writable=True)) as store,
            closing(SourceMemory(self._folder / "sources.sqlite")) as memory,
            closing(SqlSource(config)) as source,
        ):
            return sync(source, Indexer(store, HashingEncoder()), memory, max_purge_share=0.5)

    def titles(self) -> set[str]:
        with closing(EmbeddedStore(self._folder / "index")) as store:
            return {head.title for head in store.scan()}


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


NOW = datetime.now(UTC).replace(tzinfo=None)
LONG_AGO = datetime(2024, 1, 1)


@pytest.fixture(params=["redis", "memcached"])
def silent(request: pytest.FixtureRequest) -> Iterator[Source]:
    with mute() as port:
        config = SourceConfig(name="kv", kind="key-value", url=f"{request.param}://127.0.0.1:{port}", keys=("a",))
        yield KeyValueSource(config, timeout_s=0.2)


def test_a_store_that_says_nothing_is_waited_for_a_while(silent: Source) -> None:
    with pytest.raises(SourceUnavailable, match=r"source kv: .* does not answer"), silent.reading() as reading:
        list(reading.records(None))


def test_a_database_that_says_nothing_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "CONNECT_TIMEOUT_S", 2)
    with mute() as port:
        url = f"postgresql+psycopg://nobody:secret@127.0.0.1:{port}/none"
        source = SqlSource(SourceConfig(name="far", url=url, table="t", key=("id",)))
        with pytest.raises(SourceUnavailable, match=r"source far: .*does not answer") as refused, source.reading():
            pass
    assert "secret" not in str(refused.value)


def test_an_endpoint_that_says_nothing_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "TIMEOUT_S", 0.2)
    with mute() as port:
        source = GraphSource(SourceConfig(name="g", kind="graph", url=f"http://127.0.0.1:{port}/sparql"))
        with pytest.raises(SourceUnavailable, match="source g: the endpoint does not answer"), source.reading():
            pass


HELLO = (
    b"-ERR HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option"
)


@pytest.mark.parametrize(
    "said",
    [b"-NOAUTH Authentication required.", HELLO, b"-WRONGPASS invalid username-password pair or user is disabled."],
)
def test_a_store_that_wants_a_password_says_so(said: bytes) -> None:
    with mute((said + b"\r\n") * 20) as port:
        source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=f"redis://127.0.0.1:{port}"), timeout_s=5)
        with (
            pytest.raises(SourceUnavailable, match=r"source kv: Redis wants a password"),
            source.reading() as reading,
        ):
            list(reading.records(None))


def test_a_key_that_memcached_cannot_hold_is_named_and_the_others_go_on(memcached_url: str) -> None:
    from pymemcache.client.base import Client

    host, _, port = memcached_url.partition("://")[2].partition(":")
    with closing(Client((host, int(port)), allow_unicode_keys=True)) as client:
        client.set_many({"kv-plain": "here", "kv-größe": "42"}, noreply=False)
    names = ("kv-plain", "two words", "kv-größe", "k" * 100_000, "kv-nothing")
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=memcached_url, keys=names))
    with source.reading() as reading:
        found = list(reading.records(None))
        assert len(list(reading.doc_ids())) == 4
        assert isinstance(reading.entry("two words"), BadRecord)
    assert [one.head.title for one in found if isinstance(one, Document)] == ["here", "42"]
    bad = {one.key: one.why for one in found if isinstance(one, BadRecord)}
    assert bad == {
        "two words": "is no key of Memcached (key contains whitespace)",
        "k" * 80: "is no key of Memcached (key is too long)",
    }


def test_a_key_that_comes_again_far_away_is_named_and_the_first_is_kept(table: Table) -> None:
    for number in range(1_200):
        table.insert(str(number), f"Part {number}", LONG_AGO)
    table.insert("7", "Another part", LONG_AGO)
    table.insert("8", "Part 8", LONG_AGO)
    report = table.sync()
    assert report.bad == {"record:shop/7": "has a key that another record has, too"}
    assert {"Part 7", "Part 1199"} <= table.titles()
    assert "Another part" not in table.titles()
    assert table.sync().index.deleted == 0


def test_huge_rows_and_keys_are_named_and_the_others_go_on(table: Table) -> None:
    table.insert("huge", "x" * 50_000_000, LONG_AGO)
    table.insert("k" * 100_000, "long key", LONG_AGO)
    table.insert(None, "no key", LONG_AGO)
    table.insert("good", "Kettle", LONG_AGO)
    report = table.sync()
    assert report.bad["huge"] == f"has 50,000,004 characters, more than {MAX_ROW_CHARS:,}"
    assert report.bad["k" * 80] == "has a key of more than 2,000 characters"
    assert "has no key" in report.bad.values()
    assert table.titles() == {"Kettle"}


@pytest.mark.parametrize("settings", [{"title": "{{ name | upper }}"}, {"access": ("staff",)}, {"hidden": ("name",)}])
def test_new_settings_make_all_records_anew(table: Table, settings: dict[str, Any]) -> None:
    table.insert("1", "Kettle", LONG_AGO)
    table.insert("2", "Toaster", NOW)
    assert table.sync().index.indexed == 2
    assert table.sync(**settings).index.indexed == 2
    assert table.sync(**settings).read == 1


def test_a_change_column_that_becomes_a_number_hides_no_change(table: Table) -> None:
    table.insert("1", "Kettle", LONG_AGO)
    table.sync()
    table.run("ALTER TABLE product RENAME TO before")
    table.run("CREATE TABLE product AS SELECT id, name, 1 AS updated FROM before")
    table.run("UPDATE product SET name = 'Toaster'")
    table.sync()
    assert table.titles() == {"Toaster"}


def test_a_row_from_the_future_hides_none_that_changes_before_it(table: Table) -> None:
    table.insert("1", "From tomorrow", NOW + timedelta(days=400))
    table.sync()
    table.insert("2", "From today", NOW + timedelta(days=1))
    table.sync()
    assert table.titles() == {"From tomorrow", "From today"}


def test_a_row_whose_writer_has_a_slow_clock_is_not_missed(table: Table) -> None:
    table.insert("1", "Kettle", LONG_AGO)
    table.sync()
    table.insert("2", "Stamped by a slow clock", LONG_AGO - timedelta(minutes=5))
    table.sync()
    assert table.titles() == {"Kettle", "Stamped by a slow clock"}


def test_a_column_that_is_gone_removes_nothing(table: Table) -> None:
    table.insert("1", "Kettle", LONG_AGO)
    table.sync()
    table.run("ALTER TABLE product RENAME COLUMN id TO number")
    with pytest.raises(BadSource, match="source shop: there is no column id"):
        table.sync()
    assert table.titles() == {"Kettle"}


def test_a_file_that_is_nested_without_end_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000, "utf-8")
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=f"file:{path}"))
    with pytest.raises(SourceUnavailable, match="source kv: The file"), source.reading():
        pass
    path.write_text('{"deep": "' + "[" * 100_000 + '", "good": "fine"}', "utf-8")
    with source.reading() as reading:
        found = list(reading.records(None))
    assert {one.head.title for one in found if isinstance(one, Document)} >= {"fine"}


def test_circles_and_odd_literals_of_a_graph_are_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.nt"
    name, base = "<http://www.w3.org/2000/01/rdf-schema#label>", "http://e/"
    path.write_text(
        f'<{base}a> {name} "A" .\n<{base}a> <{base}next> _:x .\n_:x <{base}next> _:y .\n_:y <{base}next> _:x .\n'
        f"<{base}a> <{base}is> <{base}a> .\n"
        f'<{base}a> <{base}size> "many"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        f'<{base}a> <{base}note> "{"n" * 500_000}" .\n',
        "utf-8",
    )
    with GraphSource(SourceConfig(name="g", kind="graph", url=str(path))).reading() as reading:
        (card,) = reading.records(None)
    assert not isinstance(card, BadRecord)
    assert "size: many" in card.text
    assert len(card.text) < 200_000
