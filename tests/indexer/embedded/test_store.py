"""What only the embedded store promises: one writer, many readers, and an index that survives being killed."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.asking.stems import numbered
from indexer.config import EmbeddedConfig
from indexer.document import EncodedDocument, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.errors import StoreDamaged, StoreLocked, StoreRefused
from indexer.store import Filters, StoreCount
from tests.contracts.store_documents import DIM, MANIFEST, encoded, vector_of
from tests.support.until import until

ROOT = Path(__file__).parents[3]
DOCUMENTS = 40
KILLS = 12

WRITER = """
import sys
from indexer.config import EmbeddedConfig
from indexer.embedded.store import EmbeddedStore
from tests.indexer.embedded.test_store import DOCUMENTS, version_of
from tests.contracts.store_documents import MANIFEST
store = EmbeddedStore(sys.argv[1], writable=True, config=EmbeddedConfig(snapshot_rows=50))
store.check(MANIFEST)
print("ready", flush=True)
version = int(sys.argv[2])
while True:
    version += 1
    for start in range(0, DOCUMENTS, 4):
        store.replace([version_of(i, version) for i in range(start, start + 4)])
    print(version, flush=True)
"""


def version_of(number: int, version: int) -> EncodedDocument:
    """Documents of one to four passages, each saying its version."""
    texts = [f"fox {number} part {i} edition{version}" for i in range(1 + (number + version) % 4)]
    return encoded(str(number), *texts, title=f"Fox {number}", version=str(version))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def writer(folder: Path) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(folder, writable=True)
    store.check(MANIFEST)
    yield store
    store.close()


def start_writer(folder: Path, version: int) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(version)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def assert_whole(store: EmbeddedStore) -> int:
    """Every document is whole in one version, the same in SQLite, words and vectors; returns the newest version."""
    versions = {}
    passages = {}
    for head in store.scan():
        number, version = head.content_hash.split("-")
        expected = version_of(int(number), int(version))
        assert store.passages(head.doc_id) == list(expected.passages)
        versions[head.doc_id] = int(version)
        passages.update({p.passage_id: p for p in expected.passages})
    found = store.candidates("fox", vector_of("x"), 10 * DOCUMENTS)
    assert {c.passage.passage_id: c.passage for c in found.lexical} == passages
    assert {c.passage.passage_id: c.passage for c in found.dense} == passages
    assert len(found.lexical) == len(found.dense) == len(passages)
    assert found.matched_documents == len(versions)
    assert store.facets("fox", ["site"])["site"] == ([("example.com", len(versions))] if versions else [])
    for edition in set(versions.values()):
        wanted = sum(version == edition for version in versions.values())
        assert store.candidates(f"edition{edition}", None, 1).matched_documents == wanted
    assert store.count() == StoreCount(len(versions), len(passages))
    return max(versions.values(), default=0)


def test_a_killed_writer_leaves_every_document_old_or_new_and_the_next_one_goes_on(folder: Path) -> None:
    random = np.random.default_rng(7)
    version = 0
    for _ in range(KILLS):
        process = start_writer(folder, version)
        time.sleep(float(random.uniform(0.0, 0.6)))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        reader = EmbeddedStore(folder)
        version = assert_whole(reader)
        reader.close()
    store = EmbeddedStore(folder, writable=True)
    assert_whole(store)
    store.replace([version_of(i, version + 1) for i in range(DOCUMENTS)])
    assert assert_whole(store) == version + 1
    assert store.count().documents == DOCUMENTS
    store.close()


@pytest.mark.parametrize("words", ["old", "missing one"])
def test_a_reader_answers_fully_when_the_words_are_behind(folder: Path, words: str) -> None:
    """As after a kill between the transaction and the words: the words on disk are those of the first commit."""
    store = EmbeddedStore(folder, writable=True)
    store.check(MANIFEST)
    store.replace([version_of(i, 1) for i in range(DOCUMENTS)])
    store.replace([encoded("de", "Blumen", language="de")] if words == "missing one" else [])
    store.close()
    (old,) = folder.glob("words-*")
    shutil.copytree(old, folder / "copy")
    with sqlite3.connect(folder / "index.sqlite") as sql:
        (seq,) = sql.execute("SELECT value FROM meta WHERE key = 'words_seq'").fetchone()
    store = EmbeddedStore(folder, writable=True)
    store.replace([version_of(i, 2) for i in range(10)])
    store.delete([doc_id_of("11"), doc_id_of("de")])
    store.close()
    shutil.rmtree(old)
    (folder / "copy").rename(old)
    connection = sqlite3.connect(folder / "index.sqlite")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'words_seq'", (seq,))
    connection.commit()
    connection.close()

    reader = EmbeddedStore(folder)
    assert_whole(reader)
    assert reader.candidates("Blume", None, 5).matched_documents == 0
    writer = EmbeddedStore(folder, writable=True)
    assert_whole(writer)
    writer.replace([version_of(0, 3)])
    assert_whole(reader)
    reader.close()
    writer.close()


def test_files_of_a_commit_that_was_killed_do_not_stand_in_the_way_of_the_next(folder: Path, tmp_path: Path) -> None:
    """The same commit is made in a copy, and its files without the commit are what the kill leaves."""
    store = EmbeddedStore(folder, writable=True)
    store.check(MANIFEST)
    store.replace([version_of(i, 1) for i in range(4)])
    store.close()
    shutil.copytree(folder, tmp_path / "copy")
    store = EmbeddedStore(tmp_path / "copy", writable=True)
    store.replace([version_of(0, 2)])
    store.close()
    (words,) = folder.glob("words-*/english")
    left = list((tmp_path / "copy").glob("words-*/english/*.del"))
    assert left
    for path in (*left, left[0].parent / ".managed.json"):
        shutil.copy(path, words / path.name)

    store = EmbeddedStore(folder, writable=True)
    store.replace([version_of(0, 2)])
    assert_whole(store)
    store.close()
    assert next(folder.glob("words-*/english")) == words


def test_derived_files_that_are_lost_or_broken_are_made_again(folder: Path) -> None:
    config = EmbeddedConfig(snapshot_rows=10)
    store = EmbeddedStore(folder, writable=True, config=config)
    store.check(MANIFEST)
    store.replace([version_of(i, 1) for i in range(DOCUMENTS)])
    store.close()
    for pattern in ("words-*", "vectors-*", "words-*/english/*.term"):
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.write_bytes(b"broken")
        store = EmbeddedStore(folder, writable=True, config=config)
        assert_whole(store)
        store.replace([version_of(0, 2)])
        assert_whole(store)
        store.close()
        assert len(list(folder.glob("words-*"))) == 1


def test_a_reader_of_an_index_whose_derived_files_are_lost_says_what_to_do(folder: Path, writer: EmbeddedStore) -> None:
    writer.replace([version_of(0, 1)])
    writer.close()
    for path in folder.glob("words-*"):
        shutil.rmtree(path)
    reader = EmbeddedStore(folder)
    with pytest.raises(StoreDamaged, match=r"words-.* is missing from the index\. Open the index for writing once"):
        reader.candidates("fox", None, 5)
    reader.close()


def test_a_damaged_database_is_one_clear_error(folder: Path, writer: EmbeddedStore) -> None:
    writer.close()
    (folder / "index.sqlite").write_bytes(b"this is not a database, and long enough to be looked at" * 100)
    reader = EmbeddedStore(folder)
    with pytest.raises(StoreDamaged, match=r"index\.sqlite cannot be read .*Restore"):
        reader.count()
    reader.close()
    with pytest.raises(StoreDamaged):
        EmbeddedStore(folder, writable=True)


def test_a_second_writer_is_refused_by_name_and_readers_are_not(folder: Path) -> None:
    process = start_writer(folder, 0)
    try:
        with pytest.raises(StoreLocked, match=rf"pid {process.pid}\) is writing to the index in {folder}"):
            EmbeddedStore(folder, writable=True)
        reader = EmbeddedStore(folder)
        assert reader.manifest() == MANIFEST
        reader.close()
    finally:
        process.kill()
        process.communicate()
    EmbeddedStore(folder, writable=True).close()


def test_a_second_writer_in_the_same_process_is_refused_until_the_first_closes(
    folder: Path, writer: EmbeddedStore
) -> None:
    with pytest.raises(StoreLocked):
        EmbeddedStore(folder, writable=True)
    writer.close()
    EmbeddedStore(folder, writable=True).close()


def test_a_reader_in_another_process_sees_whole_documents_while_a_writer_writes(folder: Path) -> None:
    process = start_writer(folder, 0)
    try:
        reader = EmbeddedStore(folder)
        seen: set[str] = set()

        def sees_versions_come() -> bool:
            found = reader.candidates("fox 3", vector_of("x"), 5)
            for candidates in (found.lexical, found.dense):
                assert len(candidates) == min(5, len(candidates))
                for candidate in candidates:
                    number, version = candidate.passage.head.content_hash.split("-")
                    assert candidate.passage in version_of(int(number), int(version)).passages
                    seen.add(version)
            return len(seen) > 2

        until(sees_versions_come)
        reader.close()
    finally:
        process.kill()
        process.communicate()


def test_a_reader_of_a_folder_without_an_index_sees_it_appear(folder: Path) -> None:
    reader = EmbeddedStore(folder)
    assert reader.manifest() is None
    assert reader.count() == StoreCount(0, 0)
    assert reader.candidates("fox", vector_of("x"), 5).lexical == ()
    assert not folder.exists()
    writer = EmbeddedStore(folder, writable=True)
    writer.check(MANIFEST)
    writer.replace([encoded("a", "fox")])
    assert len(reader.candidates("fox", vector_of("x"), 5).dense) == 1
    reader.close()
    writer.close()


def test_a_reader_cannot_write(folder: Path, writer: EmbeddedStore) -> None:
    reader = EmbeddedStore(folder)
    with pytest.raises(StoreRefused, match="not open for writing"):
        reader.replace([encoded("a", "fox")])
    with pytest.raises(StoreRefused):
        reader.delete([doc_id_of("a")])
    reader.close()


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreRefused, match=r"file cannot be written \(.+\)\. Choose another folder"):
        EmbeddedStore(tmp_path / "file", writable=True)
    with pytest.raises(StoreRefused, match="cannot be written"):
        EmbeddedStore("/proc/recollect", writable=True)


def test_a_full_disk_is_one_clear_error_and_nothing_is_lost(folder: Path, writer: EmbeddedStore) -> None:
    """SQLite is given a page limit, which it reports as it does a full disk."""
    writer.replace([encoded("a", "fox")])
    with writer._database.writing() as sql:
        (pages,) = sql.execute("PRAGMA page_count").fetchone()
        sql.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreRefused, match=r"The disk with .* is full\. Free some space"):
        writer.replace([encoded("a", "word " * 20_000, version="2")])
    assert [p.text for p in writer.passages(doc_id_of("a"))] == ["fox"]
    assert len(writer.candidates("fox", vector_of("x"), 5).lexical) == 1
    with writer._database.writing() as sql:
        sql.execute("PRAGMA max_page_count = 1000000")
    writer.replace([encoded("a", "word " * 20_000, version="2")])
    assert writer.candidates("word", None, 5).matched_documents == 1


def test_an_index_without_the_numbers_of_words_is_read_and_completed(folder: Path, writer: EmbeddedStore) -> None:
    writer.replace([version_of(number, 1) for number in range(5)])
    writer.close()
    with sqlite3.connect(folder / "index.sqlite") as sql:
        sql.execute("ALTER TABLE passages DROP COLUMN words")
    sql.close()
    reader = EmbeddedStore(folder)
    before = reader.candidates("fox", vector_of("fox"), 50)
    reader.close()
    EmbeddedStore(folder, writable=True).close()
    reader = EmbeddedStore(folder)
    after = reader.candidates("fox", vector_of("fox"), 50)
    reader.close()
    for old, new in zip((*before.lexical, *before.dense), (*after.lexical, *after.dense), strict=True):
        assert (old.passage, old.score, old.words) == (new.passage, new.score, None)
        assert new.words == numbered(new.passage.text_to_encode, new.passage.head.language)


def test_vectors_of_another_length_are_refused(writer: EmbeddedStore) -> None:
    short = np.ones(DIM // 2, np.float32)
    with pytest.raises(StoreRefused, match=r"example\.com/a: 1 passages came with vectors of shape \(1, 8\)"):
        writer.replace([encoded("a", "fox", vectors=[short])])
    writer.replace([encoded("a", "fox")])
    with pytest.raises(StoreRefused, match="16 dimensions"):
        writer.candidates("fox", short, 5)


def test_an_unknown_facet_is_refused(writer: EmbeddedStore) -> None:
    with pytest.raises(StoreRefused, match="no facet 'colour'"):
        writer.facets("", ["colour"])


def test_snapshots_and_removed_documents_do_not_pile_up(folder: Path) -> None:
    store = EmbeddedStore(folder, writable=True, config=EmbeddedConfig(snapshot_rows=20))
    store.check(MANIFEST)
    for version in range(1, 12):
        store.replace([version_of(i, version) for i in range(10)])
        assert_whole(store)
    store.close()
    assert len(list(folder.glob("vectors-*"))) == 1
    connection = sqlite3.connect(folder / "index.sqlite")
    assert connection.execute("SELECT COUNT(*) FROM gone").fetchone()[0] <= 20
    connection.close()


def test_filters_of_one_view_are_worked_out_once_and_anew_after_a_change(writer: EmbeddedStore) -> None:
    filters = Filters(site=("example.com",))
    writer.replace([encoded("a", "fox"), encoded("b", "fox", site="other.org")])
    for _ in range(2):
        assert len(writer.candidates("", vector_of("x"), 5, filters).dense) == 1
    writer.replace([encoded("b", "fox", version="2")])
    assert len(writer.candidates("", vector_of("x"), 5, filters).dense) == 2


def test_suggestions_of_many_texts_are_those_of_counting_them_all(writer: EmbeddedStore) -> None:
    random = np.random.default_rng(3)
    titles = [f"Topic {n:04d}" for n in random.integers(0, 900, 1500)]
    groups = [("staff",) if hidden else () for hidden in random.integers(0, 2, 1500)]
    documents = [encoded(str(i), "x", title=t, access=g) for i, (t, g) in enumerate(zip(titles, groups, strict=True))]
    writer.replace(documents)
    writer.delete([d.head.doc_id for d in documents[:300]])
    writer.replace(documents[300:400])
    for shown, filters in (((), Filters()), ((("staff",)), Filters(groups=("staff",)))):
        left = [t for t, g in zip(titles[300:], groups[300:], strict=True) if not g or g == shown]
        expected = sorted(set(left), key=lambda t: (-left.count(t), t))
        for k in (1, 10, 300, 2000):
            assert writer.suggest("topi", k, filters) == expected[:k]


def test_many_filters_do_not_fill_memory(writer: EmbeddedStore) -> None:
    writer.replace([encoded("a", "fox")])
    for i in range(100):
        writer.candidates("", vector_of("x"), 5, Filters(site=(f"{i}.example.com",)))
    with writer._views.reading(with_vectors=True) as (_, view):
        assert len(view.masks) <= 32
