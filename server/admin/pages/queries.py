"""The query log: what people look for, and how it went day by day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as Parameter
from starlette.responses import Response

from server.admin.drawing.bars import bar_plot
from server.admin.drawing.lines import line_plot
from server.admin.guard import PREFIX, At, Someone
from server.admin.render import page
from server.querylog.report import Day, QueryList, counted, days, recent, stages
from server.querylog.table import csv_text
from server.querylog.tell import COLUMNS, counted_json

VIEWS = {
    QueryList.TOP: "Commonest",
    QueryList.EMPTY: "Without results",
    QueryList.LOW_CLICK: "Seldom clicked",
    QueryList.SLOW: "Slow",
    QueryList.REFUSED: "Refused questions",
}
SPANS = (7, 30, 90, 365)
SIZE = 50
MAX_CSV = 100_000
router = APIRouter(prefix=PREFIX, include_in_schema=False)
Span = Annotated[int, Parameter(ge=1, le=3_650)]


@router.get("/queries")
def get_queries(desk: At, session: Someone, show: QueryList = QueryList.TOP, span: Span = 30) -> Response:
    """A list of queries below the plots of a span of days."""
    since = begin_of(span)
    by_day = filled(days(desk.queries, since), since)
    labels = [f"{day.day:%d %b}" for day in by_day]
    asked = {"Searches": [day.searches for day in by_day], "Questions": [day.answers for day in by_day]}
    failed = {
        "Without results": [day.empty for day in by_day],
        "Refused": [day.refused for day in by_day],
        "Degraded": [day.degraded for day in by_day],
    }
    names = {key.key_id: key.name for key in desk.keys.all()}
    variables = {
        "views": VIEWS,
        "show": show,
        "spans": SPANS,
        "span": span,
        "days": by_day,
        "asked": line_plot("Asked each day", labels, asked),
        "failed": line_plot("What went wrong each day", labels, failed),
        "speed": line_plot("Mean milliseconds each day", labels, {"Milliseconds": [day.mean_ms for day in by_day]}),
        "clicks": line_plot("Results opened each day", labels, {"Clicks": [day.clicks for day in by_day]}),
        "stages": [
            bar_plot(f"Milliseconds of each stage: {kind}", list(times.items()), " ms")
            for kind, times in stages(desk.queries, since).items()
        ],
        "found": counted(desk.queries, show, since, SIZE),
        "mode": desk.backend.config.serve.query_log,
        "recent": recent(desk.queries, since, lambda key_id: names.get(key_id, key_id)),
    }
    return page("queries", session, variables)


@router.get("/queries.csv")
def get_queries_csv(desk: At, session: Someone, show: QueryList = QueryList.TOP, span: Span = 30) -> Response:
    """The same list, whole, for a spreadsheet."""
    found = map(counted_json, counted(desk.queries, show, begin_of(span), MAX_CSV))
    text = csv_text(COLUMNS, ([row[name] for name in COLUMNS] for row in found))
    headers = {"Content-Disposition": f'attachment; filename="queries-{show}.csv"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def begin_of(span: int, now: datetime | None = None) -> datetime:
    """Midnight so many days ago, today counting as one."""
    today = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=span - 1)


def filled(found: Sequence[Day], since: datetime, now: datetime | None = None) -> list[Day]:
    """Every day from then to today, those without a request as zeros."""
    known = {day.day: day for day in found}
    count = ((now or datetime.now(UTC)) - since).days + 1
    wanted = (since + timedelta(days=number) for number in range(count))
    return [known.get(day, Day(day, 0, 0, 0, 0, 0, 0, 0.0)) for day in wanted]
