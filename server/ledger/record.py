"""What is remembered of each site's runs, and the seam that keeps it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """The runs of one site; times are seconds since 1970, 0 for never.

    A run has begun at ``served_s``, and is under way while ``run_id`` is not empty; ``seen_s`` is when it last showed
    a sign of life. ``is_working``: somebody holds the site for it, or was killed doing so. ``started_s`` is when its
    first page was asked for. ``outcome`` (done, failed, postponed), ``detail``, ``counts`` and ``finished_s`` tell of
    the last run that has ended. ``wake_after_s`` after that the site is due whatever its pattern says; None where the
    pattern alone decides.
    """

    name: str
    run_id: str = ""
    is_working: bool = False
    served_s: float = 0.0
    seen_s: float = 0.0
    started_s: float = 0.0
    finished_s: float = 0.0
    outcome: str = ""
    detail: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    running: Mapping[str, int] = field(default_factory=dict)
    wake_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """What somebody has decided about when a site is crawled: it holds at once, for all processes.

    ``schedule`` stands in place of the settings' (empty: never by itself); None where they hold. While ``is_paused``
    no crawl begins by itself.
    """

    schedule: tuple[str, ...] | None = None
    is_paused: bool = False


class Hold(Protocol):
    """A site that is ours alone to crawl."""

    def is_lost(self) -> bool:
        """Whether another may have taken it meanwhile, because this process could not be heard of for too long."""
        ...


class Ledger(Protocol):
    """Durable memory of runs, shared by all processes that schedule and crawl the same sites.

    Promises: ``put`` is atomic between processes. A hold ends with its process, however that ends. Safe to call from
    several threads. Raises StoreUnavailable when the storage fails.
    """

    def record(self, name: str) -> Record:
        """What is known of a site; an empty record for one never heard of."""
        ...

    def put(self, record: Record, seen: Record) -> bool:
        """Store ``record`` if the present one is still ``seen``; False when another process was faster."""
        ...

    def timing(self, name: str) -> Timing:
        """What was decided about a site last; an empty one where nothing was."""
        ...

    def decide(self, name: str, timing: Timing) -> None:
        """Decide it; runs under way go on."""
        ...

    def hold(self, name: str) -> AbstractContextManager[Hold | None]:
        """Keep others from crawling a site while the block runs; None where another does it now."""
        ...

    def is_held(self, name: str) -> bool:
        """Whether somebody crawls this site now."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
