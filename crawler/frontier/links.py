"""Which pages nothing leads to any more: the links of every page are kept, and followed when a round is at its end."""

import logging
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from crawler.frontier.minhash import NearDuplicates
from crawler.frontier.rows import IN_ROUND, Statements
from crawler.frontier.seam import State, Visit
from crawler.outcome import Reason

logger = logging.getLogger(__name__)

READ_REASONS = tuple(reason.value for reason in Reason if reason.has_links)

BATCH = 500
Keys = NDArray[np.uint64]


def keys_of(urls: Iterable[str]) -> bytes:
    """Eight bytes for each URL."""
    return b"".join(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest() for url in urls)


def keep_links(db: Statements, visit: Visit, targets: Iterable[str]) -> None:
    """Remember where a page leads to; a page that fails leads where it led before."""
    if visit.reason.has_links:
        further = (visit.target,) if visit.target else ()
        _put(db, visit.url, 0, (*targets, *further))
    elif visit.state is not State.FAILED:
        db.execute("DELETE FROM outlinks WHERE source = ?", (visit.url,))


def keep_listing(db: Statements, round_id: int, sitemap: str, urls: Sequence[str]) -> None:
    """Remember what a sitemap lists in this round."""
    _put(db, sitemap, round_id, urls)


def forget_orphans(db: Statements, urls: Sequence[str]) -> None:
    """Orphans that were removed are no more known; a link to one finds it anew."""
    for url in urls:
        condition = "url = ? AND state = 'gone' AND reason = 'orphan'"
        if db.execute(f"DELETE FROM url WHERE {condition}", (url,)).rowcount:  # noqa: S608
            db.execute("DELETE FROM outlinks WHERE source = ?", (url,))
            NearDuplicates(db).remove(url)


def mark_orphans(db: Statements, round_id: int) -> int:
    """Call gone the indexed pages of a round that neither a seed nor a sitemap of the round leads to; returns how many.

    No page where the links of one are not known, as it is yet to be visited, or was before links were kept. A page that
    is being stored counts as gone no sooner than in the next round.
    """
    unknown = db.execute(
        f"SELECT COUNT(*) FROM url WHERE {IN_ROUND} AND (state IN ('queued', 'leased') OR "  # noqa: S608
        f"((state IN ('done', 'fetched') AND reason IN ({', '.join('?' * len(READ_REASONS))}) "
        "OR (state = 'failed' AND is_indexed = 1)) "
        "AND NOT EXISTS (SELECT 1 FROM outlinks WHERE source = url.url)))",
        (round_id, *READ_REASONS),
    ).fetchone()[0]
    if unknown:
        logger.info("pages without links to them are not looked for: the links of %d URLs are not known yet", unknown)
        return 0
    pages = _Pages(db, round_id)
    pages.follow()
    orphans = pages.missed()
    db.executemany(
        "UPDATE url SET state = 'gone', reason = 'orphan', worker = NULL "
        "WHERE id = ? AND is_indexed = 1 AND state IN ('done', 'failed')",
        [(number,) for number in orphans],
    )
    return len(orphans)


def _put(db: Statements, source: str, round_id: int, targets: Iterable[str]) -> None:
    db.execute(
        "INSERT INTO outlinks (source, round, targets) VALUES (?, ?, ?) "
        "ON CONFLICT (source) DO UPDATE SET round = EXCLUDED.round, targets = EXCLUDED.targets",
        (source, round_id, keys_of(targets)),
    )


class _Pages:
    """The URLs of a round and which of them were reached, in some 20 bytes for each."""

    def __init__(self, db: Statements, round_id: int) -> None:
        self._db, self._round = db, round_id
        ids: list[NDArray[np.int64]] = []
        keys: list[Keys] = []
        seeds: list[int] = []
        last = -1
        query = f"SELECT id, url, depth FROM url WHERE id > ? AND {IN_ROUND} ORDER BY id LIMIT 10000"  # noqa: S608
        while rows := db.execute(query, (last, round_id)).fetchall():
            last = rows[-1][0]
            ids.append(np.array([row[0] for row in rows], np.int64))
            keys.append(np.frombuffer(keys_of(row[1] for row in rows), np.uint64))
            seeds.extend(row[0] for row in rows if row[2] == 0)
        self._keys = np.concatenate(keys) if keys else np.zeros(0, np.uint64)
        order = np.argsort(self._keys)
        self._keys = self._keys[order]
        self._ids = (np.concatenate(ids) if ids else np.zeros(0, np.int64))[order]
        self._is_reached = np.isin(self._ids, np.array(seeds, np.int64))

    def follow(self) -> None:
        """Reach whatever the seeds and the sitemaps lead to."""
        listed = "SELECT targets FROM outlinks WHERE round = ? AND round > 0"
        new = np.flatnonzero(self._is_reached)
        for (targets,) in self._db.execute(listed, (self._round,)).fetchall():
            new = np.concatenate((new, self._reach(targets)))
        while len(new):
            batches = (new[start : start + BATCH] for start in range(0, len(new), BATCH))
            found = [self._reach(targets) for batch in batches for targets in self._links(batch)]
            new = np.concatenate(found) if found else new[:0]

    def missed(self) -> list[int]:
        """Numbers of indexed pages that were not reached."""
        ids = self._ids[~self._is_reached].tolist()
        missed: list[int] = []
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            query = (
                f"SELECT id FROM url WHERE is_indexed = 1 AND state IN ('done', 'failed') AND id IN ({_marks(some)})"  # noqa: S608
            )
            missed.extend(row[0] for row in self._db.execute(query, some).fetchall())
        return missed

    def _links(self, places: NDArray[np.intp]) -> list[bytes]:
        ids = self._ids[places].tolist()
        query = (
            "SELECT targets FROM outlinks JOIN url ON url.url = outlinks.source "  # noqa: S608
            f"WHERE url.state <> 'gone' AND url.id IN ({_marks(ids)})"
        )
        return [row[0] for row in self._db.execute(query, ids).fetchall()]

    def _reach(self, targets: bytes) -> NDArray[np.intp]:
        """The places of targets that were not reached before."""
        wanted = np.unique(np.frombuffer(targets, np.uint64))
        places: NDArray[np.intp] = np.searchsorted(self._keys, wanted)
        wanted, places = wanted[places < len(self._keys)], places[places < len(self._keys)]
        places = places[(self._keys[places] == wanted) & ~self._is_reached[places]]
        self._is_reached[places] = True
        return places


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
