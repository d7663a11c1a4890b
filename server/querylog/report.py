"""What the query log says: the commonest queries, those that go wrong, and how it went day by day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from server.querylog.file import QueryFile

MIN_SEARCHES_FOR_CLICKS = 3
"""Below this, no click says little."""


class QueryList(StrEnum):
    """Which queries are wanted, and in which order."""

    TOP = "top"
    """The commonest."""
    EMPTY = "empty"
    """Those that found nothing."""
    LOW_CLICK = "low-click"
    """Those whose results are seldom opened, though there are some."""
    SLOW = "slow"
    """Those that took longest."""
    REFUSED = "refused"
    """Questions that were refused."""


@dataclass(frozen=True, slots=True)
class Counted:
    """All requests for one query. ``empty`` and ``refused`` count those without results and without an answer.

    ``click_share`` is clicks for each search that found something, 1 at most; ``position`` the mean place of what was
    opened, None where that is not known. ``days`` are the first and last it was asked.
    """

    query: str
    searches: int
    answers: int
    empty: int
    refused: int
    degraded: int
    mean_ms: float
    max_ms: float
    clicks: int
    position: float | None
    useful: int
    not_useful: int
    first: datetime
    last: datetime

    @property
    def asked(self) -> int:
        """Searches and questions."""
        return self.searches + self.answers

    @property
    def click_share(self) -> float:
        """See above."""
        found = self.searches - self.empty
        return min(1.0, self.clicks / found) if found > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Day:
    """What was asked on one day; ``mean_ms`` of searches and answers together."""

    day: datetime
    searches: int
    answers: int
    empty: int
    refused: int
    degraded: int
    clicks: int
    mean_ms: float


@dataclass(frozen=True, slots=True)
class LastRequest:
    """One request, as ``full`` keeps it."""

    at: datetime
    kind: str
    query: str
    total: int
    took_ms: float
    is_refused: bool
    site: str
    key_id: str


_COUNTED = """
WITH asked AS (
  SELECT same, MAX(query) AS query, SUM(kind = 'search') AS searches, SUM(kind = 'answer') AS answers,
    SUM(kind = 'search' AND total = 0) AS empty, SUM(is_refused) AS refused, SUM(degraded <> '[]') AS degraded,
    AVG(took_ms) AS mean_ms, MAX(took_ms) AS max_ms, MIN(at_s) AS first_s, MAX(at_s) AS last_s
  FROM entered WHERE at_s >= :since AND kind <> 'suggest' GROUP BY same
), clicked AS (
  SELECT same, COUNT(*) AS clicks, AVG(NULLIF(position, 0)) AS position
  FROM click WHERE at_s >= :since GROUP BY same
), said AS (
  SELECT same, SUM(is_useful) AS useful, SUM(NOT is_useful) AS not_useful
  FROM feedback WHERE at_s >= :since GROUP BY same
), counted AS (
  SELECT query, searches, answers, empty, refused, degraded, mean_ms, max_ms, COALESCE(clicks, 0) AS clicks, position,
    COALESCE(useful, 0) AS useful, COALESCE(not_useful, 0) AS not_useful, first_s, last_s
  FROM asked LEFT JOIN clicked USING (same) LEFT JOIN said USING (same)
)
SELECT * FROM counted"""

_VIEWS = {
    QueryList.TOP: "ORDER BY searches + answers DESC, query",
    QueryList.EMPTY: "WHERE empty > 0 ORDER BY empty DESC, query",
    QueryList.LOW_CLICK: (
        "WHERE searches - empty >= :enough ORDER BY MIN(1.0, 1.0 * clicks / (searches - empty)), searches DESC, query"
    ),
    QueryList.SLOW: "ORDER BY mean_ms DESC, query",
    QueryList.REFUSED: "WHERE refused > 0 ORDER BY refused DESC, query",
}

_DAYS = """
WITH asked AS (
  SELECT at_s / 86400 AS day, SUM(kind = 'search') AS searches, SUM(kind = 'answer') AS answers,
    SUM(kind = 'search' AND total = 0) AS empty, SUM(is_refused) AS refused, SUM(degraded <> '[]') AS degraded,
    AVG(took_ms) AS mean_ms
  FROM entered WHERE at_s >= :since AND kind <> 'suggest' GROUP BY day
), clicked AS (SELECT at_s / 86400 AS day, COUNT(*) AS clicks FROM click WHERE at_s >= :since GROUP BY day)
SELECT day, searches, answers, empty, refused, degraded, COALESCE(clicks, 0), mean_ms
FROM asked LEFT JOIN clicked USING (day) ORDER BY day"""

_STAGES = """
SELECT kind, stage.key, AVG(stage.value) FROM entered, json_each(entered.stages_ms) AS stage
WHERE at_s >= ? AND kind <> 'suggest' GROUP BY kind, stage.key ORDER BY kind, AVG(stage.value) DESC"""

_RECENT = """
SELECT at_s, kind, query, total, took_ms, is_refused, site, key_id FROM entered
WHERE at_s >= ? AND kind <> 'suggest' ORDER BY rowid DESC LIMIT ?"""


def counted(file: QueryFile, view: QueryList, since: datetime, size: int = 20) -> list[Counted]:
    """The ``size`` first queries of a view, counted since then. Raises StoreUnavailable."""
    values = {"since": _seconds(since), "enough": MIN_SEARCHES_FOR_CLICKS, "size": size}
    rows = file.select(f"{_COUNTED} {_VIEWS[view]} LIMIT :size", values)
    return [Counted(*_with_times(row)) for row in rows]


def days(file: QueryFile, since: datetime) -> list[Day]:
    """Each day on which something was asked, oldest first. Raises StoreUnavailable."""
    return [Day(_time(row[0] * 86_400), *row[1:]) for row in file.select(_DAYS, {"since": _seconds(since)})]


def stages(file: QueryFile, since: datetime) -> dict[str, dict[str, float]]:
    """Kind -> stage -> its mean milliseconds, longest first. Raises StoreUnavailable."""
    found: dict[str, dict[str, float]] = {}
    for kind, stage, ms in file.select(_STAGES, (_seconds(since),)):
        found.setdefault(kind, {})[stage] = ms
    return found


def recent(file: QueryFile, since: datetime, name_of: Callable[[str], str], size: int = 25) -> list[LastRequest]:
    """The last requests, newest first, their keys by name. Raises StoreUnavailable."""
    rows = file.select(_RECENT, (_seconds(since), size))
    return [
        LastRequest(_time(at_s), kind, query, total, took_ms, bool(is_refused), site, name_of(key_id) if key_id else "")
        for at_s, kind, query, total, took_ms, is_refused, site, key_id in rows
    ]


def _with_times(row: Sequence[Any]) -> tuple[Any, ...]:
    """A row whose last two values are seconds."""
    return (*row[:-2], _time(row[-2]), _time(row[-1]))


def _seconds(time: datetime) -> int:
    return int(time.timestamp())


def _time(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
