"""What both stores filter, count and suggest by: pure functions, so that every store gives the same answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.asking.exact import folded
from indexer.document import Head, Passage
from indexer.store import Filters

PUBLIC = "*"
"""The access keyword of a document that everybody may see."""

MAX_PATH_SEGMENTS = 16
MAX_SUGGESTION_CHARS = 100
MAX_SUGGESTION_KEYS = 12

TITLE_MARK = "\x02"
"""Begins the keys of titles; no one types it."""

_WORD_START = re.compile(r"(?<!\w)\w|(?<![^\W_])[^\W_]|(?<=[a-z\d])[A-Z]")
_NUMBER = re.compile(r"^(?:§ ?)?\d+\.(?:\d+\.?)*\s+(?=\w)")
"""The number of a section, as in ``4.2. Files``; but ``7 ways`` begins with a word."""


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

    Parts of identifiers are words, too, and the number of a section is left out. Keys are lower case, with accents and
    without; those of titles begin with ``TITLE_MARK``. A prefix typed by a person is looked up with ``key LIKE
    prefix%``, among titles first.
    """
    pairs: dict[tuple[str, str], None] = {}
    for mark, raw in ((TITLE_MARK, passage.head.title), *(("", heading) for heading in passage.heading_path[-1:])):
        text = _NUMBER.sub("", " ".join(raw.split()))[:MAX_SUGGESTION_CHARS]
        pairs |= {(mark + key, text): None for key in word_starts(text)}
    return tuple(pairs)


def word_starts(text: str) -> tuple[str, ...]:
    """What a text is suggested by: each of its ends that begins with a word or with a part of an identifier.

    Lower case, with accents and without.
    """
    starts = [match.start() for match in _WORD_START.finditer(text)][:MAX_SUGGESTION_KEYS]
    return tuple(dict.fromkeys(key for start in starts for key in (text[start:].lower(), folded(text[start:]))))


def suggestion_prefixes(typed: str) -> tuple[str, ...]:
    """What keys begin with for a text typed, those of titles first; none for an empty one or one too long."""
    wanted = " ".join(typed.split()).lower()
    return (TITLE_MARK + wanted, wanted) if 0 < len(wanted) <= MAX_SUGGESTION_CHARS else ()
