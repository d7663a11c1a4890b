"""An embedded index made anew beside the present one, whose place it takes in one transaction."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from indexer.config import INDEX_FILE, EmbeddedConfig
from indexer.embedded.lock import WriteLock
from indexer.embedded.meta import Meta, read_meta, write_meta
from indexer.embedded.sql import Database
from indexer.embedded.store import EmbeddedStore
from indexer.embedded.words import remove_folder
from indexer.manifest import Manifest

FRESH = "rebuild"
NUMBERED = ("heads", "passages")


@contextmanager
def rebuilt(folder: Path, manifest: Manifest, config: EmbeddedConfig = EmbeddedConfig()) -> Iterator[EmbeddedStore]:
    """A new, empty index in ``folder``; at the end of the block it takes the place of the present one.

    The present index, which may be of an older schema, answers until then, and stays if the block fails. Nobody else
    writes meanwhile: raises StoreLocked where somebody does.
    """
    lock = WriteLock(folder)
    try:
        fresh = folder / FRESH
        shutil.rmtree(fresh, ignore_errors=True)
        with closing(Database(folder / INDEX_FILE, writable=True, busy_timeout_s=config.busy_timeout_s)) as present:
            try:
                old = _continue_numbers(present, fresh, config)
                with closing(EmbeddedStore(fresh, writable=True, config=config)) as store:
                    store.check(manifest)
                    yield store
                for path in fresh.iterdir():
                    if path.is_dir():
                        path.rename(folder / path.name)
                present.take_content_of(fresh / INDEX_FILE)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        for name in filter(None, (old.words, old.vectors)):
            remove_folder(folder / name)
    finally:
        lock.release()


def _continue_numbers(present: Database, fresh: Path, config: EmbeddedConfig) -> Meta:
    """Begin a database whose numbers go on where the present one's are, so that no reader takes one for the other."""
    with present.reading() as sql:
        old = read_meta(sql)
        last = {
            name: sql.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchone() for name in NUMBERED
        }
    fresh.mkdir()
    with (
        closing(Database(fresh / INDEX_FILE, writable=True, busy_timeout_s=config.busy_timeout_s)) as database,
        database.writing() as sql,
    ):
        sql.executemany(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", ((n, r[0]) for n, r in last.items() if r)
        )
        # Whoever has read the present index up to ``old.seq`` must read all of the new one.
        write_meta(sql, seq=old.seq + 1, floor=old.seq + 1, vectors_row=last["passages"][0] if last["passages"] else 0)
    return old
