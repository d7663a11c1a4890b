"""Remembers which pages were read and could not be indexed, for ``recollect why``."""

from crawler.outcome import Outcome, Reason
from crawler.report import CrawlEvent
from crawler.visit.refusals import Refusals
from indexer.sink import IndexReport


def note_set_aside(refusals: Refusals, report: IndexReport) -> None:
    """Note every document that a crawl handed over in vain, with what was wrong."""
    for url, why in report.failed.items():
        refusals.note(CrawlEvent(url, Outcome.FAILED, Reason.SET_ASIDE, detail=why))
