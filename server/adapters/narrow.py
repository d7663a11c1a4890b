"""Conditions as other services write them, to the filters of a search: pure functions."""

import re
from collections.abc import Iterable, Sequence

from indexer.store import FACET_FIELDS, Filters
from ranker.errors import BadQuery
from server.doors.asker import Asker
from server.request import make_filters

Condition = tuple[str, tuple[str, ...]]
"""A field and the values of which it must have one."""

METADATA = "metadata."
_TERM = re.compile(r'\s*(?P<not>NOT\s+)?(?P<field>"[^"]*"|[^\s:()"]+)\s*:\s*(?P<value>"[^"]*"|\'[^\']*\'|[^\s()]+)\s*')


def facet_name(field: str) -> str:
    """The field as the index knows it: what is none of its own is a key of the metadata."""
    return field if field in FACET_FIELDS or field.startswith(METADATA) else f"{METADATA}{field}"


def filters_of(
    conditions: Iterable[Condition], asker: Asker, *, modified_from: str = "", modified_before: str = ""
) -> Filters | None:
    """All conditions together, for this asker; None where two of them cannot both hold. Raises BadQuery, Forbidden."""
    wanted: dict[str, tuple[str, ...]] = {}
    for field, values in conditions:
        name = facet_name(field)
        both = tuple(value for value in values if value in wanted.get(name, values))
        if not both:
            return None
        wanted[name] = both
    metadata = {name.removeprefix(METADATA): v for name, v in wanted.items() if name not in FACET_FIELDS}
    fields = {name: values for name, values in wanted.items() if name in FACET_FIELDS}
    made = make_filters(**fields, metadata=metadata, modified_from=modified_from, modified_before=modified_before)
    return asker.narrowed(made)


def one_field(alternatives: Sequence[tuple[str, str]]) -> Condition:
    """``[("path", "/a"), ("path", "/b")]`` as one condition. Raises BadQuery where they are of several fields."""
    fields = {field for field, _ in alternatives}
    if len(fields) != 1:
        raise BadQuery("Alternatives of several fields are not possible", "Combine fields with AND")
    return fields.pop(), tuple(value for _, value in alternatives)


def term(text: str) -> tuple[str, str]:
    """``path:/guide`` -> ``("path", "/guide")``. Raises BadQuery for what is no such term, or is negated."""
    found = _TERM.fullmatch(text)
    if found is None:
        raise BadQuery(f"{text[:100]!r} is not FIELD:VALUE", "Only such conditions are known")
    field, value = found["field"].strip('"'), found["value"].strip("\"'")
    if found["not"] or field.startswith("-") or value.startswith("-"):
        raise BadQuery(f"{text[:100]!r} takes something away", "Name what is wanted instead")
    return field, value


def conditions_of(text: str) -> list[Condition]:
    """``path:/a AND (site:x OR site:y)``. Raises BadQuery for anything else."""
    groups = re.split(r"\s+AND\s+", text.strip()) if text.strip() else []
    return [one_field([term(part) for part in re.split(r"\s+OR\s+", group.strip("() "))]) for group in groups]
