"""What one fetched page says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from crawler.block import Block, moved
from crawler.outcome import Reason

SECTION_SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Section:
    """A run of text under one heading path.

    ``start_char`` and ``end_char`` are offsets into the text of the whole page, which is its sections joined by
    ``SECTION_SEPARATOR``; so ``page.text[s.start_char:s.end_char] == s.text``. The offsets of ``blocks`` count in the
    text of the whole page, too.
    """

    text: str
    heading_path: tuple[str, ...] = ()
    anchor: str | None = None
    start_char: int = 0
    end_char: int = 0
    page_number: int | None = None
    blocks: tuple[Block, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as a call, which is several times as fast, since sections go from process to process."""
        return Section, _SECTION_VALUES(self)


@dataclass(frozen=True, slots=True)
class Link:
    """A link found on a page: absolute URL without fragment, its visible text, and whether it says nofollow."""

    url: str
    text: str = ""
    is_nofollow: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as a call like a section; a page has a hundred links."""
        return Link, (self.url, self.text, self.is_nofollow)


class Stated(NamedTuple):
    """A fact that a page states in data for machines: ``relation`` leads from ``subject`` to ``value``.

    ``relation`` is the local name of a property (``openingHours``), ``type`` for the class of a thing, or words.
    """

    subject: str
    relation: str
    value: str


_SECTION_VALUES = attrgetter(*(one.name for one in fields(Section)))


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched and extracted page. Times are UTC; ``content_hash`` covers title, text and ``stated`` only.

    ``url`` is the one that was asked for, absolute and in its one spelling: where a server or an author names another
    one, the page is none of its own but a redirect or a copy, so there is no second URL to keep.

    ``notes`` say what was left out of a document for its size, ``stated`` is what it states in data (JSON-LD,
    microdata).
    """

    url: str
    status: int
    fetched_at: datetime
    title: str
    sections: tuple[Section, ...]
    content_hash: str
    links: tuple[Link, ...] = ()
    language: str | None = None
    description: str = ""
    content_type: str = "text/html"
    etag: str | None = None
    last_modified: datetime | None = None
    is_indexable: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()

    @property
    def text(self) -> str:
        """The sections' texts joined by ``SECTION_SEPARATOR``."""
        return SECTION_SEPARATOR.join(section.text for section in self.sections)


@dataclass(frozen=True, slots=True)
class Gone:
    """A page that was known and is no more (404, 410, now noindex, or now a duplicate of another URL)."""

    url: str
    reason: Reason


def place_sections(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Give consecutive sections their character offsets in the page text; empty sections are dropped.

    The offsets of their blocks, which count from the beginning of each section's text, are moved along.
    """
    placed: list[Section] = []
    start = 0
    for section in sections:
        if not section.text:
            continue
        end = start + len(section.text)
        placed.append(replace(section, start_char=start, end_char=end, blocks=moved(section.blocks, start)))
        start = end + len(SECTION_SEPARATOR)
    return tuple(placed)
