"""Errors of the crawler, and the root of every error Recollect raises on purpose.

RecollectError                 anything a person can act on; printed as one line, never as a traceback
├── MissingExtra               an optional library is not installed
└── CrawlError
    ├── BadUrl                 a URL that cannot be crawled as written
    ├── FetchError             one URL could not be fetched
    ├── SeedFailed             no seed of a crawl could be fetched, so there is nothing to crawl
    └── FrontierError          the crawl state on disk cannot be read or written
"""

from crawler.outcome import Reason


class RecollectError(Exception):
    """Says what is wrong (naming the thing) and, in ``cure``, what to do about it."""

    def __init__(self, what: str, cure: str = "") -> None:
        super().__init__(f"{what}. {cure}" if cure else what)
        self.what = what
        self.cure = cure


class MissingExtra(RecollectError):
    """An optional library is not installed; names the extra that brings it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional part", f"Install it with: pip install 'recollect[{extra}]'")
        self.extra = extra


class CrawlError(RecollectError):
    """Something went wrong while finding or reading pages."""


class BadUrl(CrawlError):
    """The URL cannot be crawled as written."""


class FetchError(CrawlError):
    """One URL could not be fetched; ``reason`` says why."""

    def __init__(self, url: str, reason: Reason, what: str, cure: str = "") -> None:
        super().__init__(what, cure)
        self.url = url
        self.reason = reason


class SeedFailed(CrawlError):
    """No seed of a crawl could be fetched, so there is nothing to crawl."""


class FrontierError(CrawlError):
    """The crawl state on disk cannot be read or written."""
