"""Remembers which pages were read and could not be indexed, for ``recollect why``."""

from crawler.report import CrawlEvent
from crawler.visit.refusals import Refusals
from indexer.sink import IndexReport

SET_ASIDE = "set_aside"


def note_set_aside(refusals: Refusals, report: IndexReport) -> None:
    """Note every document that a crawl handed over in vain, with what was wrong."""
    for url, why in report.failed.items():
        refusals.note(CrawlEvent(url, "failed", SET_ASIDE, detail=why))
