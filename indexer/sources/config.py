"""Settings of sources."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_USER = re.compile(r"//[^/]*@")
SourceKind = Literal["sql", "key-value", "graph"]


@dataclass(frozen=True, slots=True)
class RecallConfig:
    """How people ask a source directly, beside what is searched; ``enabled`` false leaves it to the search.

    ``words`` are further words for a column or a predicate (its IRI or the last part of it; ``^`` before it turns it
    round), the one to answer with first. sql: ``nouns`` are what a row is called, ``names`` the columns that name it.
    """

    enabled: bool = True
    nouns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One source: ``kind`` says which of the other settings it takes.

    ``url`` leads to it. ``key`` names the column or columns that tell records apart; ``title``, ``text``, ``link`` are
    Jinja templates over a record's fields. Without ``text`` a card lists all fields but those in ``hidden``.
    ``metadata`` names fields to filter by. ``access`` lists the groups that may see all of it, ``access_field`` names a
    field that lists them for each record. ``language`` (ISO 639-1) is that of the texts, empty to detect it.

    sql: ``table`` or ``query`` (one SELECT); ``changed`` names a column that grows with each change: time or number.
    key-value: ``prefix`` of the keys, ``keys`` for Memcached, which cannot list them.
    graph: ``url`` is an RDF file, a folder of them, or a SPARQL endpoint (http), of which ``query`` (one CONSTRUCT)
    takes a part. ``language`` is that of names and texts where there are several.
    """

    name: str = ""
    kind: SourceKind = "sql"
    url: str = field(default="", repr=False)
    table: str = ""
    query: str = ""
    key: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    link: str = ""
    metadata: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    access_field: str = ""
    changed: str = ""
    language: str = ""
    prefix: str = ""
    keys: tuple[str, ...] = ()
    recall: RecallConfig = RecallConfig()

    @property
    def digest(self) -> str:
        """Tells settings that make other records of the same source; a new password or other questions make none."""
        url = _USER.sub("//", self.url)
        return hashlib.sha256(repr(replace(self, url="-", recall=RecallConfig())).encode() + url.encode()).hexdigest()[
            :16
        ]

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"name {self.name!r} must be of letters, digits, dots, dashes and underscores")
        if self.kind == "sql" and bool(self.table) == bool(self.query):
            raise ValueError("table or query: name one of them")
        if self.kind == "sql" and not self.key:
            raise ValueError("key names no column that tells records apart")
        if not self.url:
            raise ValueError("url does not say where it is")


def check_sources(sources: Sequence[SourceConfig]) -> None:
    """Raise ValueError where two have one name."""
    names = [source.name for source in sources]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"sources: two are named {twice!r}")
