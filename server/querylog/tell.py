"""What the query log says as JSON documents: pure functions, for the command line and the admin area."""

from datetime import datetime
from typing import Any

from server.querylog.record import Judgement
from server.querylog.report import Counted, Day, QueryList
from server.shapes import stages_json, time_json

COLUMNS = (
    "query",
    "searches",
    "answers",
    "empty",
    "refused",
    "degraded",
    "mean_ms",
    "max_ms",
    "clicks",
    "click_share",
    "position",
    "useful",
    "not_useful",
    "first",
    "last",
)


def queries_json(
    show: QueryList, since: datetime, found: list[Counted], by_day: list[Day], by_stage: dict[str, dict[str, float]]
) -> dict[str, Any]:
    """The document of ``--json``."""
    return {
        "show": str(show),
        "since": time_json(since),
        "queries": [counted_json(one) for one in found],
        "days": [day_json(day) for day in by_day],
        "stages": {kind: stages_json(times) for kind, times in by_stage.items()},
    }


def counted_json(one: Counted) -> dict[str, Any]:
    """One query with all that is counted of it."""
    return {
        "query": one.query,
        "searches": one.searches,
        "answers": one.answers,
        "empty": one.empty,
        "refused": one.refused,
        "degraded": one.degraded,
        "mean_ms": round(one.mean_ms, 1),
        "max_ms": round(one.max_ms, 1),
        "clicks": one.clicks,
        "click_share": round(one.click_share, 3),
        "position": None if one.position is None else round(one.position, 1),
        "useful": one.useful,
        "not_useful": one.not_useful,
        "first": time_json(one.first),
        "last": time_json(one.last),
    }


def day_json(day: Day) -> dict[str, Any]:
    """One day with all that is counted of it."""
    return {
        "day": f"{day.day:%Y-%m-%d}",
        "searches": day.searches,
        "answers": day.answers,
        "empty": day.empty,
        "refused": day.refused,
        "degraded": day.degraded,
        "clicks": day.clicks,
        "mean_ms": round(day.mean_ms, 1),
    }


def judgement_json(one: Judgement) -> dict[str, Any]:
    """One judgement, as ``recollect tune --queries`` reads it."""
    return {"query": one.query, "url": one.url, "relevance": one.relevance, "judge": one.judge}
