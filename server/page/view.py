"""What the template shows, from what was asked and found: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from indexer.document import Head, Passage
from rag.answer import Answer, AnswerBlock, Citation, Shape
from ranker.hit import Hit, Results
from server.shapes import headings_below_title, passage_link

MAX_MORE = 3
MAX_PLACE_SEGMENTS = 3
PAGER_REACH = 2
"""How many page numbers stand to each side of the present one."""

FILTER_FIELDS = ("site", "path", "language", "source", "meta")
FACET_TITLES = {"site": "Site", "path": "Section", "language": "Language", "source": "Source"}
LANGUAGES = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a page's URL, as given; ``filters`` maps each of FILTER_FIELDS to its values.

    ``session`` names the conversation that a question belongs to.
    """

    q: str = ""
    page: int = 1
    sort: str = "relevance"
    modified_from: str = ""
    modified_before: str = ""
    is_as_typed: bool = False
    session: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def url(
        self,
        *,
        at: str = "/",
        page: int = 1,
        sort: str | None = None,
        changed: Mapping[str, tuple[str, ...]] | None = None,
        q: str | None = None,
        as_typed: bool | None = None,
    ) -> str:
        """A link to this search with something changed; changing anything leads back to the first page."""
        pairs: list[tuple[str, str]] = [("q", self.q if q is None else q)]
        if page > 1:
            pairs.append(("page", str(page)))
        if (sort or self.sort) != "relevance":
            pairs.append(("sort", sort or self.sort))
        if self.is_as_typed if as_typed is None else as_typed:
            pairs.append(("as_typed", "1"))
        chosen = {**self.filters, **(changed or {})}
        pairs += [(name, value) for name in FILTER_FIELDS for value in chosen.get(name, ())]
        dates = (("from", self.modified_from), ("before", self.modified_before))
        pairs += [(name, value) for name, value in dates if value]
        return f"{at}?{urlencode(pairs)}"


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of an answer with the number of its source and the headings it stands under; none where those are the
    headings of the block before it."""

    block: AnswerBlock
    number: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows or widens the search."""

    label: str
    url: str
    count: int = 0
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with its commonest values."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the template shows it."""

    rank: int
    url: str
    title: str
    place: tuple[str, ...]
    headings: tuple[str, ...]
    snippet: str
    language: str
    date: str
    more: tuple[tuple[str, str], ...]
    similar: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A page an answer cites; ``number`` is what the sentences show."""

    number: int
    url: str
    title: str
    place: str
    date: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an answer's text and the sources that follow it, as (number, url of the quote)."""

    text: str
    sources: tuple[tuple[int, str], ...] = ()


def shown_hits(results: Results, asked: Asked, size: int) -> tuple[ShownHit, ...]:
    """The hits of one page, ranks counted over all pages."""
    first = (asked.page - 1) * size + 1
    return tuple(_shown(hit, rank) for rank, hit in enumerate(results.hits, first))


def _shown(hit: Hit, rank: int) -> ShownHit:
    head = hit.passage.head
    return ShownHit(
        rank=rank,
        url=passage_link(hit.passage),
        title=head.title or head.url,
        place=place_of(head),
        headings=headings_below_title(hit.passage),
        snippet=hit.snippet,
        language=head.language or "",
        date=date_of(head),
        more=_more(hit),
        similar=tuple((passage_link(one), " › ".join(place_of(one.head))) for one in hit.similar),
    )


def shown_closest(answer: Answer) -> tuple[ShownHit, ...]:
    """Where to look instead of an answer that there is none."""
    return tuple(_shown(hit, rank) for rank, hit in enumerate(answer.closest, 1))


def date_of(head: Head) -> str:
    """The day a page was last changed, as far as it says so."""
    return f"{head.modified_at:%Y-%m-%d}" if head.modified_at else ""


def _more(hit: Hit) -> tuple[tuple[str, str], ...]:
    links: dict[str, str] = {}
    for passage in hit.more:
        headings = headings_below_title(passage)
        if headings and headings != headings_below_title(hit.passage):
            links.setdefault(passage_link(passage), headings[-1])
    return tuple(links.items())[:MAX_MORE]


def place_of(head: Head) -> tuple[str, ...]:
    """``('docs.example.com', 'guide', 'install.html')``: where a page stands, long paths cut in the middle."""
    segments = [segment for segment in head.path.split("/") if segment]
    if len(segments) > MAX_PLACE_SEGMENTS:
        segments = [segments[0], "…", *segments[-(MAX_PLACE_SEGMENTS - 1) :]]
    return tuple(part for part in (head.site, *segments) if part)


def facets(results: Results, asked: Asked) -> tuple[Facet, ...]:
    """Fields that can narrow this search: those with two values, or with one that is chosen."""
    shown = []
    for name, counts in results.facets.items():
        key, label_of = ("meta", name.removeprefix("metadata.")) if name.startswith("metadata.") else (name, "")
        chosen = asked.filters.get(key, ())
        choices = []
        for raw, count in counts:
            value = f"{label_of}={raw}" if label_of else raw
            is_chosen = value in chosen
            kept = tuple(v for v in chosen if v != value) if is_chosen else (*chosen, value)
            url = asked.url(changed={key: kept})
            choices.append(Choice(label(key, raw), url, count, is_chosen))
        if len(choices) > 1 or any(choice.is_chosen for choice in choices):
            shown.append(Facet(FACET_TITLES.get(name, label_of.capitalize() or name), tuple(choices)))
    return tuple(shown)


def label(field_name: str, value: str) -> str:
    """A filter value in a person's words."""
    if field_name == "language":
        return LANGUAGES.get(value.partition("-")[0], value)
    return "Top level" if field_name == "path" and value == "/" else value


def active_filters(asked: Asked) -> tuple[Choice, ...]:
    """One removable chip for each filter in force."""
    chips = []
    for name in FILTER_FIELDS:
        values = asked.filters.get(name, ())
        for value in values:
            rest = tuple(v for v in values if v != value)
            chips.append(Choice(label(name, value), asked.url(changed={name: rest}), is_chosen=True))
    return tuple(chips)


def pager(total: int, asked: Asked, size: int) -> tuple[Choice, ...]:
    """Links to the pages around this one; empty where everything fits on one page."""
    last = -(-total // size)
    if last < 2:
        return ()
    low = max(1, min(asked.page - PAGER_REACH, last - 2 * PAGER_REACH))
    high = min(last, low + 2 * PAGER_REACH)
    return tuple(
        Choice(str(number), asked.url(page=number), is_chosen=number == asked.page) for number in range(low, high + 1)
    )


def answer_sources(answer: Answer) -> dict[str, Source]:
    """The pages that are cited or shown, numbered, by document id."""
    sources: dict[str, Source] = {}
    cited = [(citation.passage.head, citation.url) for citation in answer.citations]
    for head, url in (*cited, *((block.passage.head, block.url) for block in answer.blocks)):
        if head.doc_id not in sources:
            place = " › ".join(place_of(head))
            sources[head.doc_id] = Source(len(sources) + 1, url, head.title or head.url, place, date_of(head))
    return sources


def answer_pieces(answer: Answer, sources: Mapping[str, Source]) -> tuple[Piece, ...]:
    """The answer's text cut after each cited sentence; none where it is but blocks as plain text."""
    if answer.is_told_by_blocks:
        return ()
    pieces: list[Piece] = []
    end = 0
    for citations in _by_sentence(answer.citations):
        stop = citations[0].answer_end_char
        numbers = [(sources[citation.passage.head.doc_id].number, citation.url) for citation in citations]
        pieces.append(Piece(answer.text[end:stop], tuple(dict.fromkeys(numbers))))
        end = stop
    if answer.text[end:].strip():
        pieces.append(Piece(answer.text[end:]))
    return tuple(pieces)


def answer_blocks(answer: Answer, sources: Mapping[str, Source]) -> tuple[ShownBlock, ...]:
    """The blocks to show: all but a paragraph that the text above says already."""
    shown = [
        block
        for block in answer.blocks
        if not (block.shape is Shape.PARAGRAPH and " ".join(block.text.split()) == answer.text)
    ]
    return tuple(
        ShownBlock(
            block,
            sources[block.passage.head.doc_id].number,
            () if last is not None and last.passage.place == block.passage.place else _above(block.passage),
        )
        for last, block in zip([None, *shown], shown, strict=False)
    )


def _above(passage: Passage) -> tuple[str, ...]:
    """What stands above a part of a page: its headings, or at the begin of the page the title."""
    return headings_below_title(passage) or (passage.head.title,)


def _by_sentence(citations: Sequence[Citation]) -> list[list[Citation]]:
    groups: dict[int, list[Citation]] = {}
    for citation in sorted(citations, key=lambda c: c.answer_end_char):
        groups.setdefault(citation.answer_end_char, []).append(citation)
    return list(groups.values())
