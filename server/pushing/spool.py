"""What was pushed, in a SQLite file beside the index: kept before it is taken in, so that nothing taken is lost."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from crawler.transaction import transaction
from indexer.document import Document
from indexer.errors import StoreUnavailable
from indexer.wire import document_from_dict, document_to_dict
from server.doors.owned import make_owned
from server.pushing.lines import Pushed

BUSY_S = 10.0
JOBS_KEPT_FOR = timedelta(days=7)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pushed (
  source TEXT NOT NULL, key TEXT NOT NULL, doc_id TEXT NOT NULL, site TEXT NOT NULL, document TEXT NOT NULL,
  state TEXT NOT NULL, job TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', PRIMARY KEY (source, key));
CREATE INDEX IF NOT EXISTS pushed_todo ON pushed (state) WHERE state IN ('waiting', 'leaving');
CREATE INDEX IF NOT EXISTS pushed_job ON pushed (job);
CREATE TABLE IF NOT EXISTS job (
  job TEXT PRIMARY KEY, source TEXT NOT NULL, created_at TEXT NOT NULL, taken INTEGER NOT NULL) WITHOUT ROWID;
"""


class State(StrEnum):
    """What becomes of a pushed document."""

    WAITING = "waiting"
    """To be indexed."""
    INDEXED = "indexed"
    FAILED = "failed"
    """Could not be indexed; ``why`` says what is wrong with it."""
    LEAVING = "leaving"
    """To be taken out of the index, and then forgotten."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pushed document in the file; ``job`` is the last one that changed it."""

    source: str
    key: str
    doc_id: str
    document: str
    state: State
    job: str
    why: str

    def read(self) -> Document:
        """The document itself. Raises BadDocument for one that another version wrote."""
        return document_from_dict(json.loads(self.document))


@dataclass(frozen=True, slots=True)
class Job:
    """A push or a deletion: ``taken`` documents, of which ``waiting`` are not done yet and ``failed`` have failed."""

    job: str
    source: str
    created_at: datetime
    taken: int
    waiting: int
    failed: tuple[Row, ...]


_COLUMNS = "source, key, doc_id, document, state, job, why"


class Spool:
    """The file ``path``, made with the first push. Safe for several threads and processes. Raises StoreUnavailable."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def lock_path(self) -> Path:
        """The file whose lock is held by the one who takes documents out of here into an index."""
        return self._path.with_suffix(".lock")

    def exists(self) -> bool:
        """Whether anything was ever pushed."""
        return self._path.exists()

    def put(self, source: str, pushed: Iterable[Pushed], *, is_all: bool = False, sites: Sequence[str] = ()) -> Job:
        """Keep documents in place of those under their keys; with ``is_all`` all others of the source are to leave,
        on these sites if any are named.
        """
        job = uuid4().hex
        with self._writing() as db:
            rows = [
                (source, one.key, one.document.head.doc_id, one.document.head.site, _text(one.document), job)
                for one in pushed
            ]
            db.executemany(
                "INSERT INTO pushed (source, key, doc_id, site, document, state, job)"
                " VALUES (?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (source, key) DO UPDATE SET site = excluded.site,"
                " document = excluded.document, state = 'waiting', job = excluded.job, why = ''",
                rows,
            )
            if is_all:
                leaving = "UPDATE pushed SET state = 'leaving', job = ? WHERE source = ? AND job <> ?"
                db.execute(leaving + _on(sites), (job, source, job, *sites))
            return self._opened_job(db, job, source)

    def held_elsewhere(self, source: str, keys: Iterable[str], sites: Sequence[str]) -> set[str]:
        """Of these keys those whose document stands on none of these sites; none where no sites are named."""
        if not sites or not self.exists():
            return set()
        with self._opened() as db:
            elsewhere = f"SELECT 1 FROM pushed WHERE source = ? AND key = ? AND NOT (1{_on(sites)})"  # noqa: S608  # marks
            return {key for key in keys if db.execute(elsewhere, (source, key, *sites)).fetchone()}

    def remove(self, source: str, keys: Sequence[str], sites: Sequence[str] = ()) -> tuple[Job, list[str]]:
        """Let documents leave the index; the job, and the keys of which there is none on these sites (empty: any)."""
        job = uuid4().hex
        with self._writing() as db:
            leaving = f"UPDATE pushed SET state = 'leaving', job = ? WHERE source = ? AND key = ?{_on(sites)}"  # noqa: S608  # marks alone
            unknown = [
                key for key in dict.fromkeys(keys) if not db.execute(leaving, (job, source, key, *sites)).rowcount
            ]
            return self._opened_job(db, job, source), unknown

    def job(self, job: str) -> Job | None:
        """How far a push or deletion is; None for one that is unknown or long done."""
        if not self.exists():
            return None
        with self._opened() as db:
            row = db.execute("SELECT job, source, created_at, taken FROM job WHERE job = ?", (job,)).fetchone()
            return _job(db, row) if row else None

    def listed(self, source: str, after: str, size: int, sites: Sequence[str] = ()) -> list[Row]:
        """The next documents of a source (and these sites) by key, those that leave left out."""
        if not self.exists():
            return []
        with self._opened() as db:
            where = f"source = ? AND key > ? AND state <> 'leaving'{_on(sites)} ORDER BY key LIMIT ?"
            return _rows(db, where, (source, after, *sites, size))

    def todo(self, size: int) -> list[Row]:
        """Documents to be indexed or to leave, the oldest first."""
        if not self.exists():
            return []
        with self._opened() as db:
            return _rows(db, "state IN ('waiting', 'leaving') ORDER BY rowid LIMIT ?", (size,))

    def waiting(self) -> int:
        """How many documents are to be indexed or to leave."""
        if not self.exists():
            return 0
        with self._opened() as db:
            row = db.execute("SELECT count(*) FROM pushed WHERE state IN ('waiting', 'leaving')").fetchone()
            return int(row[0])

    def oldest(self) -> datetime | None:
        """Since when the oldest of them waits; None where none does."""
        if not self.exists():
            return None
        with self._opened() as db:
            waiting = "SELECT min(created_at) FROM job WHERE job IN (SELECT job FROM pushed WHERE state IN (?, ?))"
            (oldest,) = db.execute(waiting, (State.WAITING, State.LEAVING)).fetchone()
        return datetime.fromisoformat(oldest) if oldest else None

    def failed(self) -> int:
        """How many documents could not be indexed."""
        if not self.exists():
            return 0
        with self._opened() as db:
            return int(db.execute("SELECT count(*) FROM pushed WHERE state = 'failed'").fetchone()[0])

    def done(self, rows: Iterable[Row], failed: dict[str, str]) -> None:
        """Note what became of rows, unless a later job has changed them: left, indexed, or failed (doc id -> why)."""
        with self._writing() as db:
            for row in rows:
                own = (row.source, row.key, row.job)
                if row.state is State.LEAVING:
                    db.execute("DELETE FROM pushed WHERE source = ? AND key = ? AND job = ?", own)
                    continue
                why = failed.get(row.doc_id, "")
                state = State.FAILED if why else State.INDEXED
                change = "UPDATE pushed SET state = ?, why = ? WHERE source = ? AND key = ? AND job = ?"
                db.execute(change, (state, why, *own))

    def again(self) -> None:
        """Let every document be indexed anew: the index was made anew."""
        if self.exists():
            with self._writing() as db:
                db.execute("UPDATE pushed SET state = 'waiting' WHERE state = 'indexed'")

    def documents(self) -> Iterator[Document]:
        """Every document that is indexed, as it was pushed."""
        if not self.exists():
            return
        last = 0
        while True:
            with self._opened() as db:
                select = f"SELECT rowid, {_COLUMNS} FROM pushed WHERE state = 'indexed' AND rowid > ? ORDER BY rowid LIMIT 100"  # noqa: S608, E501  # our own text
                found = db.execute(select, (last,)).fetchall()
            if not found:
                return
            last = found[-1][0]
            yield from (_row(values[1:]).read() for values in found)

    def _opened_job(self, db: sqlite3.Connection, job: str, source: str) -> Job:
        now = datetime.now(UTC)
        db.execute("DELETE FROM job WHERE created_at < ?", ((now - JOBS_KEPT_FOR).isoformat(),))
        taken = db.execute("SELECT count(*) FROM pushed WHERE job = ?", (job,)).fetchone()[0]
        row = (job, source, now.isoformat(), taken)
        db.execute("INSERT INTO job VALUES (?, ?, ?, ?)", row)
        return _job(db, row)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """What is changed inside is on disk when the block ends, or was never changed."""
        make_owned(self._path)
        with self._opened() as db:
            db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + _SCHEMA)
            with transaction(db):
                yield db

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None)) as db:
                yield db
        except sqlite3.Error as error:
            raise StoreUnavailable(f"What was pushed cannot be kept in {self._path}: {error}") from error


def _on(sites: Sequence[str]) -> str:
    return f" AND site IN ({', '.join('?' * len(sites))})" if sites else ""


def _rows(db: sqlite3.Connection, where: str, values: tuple[str | int, ...]) -> list[Row]:
    return [_row(found) for found in db.execute(f"SELECT {_COLUMNS} FROM pushed WHERE {where}", values)]  # noqa: S608  # our own text


def _row(values: Sequence[str]) -> Row:
    source, key, doc_id, document, state, job, why = values
    return Row(source, key, doc_id, document, State(state), job, why)


def _job(db: sqlite3.Connection, row: Sequence[str | int]) -> Job:
    job, source, created_at, taken = row
    waiting = db.execute(
        "SELECT count(*) FROM pushed WHERE job = ? AND state IN ('waiting', 'leaving')", (job,)
    ).fetchone()[0]
    failed = _rows(db, "job = ? AND state = 'failed' ORDER BY key", (str(job),))
    created = datetime.fromisoformat(str(created_at))
    return Job(str(job), str(source), created, int(taken), int(waiting), tuple(failed))


def _text(document: Document) -> str:
    return json.dumps(document_to_dict(document), ensure_ascii=False)
