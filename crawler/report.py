"""What a crawl did: one event for every URL, and the sums."""

from collections import Counter
from dataclasses import dataclass, field

from crawler.outcome import Outcome, Reason


@dataclass(frozen=True, slots=True)
class CrawlEvent:
    """What became of one URL and why; ``detail`` says it in a sentence or with the URL it points to."""

    url: str
    outcome: Outcome
    reason: Reason = Reason.NONE
    status: int = 0
    size_bytes: int = 0
    seconds: float = 0.0
    depth: int = 0
    referrer: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """Sums of one run. ``fetched`` counts pages handed out, ``size_bytes`` body bytes received over the network,
    ``purge_held`` pages that are gone and stay in the index because they are too many."""

    fetched: int = 0
    not_modified: int = 0
    duplicates: int = 0
    near_duplicates: int = 0
    redirects: int = 0
    canonicals: int = 0
    gone: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    seconds: float = 0.0
    size_bytes: int = 0
    is_resumed: bool = False
    purge_held: int = 0


class Tally:
    """Adds events up to a report."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.skipped: Counter[Reason] = Counter()
        self.failed: Counter[Reason] = Counter()
        self.size_bytes = 0
        self.purge_held = 0

    def add(self, event: CrawlEvent) -> None:
        """Count one event."""
        self.outcomes[event.outcome] += 1
        self.size_bytes += event.size_bytes
        if event.outcome is Outcome.SKIPPED:
            self.skipped[event.reason] += 1
        elif event.outcome is Outcome.FAILED:
            self.failed[event.reason] += 1

    def report(self, seconds: float, is_resumed: bool) -> CrawlReport:
        """The sums so far."""
        return CrawlReport(
            fetched=self.outcomes[Outcome.FETCHED],
            not_modified=self.outcomes[Outcome.NOT_MODIFIED],
            duplicates=self.outcomes[Outcome.DUPLICATE],
            near_duplicates=self.outcomes[Outcome.NEAR_DUPLICATE],
            redirects=self.outcomes[Outcome.REDIRECT],
            canonicals=self.outcomes[Outcome.CANONICAL],
            gone=self.outcomes[Outcome.GONE],
            skipped=dict(sorted(self.skipped.items())),
            failed=dict(sorted(self.failed.items())),
            retries=self.outcomes[Outcome.RETRY],
            seconds=seconds,
            size_bytes=self.size_bytes,
            is_resumed=is_resumed,
            purge_held=self.purge_held,
        )
