"""What is read out of one file that is not a web page, and the limits it is read under."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.block import Block, BlockKind, row_text
from crawler.documents.text_blocks import text_blocks
from crawler.errors import CrawlError
from crawler.outcome import Reason
from crawler.page import Section

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00ad": None, "\u00a0": " "}
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ufeff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t]*\n")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class DocumentConfig:
    """Limits of reading one document, and how many are read at a time. Times are seconds, sizes bytes.

    Above ``max_bytes``, ``max_unpacked_bytes`` (what a zipped office file grows to), ``max_members``, ``timeout_s`` and
    ``max_memory_bytes`` a document is refused; above ``max_pages``, ``max_rows`` (of one sheet) and ``max_text_chars``
    it is cut, and says so in its notes.
    """

    max_bytes: int = 50 * 1024 * 1024
    max_unpacked_bytes: int = 512 * 1024 * 1024
    max_members: int = 10_000
    max_pages: int = 2000
    max_rows: int = 50_000
    max_text_chars: int = 5_000_000
    timeout_s: float = 60.0
    max_memory_bytes: int = 1024 * 1024 * 1024
    processes: int = 1
    documents_per_process: int = 200


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """Text of a document. ``kind`` is ``pdf``, ``docx``, ``pptx``, ``xlsx`` or ``csv``.

    ``sections`` have their offsets; ``page_number`` counts pages of a PDF and slides from 1. ``metadata`` may hold
    ``author``, ``created``, ``modified`` (ISO 8601), ``subject``, ``keywords``, ``declared_language``, ``pages``.
    ``notes`` say what was left out.
    """

    title: str
    sections: tuple[Section, ...]
    kind: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class UnreadableDocument(CrawlError):
    """One document cannot be read; ``name`` is its URL or path, ``reason`` says why.

    Reasons: ``type``, ``too_large``, ``bomb``, ``encrypted``, ``damaged``, ``no_text``, ``timeout``, ``memory``,
    ``crashed``, ``missing_extra``.
    """

    def __init__(self, name: str, reason: Reason, what: str, cure: str = "") -> None:
        super().__init__(f"{name} {what}", cure)
        self.name = name
        self.reason = reason


class Refusal(Exception):
    """A reader's no, before the document's name is put to it."""

    def __init__(self, reason: Reason, what: str, cure: str = "") -> None:
        super().__init__(what)
        self.reason = reason
        self.what = what
        self.cure = cure


class Draft:
    """A document while it is read: collects sections up to the limit of text, and notes on what is left out."""

    def __init__(self, config: DocumentConfig) -> None:
        self.config = config
        self.title = ""
        self.metadata: dict[str, str] = {}
        self.notes: list[str] = []
        self.sections: list[Section] = []
        self._room = config.max_text_chars
        self._headings: list[tuple[int, str]] = []
        self._bare: Section | None = None
        self._groups = 0
        self._new_levels: list[int] = []

    @property
    def is_full(self) -> bool:
        """Whether the limit of text is reached; what is added from now on is dropped."""
        return self._room <= 0

    def new_group(self) -> int:
        """A number for the next list or table of the document."""
        self._groups += 1
        return self._groups

    def add(
        self,
        text: str,
        heading_path: tuple[str, ...] = (),
        page_number: int | None = None,
        anchor: str | None = None,
        *,
        marked: Sequence[tuple[str, Block]] = (),
        levels: Sequence[int] = (),
    ) -> None:
        """Append a section; empty text is ignored, text above the limit is cut and noted once.

        ``marked`` are its lines whose kind is known, as in ``text_blocks``; ``levels`` are those of the headings that
        it stands right below.
        """
        text = clean(text)
        if not text or self.is_full:
            return
        if len(text) > self._room:
            text = text[: self._room].rstrip()
            self.notes.append(f"text after the first {self.config.max_text_chars:,} characters is left out")
            self._room = 0
        self._room -= len(text)
        blocks = text_blocks(text, [(clean(words), like) for words, like in marked], self._groups)
        self._groups = max((self._groups, *(block.group for block in blocks)))
        headings = (Block(BlockKind.HEADING, 0, 0, level=level) for level in levels)
        self.sections.append(Section(text, heading_path, anchor, page_number=page_number, blocks=(*headings, *blocks)))

    def head(self, level: int, title: str, page_number: int | None = None, anchor: str | None = None) -> None:
        """Open a heading of ``level`` (from 1) for the text that follows; one that gets no text becomes text itself."""
        if self._bare is not None and level <= self._headings[-1][0]:
            self._keep_bare()
        self._headings = [heading for heading in self._headings if heading[0] < level]
        above = self.heading_path
        self._headings.append((level, title))
        self._new_levels = [one for one in self._new_levels if one < level] + [level]
        self._bare = Section(title, above, anchor, page_number=page_number)

    def tell(
        self,
        text: str,
        page_number: int | None = None,
        anchor: str | None = None,
        marked: Sequence[tuple[str, Block]] = (),
    ) -> None:
        """Append text under the open headings; ``marked`` as in ``add``."""
        if text.strip():
            self._bare = None
            self.add(text, self.heading_path, page_number, anchor, marked=marked, levels=self._new_levels)
            self._new_levels = []

    def finish(self) -> None:
        """Close the open headings."""
        self._keep_bare()
        self._headings = []

    @property
    def heading_path(self) -> tuple[str, ...]:
        """The open headings, outermost first."""
        return tuple(title for _, title in self._headings)

    def _keep_bare(self) -> None:
        if self._bare is not None:
            self.add(self._bare.text, self._bare.heading_path, self._bare.page_number, self._bare.anchor)
            self._new_levels = []
        self._bare = None

    def describe(self, **metadata: object) -> None:
        """Keep what is set of a document's own description."""
        for key, value in metadata.items():
            text = one_line(str(value or ""))
            if text:
                self.metadata[key] = text[:1000]


def clean(text: str) -> str:
    """Text without control characters, ligatures, broken surrogates and trailing spaces; at most one empty line."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _CONTROL.sub("", _LINE_END.sub("\n", text).translate(_LIGATURES))
    return _EMPTY_LINES.sub("\n\n", _SPACES.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """Clean text with every run of white space made one space."""
    return " ".join(clean(text).split())


def row_line(cells: list[str]) -> str:
    """A table row as one line, `` | `` between the cells; empty for a row without text."""
    cells = [one_line(cell) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return row_text(cells)
