"""Errors of the ranker.

RecollectError
└── RankError
    ├── BadQuery         a query that cannot be run as asked (too long, bad filter, page too deep)
    └── ScorerError      passages could not be scored
"""

from crawler.errors import RecollectError


class RankError(RecollectError):
    """Something went wrong while ranking."""


class BadQuery(RankError):
    """The query cannot be run as asked."""


class ScorerError(RankError):
    """Passages could not be scored."""
