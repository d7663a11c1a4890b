"""Where a triple stands: on the card of the thing, or in the passage of a page that it was read from."""

from collections.abc import Callable, Sequence

from indexer.document import Document, Passage
from indexer.facts.keep import passage_of
from indexer.sources.graph.cards import entity_card
from indexer.sources.graph.graph import Fact, Graph
from indexer.sources.template import Templates
from indexer.store import Filters
from rag.recall.memory import Evidence, Groups, may_see, quoted_line, whole
from rag.sentences import sentences

Cite = Callable[[str, str, Fact], Evidence | None]
"""(thing, what a line of its card begins with, triple) -> where it stands; None where the asker may not see it."""

GetPassages = Callable[[Sequence[str], Filters], list[Passage]]


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

    def __init__(self, get: GetPassages, groups: Groups) -> None:
        self._get = get
        self._groups = groups

    def __call__(self, iri: str, line: str, fact: Fact) -> Evidence | None:
        """The sentence or line of the page that holds the value."""
        for passage in self._get([passage_of(fact.origin)], Filters(groups=self._groups)):
            at = passage.text.find(fact.value)
            if at >= 0:
                ends = [one for one in sentences(passage.text) if one.start < at + len(fact.value) and at < one.end]
                start, end = (ends[0].start, ends[-1].end) if ends else (at, at + len(fact.value))
                return Evidence(passage, passage.text[start:end], start)
        return None
