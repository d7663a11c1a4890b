"""What is remembered of requests and of what people did with the answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_QUERY_CHARS = 500
MAX_URL_CHARS = 2_000
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class RequestKind(StrEnum):
    """What was wanted."""

    SEARCH = "search"
    ANSWER = "answer"
    SUGGEST = "suggest"
    """Suggestions, and searches for what is still being typed."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A request that was answered. ``at_s`` counts from 1970; ``key_id`` is the key's, empty where none is kept.

    ``total`` counts documents that match, for an answer those it was read from. ``stages_ms`` are those of ``Results``
    and ``Answer``. ``site`` is what the request was held to, empty for all.
    """

    at_s: int
    kind: RequestKind
    query: str
    total: int
    took_ms: float
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    is_refused: bool = False
    degraded: tuple[str, ...] = ()
    site: str = ""
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """A query that found something public. ``site`` as in ``Entered``; ``payer`` who asked, which is never written."""

    at_s: int
    query: str
    site: str
    payer: str


@dataclass(frozen=True, slots=True)
class Click:
    """A result that was opened from the results for ``query``; ``position`` counts from 1, 0 where it is not known."""

    at_s: int
    query: str
    url: str
    position: int
    site: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of an answer, or of the page ``url`` for this query."""

    at_s: int
    query: str
    url: str
    is_useful: bool
    site: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a document is for a query: 0 not at all, up to 3. ``judge`` says who thinks so."""

    query: str
    url: str
    relevance: int
    judge: str = ""


MAX_RELEVANCE = 3
Noted = Entered | Shared | Click | Feedback


def one_line(text: str, max_chars: int = MAX_QUERY_CHARS) -> str:
    """The text as it can stand in one line of a list: no line breaks, no control characters, not without end."""
    written = text.encode("utf-8", "replace").decode("utf-8")
    return _BLANK.sub(" ", written[:max_chars]).strip()


def same_query(text: str) -> str:
    """Queries that differ only in case and blanks are counted together under this."""
    return one_line(text).casefold()
