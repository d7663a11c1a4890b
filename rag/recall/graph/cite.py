"""Where a triple stands: on the card of the thing, or in the passage of a page that it was read from."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from crawler.page import Stated
from indexer.document import Document, Head, Passage, passage_id_of
from indexer.facts.keep import origin_of, thing_iri
from indexer.facts.read import DEFINITION, stated_facts
from indexer.sources.graph.cards import entity_card
from indexer.sources.graph.graph import Fact, Graph
from indexer.sources.naming import normal_name
from indexer.sources.template import Templates
from indexer.store import Filters
from rag.recall.memory import Evidence, Groups, may_see, quoted_line, whole
from rag.sentences import sentences

Cite = Callable[[str, str, Fact], Evidence | None]
"""(thing, what a line of its card begins with, triple) -> where it stands; None where the asker may not see it."""

GetPassages = Callable[[Sequence[str], Filters], list[Passage]]
MAX_LOOKED_AT = 20
"""In so many passages of a page it is looked for what the page states in data."""
RULES_TRUST, DATA_TRUST = 0.8, 0.95
"""What rules read out of pages never ends a question before the pages themselves were searched. What a page states in
data is its author's word; but two steps of it, or an answer to a question that is asked likewise, are not as sure."""


class CardCite:
    """Cites the lines of cards; a card is made once."""

    def __init__(self, graph: Graph, templates: Templates, groups: Groups) -> None:
        self._graph = graph
        self._templates = templates
        self._groups = groups
        self._cards: dict[str, Passage | None] = {}

    def __call__(self, iri: str, line: str, fact: Fact) -> Evidence | None:
        """The line of the thing's card."""
        if iri not in self._cards:
            card = entity_card(self._graph, self._graph.entity(iri), self._templates)
            is_shown = isinstance(card, Document) and may_see(card.head, self._groups)
            self._cards[iri] = whole(card) if is_shown and isinstance(card, Document) else None
        passage = self._cards[iri]
        return None if passage is None else quoted_line(passage, (line,))


class PageCite:
    """Cites the passages that facts were read from, as they are now; what a page says no longer is not cited."""

    def __init__(self, graph: Graph, get: GetPassages, groups: Groups) -> None:
        self._graph = graph
        self._get = get
        self._groups = groups

    def __call__(self, iri: str, line: str, fact: Fact) -> Evidence | None:
        """The sentence or line of the page that holds the value; of what it states in data the fact itself."""
        passage_id, doc_id = origin_of(fact.origin)
        value = self._graph.shown(fact)
        if not doc_id:
            found = (_sentence(passage, value) for passage in self._read([passage_id]))
            return next(filter(None, found), None)
        first = self._read([passage_id_of(doc_id, number) for number in range(MAX_LOOKED_AT)])
        for stated in stated_facts(first[0].head) if first else ():
            if normal_name(stated.value) == normal_name(value) and fact.subject == thing_iri(stated.subject):
                shown = (_sentence(passage, stated.value) for passage in first)
                told = (one for one in shown if one is not None and _is_about(stated, one.quote))
                return replace(next(told, None) or _in_data(first[0].head, stated), trust=DATA_TRUST)
        return None

    def _read(self, passage_ids: Sequence[str]) -> list[Passage]:
        return self._get(passage_ids, Filters(groups=self._groups))


def _sentence(passage: Passage, value: str) -> Evidence | None:
    at = passage.text.find(value)
    if at < 0:
        return None
    ends = [one for one in sentences(passage.text) if one.start < at + len(value) and at < one.end]
    start, end = (ends[0].start, ends[-1].end) if ends else (at, at + len(value))
    return Evidence(passage, passage.text[start:end], start, RULES_TRUST)


def _is_about(stated: Stated, quote: str) -> bool:
    """Whether a sentence with the value says more than that by chance."""
    words = normal_name(quote)
    return any(normal_name(name) in words for name in (stated.subject, stated.relation))


def _in_data(head: Head, stated: Stated) -> Evidence:
    """A fact that the page shows nowhere, as a line of its own."""
    relation = "" if stated.relation == DEFINITION else f", {stated.relation}"
    text = f"{stated.subject}{relation}{'' if stated.subject.endswith('?') else ':'} {stated.value}"
    return Evidence(Passage(head, 0, text, end_char=len(text)), text)
