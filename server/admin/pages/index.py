"""The index: its size, its store, its models, how fresh its pages are, and the workers that answer from it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from crawler.errors import RecollectError
from indexer.document import Head
from server.admin.drawing.bars import bar_plot
from server.admin.guard import PREFIX, At, Someone
from server.admin.render import page
from server.api.backend import Backend
from server.assemble import queue_counts
from server.places import place_of_index
from server.standing import size_of

AGES = (("a day", 1), ("a week", 7), ("a month", 30), ("three months", 90), ("a year", 365))
"""What is newer counts to the first that it fits."""

SITES = 20
OLDER, UNKNOWN = "older", "not known"
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/index")
def get_index(desk: At, session: Someone, saved: str = "") -> Response:
    """How much is where, made with what, and who answers from it."""
    backend, config = desk.backend, desk.backend.config
    variables: dict[str, Any] = {
        "saved": "The settings are taken as they are now." if saved == "reloaded" else "",
        "workers": backend.shared.standing() if backend.shared else None,
        "place": place_of_index(config),
        "store": "Elasticsearch" if config.store else "embedded",
        "size_bytes": None if config.store else size_of(config.data),
        "problem": "",
        "manifest": None,
        "count": None,
        "queue": {},
    }
    if config.broker:
        try:
            variables["queue"] = queue_counts(config)
        except RecollectError as error:
            variables["problem"] = str(error)
    try:
        store = backend.store()
        manifest = store.manifest()
        if manifest is not None:
            counts = counted(store.scan(), datetime.now(UTC))
            largest = [(name, float(count)) for name, count in counts.sites.most_common(SITES)]
            variables |= {
                "manifest": manifest,
                "count": store.count(),
                "fetched": bar_plot("Pages by the time since they were last fetched", by_age(counts.fetched)),
                "modified": bar_plot("Pages by the time since they were changed", by_age(counts.modified)),
                "sites": bar_plot("Documents of each site", largest),
            }
    except RecollectError as error:
        variables["problem"] = str(error)
    return page("index", session, variables | {"models": models(backend)})


def models(backend: Backend) -> list[tuple[str, str]]:
    """Which model does what; for one that cannot be had, why."""
    config = backend.config

    def scorer() -> str:
        found = backend.scorer()
        return found.name if found else "none: hits are not reranked"

    def encoder() -> str:
        return backend.encoder().name

    named = (("Encoder", encoder), ("Reader-ranker", scorer))
    found = []
    for what, name in named:
        try:
            found.append((what, name()))
        except RecollectError as error:
            found.append((what, str(error)))
    generator = config.generator
    written = "none: answers are quoted" if generator.kind == "extractive" else f"{generator.kind} {generator.model}"
    return [*found, ("Generator", written)]


@dataclass(slots=True)
class Counts:
    """How many documents are how old, by when they were fetched and changed, and how many each site has."""

    fetched: Counter[str] = field(default_factory=Counter)
    modified: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)


def counted(heads: Iterable[Head], now: datetime) -> Counts:
    """Read once, since there may be millions."""
    counts = Counts()
    for head in heads:
        counts.fetched[age_of(head.fetched_at, now)] += 1
        counts.modified[age_of(head.modified_at, now)] += 1
        counts.sites[head.site or head.source] += 1
    return counts


def by_age(counts: Counter[str]) -> list[tuple[str, float]]:
    """Every age with its number, the newest first."""
    return [(name, float(counts[name])) for name in (*(name for name, _ in AGES), OLDER, UNKNOWN)]


def age_of(time: datetime | None, now: datetime) -> str:
    """The name of an age."""
    if time is None:
        return UNKNOWN
    age = now - (time if time.tzinfo else time.replace(tzinfo=UTC))
    return next((name for name, days in AGES if age <= timedelta(days=days)), OLDER)
