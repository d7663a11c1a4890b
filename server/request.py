"""What a person or program asks, from the words of a command line, a URL or a JSON body: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import get_args

from indexer.store import FACET_FIELDS, Filters, Sort
from ranker.errors import BadQuery
from ranker.query import Mode, Query
from server.settings.typed import nearest

MODES: tuple[str, ...] = get_args(Mode)
SORTS: tuple[str, ...] = get_args(Sort)
MAX_FACETS = 50
"""Far more than any page shows; each costs time."""


def make_filters(
    *,
    site: Iterable[str] = (),
    path: Iterable[str] = (),
    language: Iterable[str] = (),
    source: Iterable[str] = (),
    metadata: Mapping[str, Sequence[str]] | None = None,
    modified_from: str | None = None,
    modified_before: str | None = None,
    groups: Iterable[str] | None = None,
) -> Filters:
    """Filters from texts; empty texts are left out, as a form sends them. Raises BadQuery for a date that is none."""
    return Filters(
        site=_given(site),
        path=_given(path),
        language=_given(language),
        source=_given(source),
        metadata={key: tuple(values) for key, values in (metadata or {}).items()},
        modified_from=parse_time(modified_from, "from") if modified_from else None,
        modified_before=parse_time(modified_before, "before") if modified_before else None,
        groups=None if groups is None else tuple(groups),
    )


def make_query(
    text: str,
    filters: Filters,
    *,
    page: int = 1,
    size: int = 10,
    sort: str = "relevance",
    facets: Iterable[str] = (),
    mode: str | None = None,
    is_unfinished: bool = False,
    corrects: bool = True,
    is_steered: bool = True,
    collapses: bool = True,
) -> Query:
    """A query; raises BadQuery naming the value that is none of the known ones."""
    facets = tuple(facets)
    if len(facets) > MAX_FACETS:
        raise BadQuery(f"{len(facets):,} facets are asked for", f"Ask for {MAX_FACETS} at most")
    for facet in facets:
        if facet not in FACET_FIELDS and not facet.startswith("metadata."):
            raise BadQuery(f"facet {facet!r} is unknown", nearest(facet, (*FACET_FIELDS, "metadata.KEY"), ""))
    return Query(
        text=text,
        page=page,
        size=size,
        filters=filters,
        sort=_one_of(sort, SORTS, "sort"),  # type: ignore[arg-type]  # checked against the Literal's own values
        facets=facets,
        is_unfinished=is_unfinished,
        corrects=corrects,
        is_steered=is_steered,
        collapses=collapses,
        mode=_one_of(mode, MODES, "mode") if mode else None,  # type: ignore[arg-type]  # as above
    )


def parse_metadata(pairs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """``['team=search', 'team=core']`` -> ``{'team': ('search', 'core')}``."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise BadQuery(f"metadata filter {pair!r} is not KEY=VALUE", "Write it as team=search")
        found[key] = (*found.get(key, ()), value)
    return found


def parse_time(text: str, name: str) -> datetime:
    """An ISO 8601 date or time; one without a zone is taken as UTC."""
    try:
        return as_utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        raise BadQuery(f"{name} {text!r} is not a date", "Write it as 2026-01-31 or 2026-01-31T12:00:00Z") from error


def as_utc(time: datetime) -> datetime:
    """One without a zone is taken as UTC. Raises OverflowError for the first and the last day there is, elsewhere."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _given(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _one_of(value: str, known: Sequence[str], name: str) -> str:
    if value not in known:
        raise BadQuery(f"{name} {value!r} is unknown", nearest(value, known, ""))
    return value
