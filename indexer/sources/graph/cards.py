"""An entity as a document: a card of its names, its facts and what leads to it."""

from collections.abc import Iterable

from indexer.document import Document
from indexer.sources.graph.graph import Entity, Fact, Graph
from indexer.sources.graph.terms import TYPE
from indexer.sources.graph.words import inverse
from indexer.sources.source import BadRecord
from indexer.sources.template import Templates

MAX_VALUES = 50
"""Of one relation a card names so many; the rest can be asked for."""


def entity_card(graph: Graph, entity: Entity, templates: Templates) -> Document | BadRecord:
    """Name, other names, description and each relation as a line; ``iri`` is the key."""
    fields: dict[str, str] = {}
    if others := [name for name in entity.names if name != entity.label]:
        fields["also called"] = ", ".join(others[:MAX_VALUES])
    if entity.description:
        fields["description"] = entity.description
    for word, values in _grouped(graph, entity.facts).items():
        fields.setdefault(word, "; ".join(values[:MAX_VALUES]))
    for word, values in _grouped(graph, entity.inverse, is_inverse=True).items():
        fields.setdefault(inverse(word), "; ".join(values[:MAX_VALUES]))
    return templates.document([entity.iri], {"iri": entity.iri, "name": entity.label, **fields}, own_title=entity.label)


def relation_word(graph: Graph, predicate: str) -> str:
    """What a predicate is called."""
    return "type" if predicate == TYPE else graph.label(predicate)


def _grouped(graph: Graph, facts: Iterable[Fact], *, is_inverse: bool = False) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in facts:
        word = relation_word(graph, fact.predicate)
        found.setdefault(word, []).append(graph.label(fact.subject) if is_inverse else graph.shown(fact))
    return found
