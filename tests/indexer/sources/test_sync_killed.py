"""A sync that is killed in the middle leaves an index that answers, and the next one completes it."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.sources.config import SourceConfig
from indexer.sources.memory import SourceMemory
from indexer.sources.sql import SqlSource
from indexer.sources.sync import BATCH, SyncReport, sync

ROWS = 3 * BATCH


def config_of(folder: Path) -> SourceConfig:
    url = f"sqlite:///{folder / 'shop.db'}"
    return SourceConfig(name="shop", url=url, table="product", key=("id",), changed="changed", language="en")


def synced(folder: Path, *, stays: bool = False) -> SyncReport:
    """One sync; with ``stays`` it tells of its first batch and then waits to be killed."""

    def wait(_: SyncReport) -> None:
        if stays:
            print("a batch is stored", flush=True)
            sys.stdin.read()

    with (
        closing(EmbeddedStore(folder / "index", writable=True)) as store,
        closing(SourceMemory(folder / "sources.sqlite")) as memory,
        closing(SqlSource(config_of(folder))) as source,
    ):
        return sync(source, Indexer(store, HashingEncoder()), memory, max_purge_share=0.5, on_progress=wait)


def test_a_killed_sync_is_completed_by_the_next_one(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection, connection:
        connection.execute("CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT, changed INTEGER)")
        rows = ((number, f"Product {number}", number) for number in range(ROWS))
        connection.executemany("INSERT INTO product VALUES (?, ?, ?)", rows)
    program = f"from tests.indexer.sources.test_sync_killed import *; synced(Path({str(tmp_path)!r}), stays=True)"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "a batch is stored\n"
        child.kill()
    assert child.returncode == -signal.SIGKILL
    with closing(EmbeddedStore(tmp_path / "index")) as left:
        stored = left.count().documents
    assert 0 < stored < ROWS
    completed = synced(tmp_path)
    assert (completed.read, completed.index.unchanged) == (ROWS, stored)
    assert completed.index.encoded == ROWS - stored
    with closing(EmbeddedStore(tmp_path / "index")) as store:
        assert store.count().documents == ROWS
    again = synced(tmp_path)
    assert (again.read, again.index.encoded, again.index.deleted) == (1, 0, 0)
