"""How fast and in how much memory is a large table of PostgreSQL synced? Run as a command.

    python -m benchmarks.sync_rows --rows 1000000 [--kill] [--json]

The whole way from the table to documents, with the memory of the source on disk; the sink keeps the hash of each
document in a file, as an index does, and counts what it would encode, but makes no vectors, which would be all that is
measured. Then one row in a hundred is changed and one in a thousand deleted, and the table is synced again. With
``--kill`` a process that syncs it is killed after a third of the rows before all that, and the first sync completes it.
"""

import argparse
import json
import multiprocessing
import resource
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from indexer.document import Document
from indexer.sink import IndexReport
from indexer.sources.config import SourceConfig
from indexer.sources.memory import SourceMemory
from indexer.sources.sql import SqlSource
from indexer.sources.sync import SyncReport, sync
from tests.support.postgres import programs, running

MADE = (
    "CREATE TABLE product AS SELECT n AS id, 'Product number ' || n AS name, 'Warehouse ' || n % 97 AS place, "
    "md5(n::text) AS code, timestamp '2026-01-01' + n * interval '1 second' AS changed "
    "FROM generate_series(1, {rows}) n"
)


class HashSink:
    """Keeps the hash of each document on disk."""

    def __init__(self, file: Path) -> None:
        self._hashes = sqlite3.connect(file, isolation_level=None)
        self._hashes.execute("PRAGMA synchronous = OFF")
        self._hashes.execute("CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY, hash TEXT) WITHOUT ROWID")

    def index(self, documents: Iterable[Document]) -> IndexReport:
        """Keep what is new or changed."""
        new = {one.head.doc_id: one.head.content_hash for one in documents}
        marks = ", ".join("?" * len(new))
        rows = self._hashes.execute(f"SELECT id, hash FROM kept WHERE id IN ({marks})", list(new))
        known = dict(rows.fetchall()) if new else {}
        changed = [(doc_id, content) for doc_id, content in new.items() if known.get(doc_id) != content]
        self._hashes.execute("BEGIN")
        self._hashes.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", changed)
        self._hashes.execute("COMMIT")
        return IndexReport(indexed=len(changed), unchanged=len(new) - len(changed), encoded=len(changed))

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Drop them."""
        self._hashes.executemany("DELETE FROM kept WHERE id = ?", ((doc_id,) for doc_id in doc_ids))
        return len(doc_ids)

    def close(self) -> None:
        """Close the file."""
        self._hashes.close()


def main() -> None:
    """Parse the command line, sync twice, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kill", action="store_true", help="kill a sync in the middle first")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folder = programs()
    if folder is None:
        parser.error("PostgreSQL is not installed")
    with running(folder) as url, tempfile.TemporaryDirectory() as place:
        measured = measure(url, Path(place), args.rows, is_killed=args.kill)
    print(json.dumps(measured) if args.json else "\n".join(f"{name:8} {figures}" for name, figures in measured.items()))


def measure(url: str, place: Path, rows: int, *, is_killed: bool) -> dict[str, dict[str, Any]]:
    """The figures of both syncs, and of the one before them that is killed."""
    import psycopg

    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    config = SourceConfig(
        name="products", url=address, table="product", key=("id",), title="{{ name }}", changed="changed", language="en"
    )
    found: dict[str, dict[str, Any]] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(MADE.format(rows=rows))
        connection.execute("ALTER TABLE product ADD PRIMARY KEY (id)")
        if is_killed:
            found["killed"] = killed(config, place, rows // 3)
        found["first"] = timed(config, place)
        later = "UPDATE product SET name = name || ' (new)', changed = timestamp '2030-01-01' WHERE id % 100 = 0"
        connection.execute(later)
        connection.execute("DELETE FROM product WHERE id % 1000 = 1")
    return found | {"second": timed(config, place)}


def killed(config: SourceConfig, place: Path, rows: int) -> dict[str, Any]:
    """A process that syncs is killed after so many rows; what it stored."""
    near, far = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_synced_until, args=(config, place, rows, far))
    process.start()
    read = near.recv()
    process.kill()
    process.join()
    with closing(sqlite3.connect(place / "hashes.sqlite")) as hashes:
        (stored,) = hashes.execute("SELECT count(*) FROM kept").fetchone()
    return {"read": read, "stored": stored}


def _synced_until(config: SourceConfig, place: Path, rows: int, told: Connection) -> None:
    """Sync, and tell when so many rows are read; then it waits to be killed."""

    def note(report: SyncReport) -> None:
        if report.read >= rows:
            told.send(report.read)
            signal.pause()

    synced(config, place, note)


def synced(config: SourceConfig, place: Path, note: Callable[[SyncReport], None]) -> SyncReport:
    """One sync of the table into the files of a folder."""
    with (
        closing(SqlSource(config)) as source,
        closing(HashSink(place / "hashes.sqlite")) as sink,
        closing(SourceMemory(place / "sources.sqlite")) as memory,
    ):
        return sync(source, sink, memory, max_purge_share=0.5, on_progress=note)


def timed(config: SourceConfig, place: Path) -> dict[str, Any]:
    """One sync: its counts, rows a second, and peak memory at a tenth of the way and at the end."""
    started = time.perf_counter()
    peaks: list[int] = []

    def note(report: SyncReport) -> None:
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

    report = synced(config, place, note)
    seconds = time.perf_counter() - started
    return {
        "read": report.read,
        "encoded": report.index.encoded,
        "deleted": report.index.deleted,
        "seconds": round(seconds, 1),
        "rows_per_second": round(report.read / seconds),
        "peak_mb_early": peaks[len(peaks) // 10] if peaks else 0,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
