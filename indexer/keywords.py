"""What both stores filter, count and suggest by: pure functions, so that every store gives the same answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.document import Head, Passage
from indexer.store import Filters

PUBLIC = "*"
"""The access keyword of a document that everybody may see."""

MAX_PATH_SEGMENTS = 16
MAX_SUGGESTION_CHARS = 100
MAX_SUGGESTION_KEYS = 8


@dataclass(frozen=True, slots=True)
class Clause:
    """A document passes if its keywords in ``field`` include one of ``values``."""

    field: str
    values: tuple[str, ...]


def path_prefixes(path: str) -> tuple[str, ...]:
    """``/a/b/c.html`` -> ``('/', '/a', '/a/b', '/a/b/c.html')``; at most ``MAX_PATH_SEGMENTS`` deep."""
    segments = [segment for segment in path.split("/") if segment][:MAX_PATH_SEGMENTS]
    return ("/", *("/" + "/".join(segments[: i + 1]) for i in range(len(segments))))


def keywords(head: Head) -> Mapping[str, tuple[str, ...]]:
    """The keyword fields of a document: field name -> values. ``metadata`` holds ``KEY=VALUE``.

    ``top`` is the first path segment of documents in a folder (``/docs``), else ``/``: the ``path`` facet counts it.
    """
    prefixes = path_prefixes(head.path)
    return {
        "site": (head.site,) if head.site else (),
        "path": prefixes,
        "top": (prefixes[1] if len(prefixes) > 2 else "/",),
        "language": (head.language,) if head.language else (),
        "source": (head.source,),
        "metadata": tuple(f"{key}={value}" for key, value in sorted(head.metadata.items())),
        "access": head.access or (PUBLIC,),
    }


def clauses(filters: Filters) -> tuple[Clause, ...]:
    """The conditions a document must all meet, access first and always there; dates are handled apart."""
    paths = tuple("/" + path.strip("/") for path in filters.path)
    wanted = [
        Clause("access", (PUBLIC, *(filters.groups or ()))),
        *(Clause("metadata", tuple(f"{key}={v}" for v in values)) for key, values in sorted(filters.metadata.items())),
        Clause("site", tuple(site.lower() for site in filters.site)),
        Clause("path", paths),
        Clause("language", filters.language),
        Clause("source", filters.source),
    ]
    return tuple(clause for clause in wanted if clause.values)


def facet_keyword(facet: str) -> tuple[str, str]:
    """Facet name -> (keyword field, prefix its values start with): ``metadata.team`` -> ``('metadata', 'team=')``."""
    if facet.startswith("metadata."):
        return "metadata", facet.removeprefix("metadata.") + "="
    return ("top" if facet == "path" else facet), ""


def suggestions(passage: Passage) -> tuple[tuple[str, str], ...]:
    """(key, text) pairs of one passage: its title and innermost heading, keyed by each suffix that starts at a word.

    Keys are lower case; a prefix typed by a person is looked up with ``key LIKE prefix%``.
    """
    pairs: dict[tuple[str, str], None] = {}
    for raw in (passage.head.title, *passage.heading_path[-1:]):
        text = " ".join(raw.split())[:MAX_SUGGESTION_CHARS]
        starts = [match.start() for match in re.finditer(r"\w+", text)][:MAX_SUGGESTION_KEYS]
        for start in starts:
            pairs[text[start:].lower(), text] = None
    return tuple(pairs)
