"""One crawl into one index, as the command, the schedule and its workers make it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from crawler.crawl import Crawler
from crawler.frontier.seam import Frontier
from crawler.outcome import Outcome, Reason
from crawler.page import Gone, Page
from crawler.report import CrawlEvent, CrawlReport
from crawler.visit.refusals import Refusals
from indexer.index import Indexer, manifest_of
from indexer.ingest import ingest
from indexer.sink import IndexReport, Sink
from server.assemble import rebuilt_store
from server.crawl_memory import open_frontier, rebuilt_frontier
from server.errors import BadInput
from server.installation import Installation
from server.places import place_of_index, pushed_path, refusals_path
from server.pushing.drain import AlsoPushed
from server.pushing.spool import Spool
from server.settings.config import Config

Place = tuple[Sink, Frontier]
"""Where a crawl goes: an index, or a queue before it, and the memory of crawls that belongs to it."""


class Enough(Exception):
    """Raised by ``on_event``: the crawl ends where it is, what was read is stored, and the next one goes on."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl found and what became of it; ``is_complete`` unless ``Enough`` ended it."""

    crawl: CrawlReport
    index: IndexReport
    is_complete: bool


@contextmanager
def continuing(installation: Installation) -> Iterator[Place]:
    """The present index, and what earlier crawls into it remember.

    Raises ManifestMismatch for an index that another version has made, before a page is asked for.
    """
    if (manifest := installation.store().manifest()) is not None:
        manifest.require_schema(f"The index in {place_of_index(installation.config)}")
    config = installation.config
    sink = AlsoPushed(installation.sink(), Spool(pushed_path(config)))
    with closing(open_frontier(config, installation.count_documents())) as frontier:
        yield sink, frontier


@contextmanager
def rebuilding(installation: Installation) -> Iterator[Place]:
    """An empty index and memory; at the end of the block both take the place of the present ones, with what was pushed.

    The present index answers until then, and stays if the block fails. Raises BadInput where workers write it.
    """
    config = installation.config
    if config.broker:
        raise BadInput("Workers cannot rebuild an index", "Rebuild without --broker")
    encoder, spool = installation.encoder(), Spool(pushed_path(config))
    # The index changes places first: an old memory beside a new index only costs requests.
    with rebuilt_frontier(config) as frontier, rebuilt_store(config, manifest_of(encoder, config.index)) as store:
        fresh = Indexer(store, encoder, config.index)
        yield fresh, frontier
        fresh.index(spool.documents())
    # What was being pushed meanwhile may have gone into the index that is no more.
    spool.again()


def crawl_into(
    sink: Sink,
    crawler: Crawler,
    config: Config,
    seeds: Sequence[str],
    on_event: Callable[[CrawlEvent], None],
    *,
    on_progress: Callable[[IndexReport], None] | None = None,
    only_due: bool = False,
    agrees_to_losses: bool = False,
) -> Crawled:
    """Crawl from the seeds into the sink; what was left out is remembered for ``recollect why``, however it ends.

    ``on_event`` is called for every URL visited, ``on_progress`` after every batch. ``only_due`` and
    ``agrees_to_losses`` are as in ``Crawler.crawl``.
    """
    refusals = Refusals(refusals_path(config))

    def note(event: CrawlEvent) -> None:
        refusals.note(event)
        on_event(event)

    pages = _UntilEnough(crawler.crawl(seeds, note, only_due=only_due, agrees_to_losses=agrees_to_losses))
    try:
        indexed = ingest(pages, sink, crawler.acknowledge, config=config.index, on_progress=on_progress)
        note_set_aside(refusals, indexed)
    finally:
        refusals.flush()
    return Crawled(crawler.report(), indexed, pages.is_complete)


def note_set_aside(refusals: Refusals, report: IndexReport) -> None:
    """Remember every page that was read and could not be indexed, with what was wrong."""
    for url, why in report.failed.items():
        refusals.note(CrawlEvent(url, Outcome.FAILED, Reason.SET_ASIDE, detail=why))


class _UntilEnough:
    """The events of a crawl until its end, or until a callback of the crawl's has enough."""

    def __init__(self, events: Iterator[Page | Gone]) -> None:
        self.is_complete = False
        self._events = events

    def __iter__(self) -> Iterator[Page | Gone]:
        with closing(self._events):  # type: ignore[type-var]  # a generator
            try:
                yield from self._events
                self.is_complete = True
            except Enough:
                return
