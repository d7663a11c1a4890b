"""An index made anew takes the place of the present one, whatever its schema, or leaves it as it was."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from indexer.config import INDEX_FILE
from indexer.embedded.rebuild import rebuilt
from indexer.embedded.store import EmbeddedStore
from indexer.errors import ManifestMismatch, StoreLocked
from indexer.store import StoreCount
from tests.contracts.store_documents import MANIFEST, encoded, vector_of


def fill(folder: Path) -> None:
    with closing(EmbeddedStore(folder, writable=True)) as store:
        store.check(MANIFEST)
        store.replace([encoded("a", "old fox", "old hen"), encoded("b", "old owl")])


def make_it_of_schema_1(folder: Path) -> None:
    """As it was before passages had blocks."""
    with closing(sqlite3.connect(folder / INDEX_FILE)) as sql, sql:
        sql.execute("ALTER TABLE passages DROP COLUMN blocks")
        (manifest,) = sql.execute("SELECT value FROM meta WHERE key = 'manifest'").fetchone()
        old = json.dumps(json.loads(manifest) | {"schema": 1})
        sql.execute("UPDATE meta SET value = ? WHERE key = 'manifest'", (old,))


def found(store: EmbeddedStore, text: str) -> list[str]:
    candidates = store.candidates(text, vector_of("x"), 10)
    words = [candidate.passage.text for candidate in candidates.lexical]
    return [*words, *sorted(candidate.passage.text for candidate in candidates.dense)]


def test_an_open_reader_sees_the_old_index_until_the_end_and_then_the_new_one(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(EmbeddedStore(tmp_path)) as reader:
        assert found(reader, "fox") == ["old fox", "old fox", "old hen", "old owl"]
        with rebuilt(tmp_path, MANIFEST) as fresh:
            fresh.replace([encoded("a", "new fox")])
            assert found(reader, "fox") == ["old fox", "old fox", "old hen", "old owl"]
        assert found(reader, "fox") == ["new fox", "new fox"]
        assert reader.count() == StoreCount(1, 1)
        assert list(tmp_path.glob("rebuild")) == []
    with closing(EmbeddedStore(tmp_path, writable=True)) as writer:
        writer.replace([encoded("c", "another fox")])
        assert sorted(found(writer, "fox")) == ["another fox", "another fox", "new fox", "new fox"]


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path)
    with pytest.raises(ZeroDivisionError), rebuilt(tmp_path, MANIFEST) as fresh:
        fresh.replace([encoded("a", "new fox")])
        raise ZeroDivisionError
    with closing(EmbeddedStore(tmp_path, writable=True)) as store:
        assert store.count() == StoreCount(2, 3)
        assert found(store, "fox")[0] == "old fox"
    assert not (tmp_path / "rebuild").exists()


def test_what_a_killed_rebuild_left_is_no_hindrance(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "rebuild" / "words-x").mkdir(parents=True)
    (tmp_path / "rebuild" / INDEX_FILE).write_bytes(b"half")
    with rebuilt(tmp_path, MANIFEST) as fresh:
        fresh.replace([encoded("a", "new fox")])
    with closing(EmbeddedStore(tmp_path)) as reader:
        assert reader.count() == StoreCount(1, 1)


def test_an_index_of_the_schema_before_is_refused_in_one_line_that_names_the_command(tmp_path: Path) -> None:
    fill(tmp_path)
    make_it_of_schema_1(tmp_path)
    with closing(EmbeddedStore(tmp_path, writable=True)) as store:
        with pytest.raises(
            ManifestMismatch, match=r"made by an earlier version of Recollect \(schema 1, here 2\)"
        ) as refused:
            store.check(MANIFEST)
        assert "recollect crawl URL --rebuild" in refused.value.cure
    with rebuilt(tmp_path, MANIFEST) as fresh:
        fresh.replace([encoded("a", "new fox")])
    with closing(EmbeddedStore(tmp_path, writable=True)) as store:
        store.check(MANIFEST)
        assert found(store, "fox") == ["new fox", "new fox"]


def test_nobody_else_writes_while_an_index_is_rebuilt(tmp_path: Path) -> None:
    fill(tmp_path)
    with rebuilt(tmp_path, MANIFEST), pytest.raises(StoreLocked):
        EmbeddedStore(tmp_path, writable=True)


def test_a_folder_without_an_index_gets_one(tmp_path: Path) -> None:
    with rebuilt(tmp_path / "new", MANIFEST) as fresh:
        fresh.replace([encoded("a", "new fox")])
    with closing(EmbeddedStore(tmp_path / "new")) as reader:
        assert found(reader, "fox") == ["new fox", "new fox"]
