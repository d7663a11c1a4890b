"""Errors as HTTP: which status a RecollectError has, and its JSON."""

from crawler.errors import RecollectError
from indexer.errors import EncoderError, StoreLocked, StoreUnavailable
from rag.errors import GeneratorUnavailable
from ranker.errors import BadQuery, ScorerError
from server.errors import BadInput, NoIndex, NotAllowed

STATUSES: tuple[tuple[type[RecollectError], int], ...] = (
    (BadQuery, 400),
    (BadInput, 400),
    (NotAllowed, 401),
    (NoIndex, 503),
    (StoreUnavailable, 503),
    (StoreLocked, 503),
    (EncoderError, 503),
    (ScorerError, 503),
    (GeneratorUnavailable, 503),
)


def status_of(error: RecollectError) -> int:
    """400 for what the asker can mend, 503 for what time may mend, 500 for what only the operator can."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def problem_json(what: str, cure: str = "") -> dict[str, dict[str, str]]:
    """The body of every error answer."""
    return {"error": {"what": what, "cure": cure}}
