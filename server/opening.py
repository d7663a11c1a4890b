"""Where a browser opens what was found: at its own address, or at ours where browsers open none such. Pure functions.

Files that were imported have ``file:`` addresses, which lead nowhere from a page of the web; the server shows their
text itself (``server.page.document``). ``base`` is the server's own address without a slash at the end, or nothing for
links from its pages.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TypeVar

from indexer.document import Passage
from rag.answer import Answer, AnswerBlock, Citation
from rag.events import Chunk, Done, Event, Sources
from ranker.hit import Hit, Results
from server.shapes import passage_link

WEB = ("http://", "https://")
Placed = TypeVar("Placed", Citation, AnswerBlock)


def opened_results(results: Results, base: str) -> Results:
    """The same results, each hit with an address that browsers open."""
    return replace(results, hits=_hits(results.hits, base))


def opened_answer(answer: Answer, base: str) -> Answer:
    """The same answer; what it cites and shows opens at the place."""
    return replace(
        answer,
        citations=_citations(answer.citations, base),
        blocks=tuple(_opened(block, base) for block in answer.blocks),
        hits=_hits(answer.hits, base),
    )


def opened_events(events: Iterator[Event], base: str) -> Iterator[Event]:
    """The same events of an answer that is being made; closing them closes those given."""
    try:
        yield from (_event(event, base) for event in events)
    finally:
        if isinstance(events, Generator):
            events.close()


def _event(event: Event, base: str) -> Event:
    match event:
        case Sources(hits=hits):
            return Sources(_hits(hits, base))
        case Chunk(text=text, citations=citations):
            return Chunk(text, _citations(citations, base))
        case Done(answer=answer):
            return Done(opened_answer(answer, base))
        case _:
            return event


def _citations(citations: tuple[Citation, ...], base: str) -> tuple[Citation, ...]:
    return tuple(_opened(citation, base) for citation in citations)


def _hits(hits: tuple[Hit, ...], base: str) -> tuple[Hit, ...]:
    return tuple(
        replace(
            hit,
            passage=opened_passage(hit.passage, base),
            more=tuple(opened_passage(one, base) for one in hit.more),
            similar=tuple(opened_passage(one, base) for one in hit.similar),
        )
        for hit in hits
    )


def _opened(placed: Placed, base: str) -> Placed:
    """A citation or a block; the words that its ``url`` marks stay marked."""
    if _opens(placed.passage.head.url):
        return placed
    passage = opened_passage(placed.passage, base)
    _, mark, words = placed.url.partition(":~:")
    return replace(placed, passage=passage, url=f"{passage_link(passage)}{mark}{words}")


def opened_passage(passage: Passage, base: str) -> Passage:
    """The same passage with an address that browsers open."""
    head = passage.head
    if _opens(head.url):
        return passage
    url = f"{base}/documents/{head.doc_id}"
    return replace(passage, head=replace(head, url=url), anchor=passage.anchor or place_name(passage))


def place_name(passage: Passage) -> str:
    """The name, on a page of ours, of the place of a passage that has none of its own."""
    return f"p{passage.ordinal}"


def _opens(url: str) -> bool:
    """Whether a link leads as it is: on the web, or nowhere, as what is counted over many records (``record:NAME``).

    Of anything else a browser might make a script (``javascript:``), whatever memory it comes from.
    """
    return not url or url.startswith(WEB) or (url.startswith("record:") and "/" not in url)
