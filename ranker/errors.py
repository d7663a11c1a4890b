"""Errors of the ranker.

RecollectError
└── RankError
    ├── BadQuery         a query that cannot be run as asked (too long, bad filter, page too deep)
    ├── ScorerError      passages could not be scored
    ├── BadTrainingData  a file of training data cannot be read or says something impossible
    └── BadModel         a model folder lacks a file, is damaged, or holds another kind of model
"""

from crawler.errors import RecollectError


class RankError(RecollectError):
    """Something went wrong while ranking."""


class BadQuery(RankError):
    """The query cannot be run as asked."""


class ScorerError(RankError):
    """Passages could not be scored."""


class BadTrainingData(RankError):
    """A file of training data cannot be read or says something impossible."""


class BadModel(RankError):
    """A model folder lacks a file, is damaged, or holds another kind of model."""
