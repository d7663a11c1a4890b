"""The seam that remembers a crawl: which URLs are known, what became of each, and what is still to do.

A URL's way through the frontier::

    queued -> leased -> fetched -> done          the page was handed out, stored by the consumer and acknowledged
                     -> done                     nothing to hand out: a redirect, a duplicate, unchanged, skipped ...
                     -> gone | failed            with the reason
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from crawler.outcome import Reason


class State(StrEnum):
    """Where a URL stands."""

    QUEUED = "queued"
    LEASED = "leased"
    FETCHED = "fetched"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Discovery:
    """A URL that was discovered. ``depth`` counts links from a seed; redirects and canonicals keep their depth.

    ``lastmod_s``: not modified after this moment, says a sitemap; seconds since 1970.
    """

    url: str
    depth: int
    referrer: str | None = None
    lastmod_s: float | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A URL to fetch now, with what is known from its last visit.

    ``is_indexed``: a consumer holds this page. ``reason``: what its last visit came to; ``NONE`` for a new URL.
    ``fetched_at_s`` is its last visit, ``changed_at_s`` the last one that found it changed, ``interval_s`` the time
    from the last visit to the next; 0 for a new URL. ``lastmod_s`` as in ``Discovery``.
    """

    url: str
    depth: int
    referrer: str | None = None
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    is_indexed: bool = False
    ignores_canonical: bool = False
    reason: Reason = Reason.NONE
    fetched_at_s: float = 0.0
    changed_at_s: float = 0.0
    interval_s: float = 0.0
    lastmod_s: float | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of a leased URL. ``target``: where a redirect, a canonical link or a duplicate points.

    It is due again ``interval_s`` after ``fetched_at_s``.
    """

    url: str
    state: State
    reason: Reason
    status: int = 0
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    target: str | None = None
    fetched_at_s: float = 0.0
    changed_at_s: float = 0.0
    interval_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Losses:
    """What a round would take out of the index. ``moved`` of the ``removals`` live on in as many other pages."""

    removals: int
    moved: int
    indexed: int


class Holdings(NamedTuple):
    """How many pages are in the index, and how many of them are gone and yet to be removed."""

    indexed: int
    gone: int


@dataclass(frozen=True, slots=True)
class History:
    """All the frontier knows of one URL; times are seconds since 1970. ``revisit_at_s``: when a due crawl visits it."""

    url: str
    state: State
    reason: Reason
    status: int
    depth: int
    referrer: str | None
    attempts: int
    etag: str | None
    last_modified: str | None
    content_hash: str | None
    target: str | None
    fetched_at_s: float
    is_indexed: bool
    changed_at_s: float = 0.0
    interval_s: float = 0.0
    revisit_at_s: float = 0.0
    lastmod_s: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A request may start in ``wait_s`` seconds. With 0 it may start now, and the next one ``delay_s`` later."""

    wait_s: float
    delay_s: float


class Queue(Protocol):
    """What is to be visited, by whom, and what became of it. The promises are those of ``Frontier``."""

    def begin(
        self, seeds: Sequence[str], fingerprint: str, *, only_due: bool = False, keeps_links: bool = False
    ) -> bool:
        """Open a round and queue the seeds; True when an unfinished round of the same seeds is resumed.

        A new round queues every known page of the seeds' origins, or with ``only_due`` those whose time has come (and
        those that ``add`` finds modified since). Another ``fingerprint`` (settings, version of the extraction) than
        last time queues all and forgets their validators, so that everything is read again. An unfinished round of
        due pages is not resumed by a full one. ``keeps_links`` remembers the links of pages, for ``mark_orphans``.
        """
        ...

    def origins(self) -> tuple[str, ...]:
        """Origins of the seeds and of what they redirect to: the default scope."""
        ...

    def add(self, found: Sequence[Discovery], sitemap: str | None = None) -> int:
        """Queue the URLs not seen before, those that ``sitemap`` lists if it is named; returns how many were new.

        A known URL takes over ``lastmod_s``, and is queued when that is after its last visit and before this round.
        """
        ...

    def next(self, origin: str, limit: int, lease_s: float) -> list[Lease]:
        """Lease up to ``limit`` URLs of ``origin`` that are due."""
        ...

    def due_in_s(self, origin: str) -> float | None:
        """Seconds until the next queued URL of ``origin`` is due (0 for now); None when nothing waits.

        While another worker holds a URL of ``origin``, which may lead to more, it is the time to ask again in.
        """
        ...

    def record(self, visit: Visit, found: Sequence[Discovery] = ()) -> None:
        """Store what became of a leased URL, and what it links to, in one step."""
        ...

    def unchanged(self, url: str, fetched_at_s: float, interval_s: float = 0.0) -> None:
        """A leased URL says what it said before: its reason, target and validators stay."""
        ...

    def retry(self, url: str, after_s: float) -> None:
        """Queue a leased URL again, due in ``after_s`` seconds, counting one attempt."""
        ...

    def release(self, urls: Sequence[str]) -> None:
        """Give leases back without counting an attempt."""
        ...

    def acknowledge(self, urls: Sequence[str]) -> None:
        """The consumer has stored these pages (or removed the gone ones)."""
        ...

    def revive(self) -> int:
        """Queue what was folded into a page that is missing or says something else now; returns how many."""
        ...

    def counts(self) -> dict[State, int]:
        """How many URLs stand in each state."""
        ...

    def visited(self) -> int:
        """How many URLs this round has visited, earlier runs of it included."""
        ...

    def finish(self) -> None:
        """Leave the round; without others in it, close it: the next ``begin`` opens a new one."""
        ...

    def close(self) -> None:
        """Release the storage."""
        ...


class Turns(Protocol):
    """When a host may be asked: one line for all workers."""

    def reserve(self, origin: str, delay_s: float) -> Turn:
        """Start a request now, ``delay_s`` or more after the one before of any worker, or learn how long to wait."""
        ...

    def slow_down(self, origin: str, delay_s: float, wait_s: float) -> None:
        """All workers keep this delay or their own longer one from now on, and ask nothing before ``wait_s``."""
        ...


class Originals(Protocol):
    """Which of several equal pages stands for all. Both calls remember what they are told."""

    def claim(self, content_hash: str, url: str) -> str | None:
        """Let ``url`` stand for this content, unless another URL does that was handed out, which is returned then."""
        ...

    def claim_near(self, url: str, title: str, sketch: bytes) -> str | None:
        """Remember a page; returns another URL whose page says nearly the same under the same title, if there is one.

        ``sketch`` is that of ``minhash``. What was folded into ``url`` and is no longer like it is let go.
        """
        ...


class Memory(Protocol):
    """What crawls have found out: of one URL, of links and of losses. Only ``mark_orphans`` changes anything."""

    def history(self, url: str) -> History | None:
        """What is known of one URL."""
        ...

    def known(self, prefix: str, limit: int) -> list[str]:
        """Up to ``limit`` URLs that begin with ``prefix``, in the order of URLs."""
        ...

    def holdings(self) -> Holdings:
        """What the index holds of all crawls, as far as was acknowledged."""
        ...

    def next_due_s(self, origins: Sequence[str] = ()) -> float | None:
        """Seconds until a known page (of ``origins``, or of any) is due; 0 for now, None when no page is known."""
        ...

    def losses(self) -> Losses:
        """What this round found gone and nobody has removed yet; ``indexed`` counts these too."""
        ...

    def removals(self, after: str, limit: int) -> list[tuple[str, Reason]]:
        """(URL, reason) of what is gone and not yet acknowledged, in the order of URLs, ``after`` one of them."""
        ...

    def mark_orphans(self) -> int:
        """Call gone the indexed pages that no seed and no sitemap of the round leads to; returns how many there are.

        To be called when nothing is left to visit. None are where a link may be unknown.
        """
        ...


class Frontier(Queue, Turns, Originals, Memory, Protocol):
    """Durable memory of crawls, in four roles, of which each part of a crawl is handed the one it needs.

    One crawl of a set of seeds runs in rounds; a new round visits known pages again.

    Promises: a call that returned survives a crash. ``next`` never hands one URL to two callers while its lease lasts;
    an expired lease is handed out again. A URL recorded as ``fetched`` and not acknowledged is queued again by the next
    ``begin``, without validators, so that it is fetched in full. Order: smallest depth first, then as discovered.
    Safe to call from several threads. Raises FrontierError when the storage fails.

    Where several workers share a frontier, each of them calls ``begin`` with the same seeds: the first opens the round,
    the others join it, and the last one's ``finish`` closes it. What a dead worker held is handed out again.
    """
