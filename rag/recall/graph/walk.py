"""Along a way through a graph: where it arrives, and which triples it goes by, each with the card that says it."""

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.sources.graph.cards import relation_word
from indexer.sources.graph.graph import Fact, Graph
from indexer.sources.graph.words import as_verb, inverse
from rag.recall.graph.cite import Cite
from rag.recall.graph.read import Way
from rag.recall.graph.relations import About, Relation, Step
from rag.recall.memory import Statement

MAX_BETWEEN = 20
"""From so many things a second step goes on."""
MAX_ARRIVALS = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a way leads to: ``value``, an IRI where ``is_entity``, by ``statements``, one a step."""

    value: str
    is_entity: bool
    statements: tuple[Statement, ...]


class Walk:
    """The walks of one question; what ``cite`` finds nothing for is not said."""

    def __init__(self, graph: Graph, cite: Cite) -> None:
        self._graph = graph
        self._cite = cite

    def arrivals(self, iri: str, way: Way) -> list[Arrival]:
        """Where the way leads from one thing."""
        arrivals = [Arrival(iri, True, ())]
        for number, step in enumerate(way.steps or (About.DESCRIPTION,)):
            is_active = way.is_active and number == 0
            arrivals = [
                Arrival(after.value, after.is_entity, (*before.statements, *after.statements))
                for before in arrivals[:MAX_BETWEEN]
                if before.is_entity
                for after in self._stepped(before.value, step, is_active=is_active)
            ][:MAX_ARRIVALS]
        if way.classes:
            return [one for one in arrivals if one.is_entity and self._graph.is_of(one.value, way.classes)]
        return arrivals

    def _stepped(self, iri: str, step: Step, *, is_active: bool) -> Iterator[Arrival]:
        if isinstance(step, About):
            yield from self._arrivals(iri, step)
            return
        # "Which rivers flow into the Danube?" asks where the relation comes from, "the capital of" where it goes.
        turned = [found for one in map(_turned, step) for found in self._facts(iri, one)] if is_active else []
        for fact, relation in turned or [found for one in step for found in self._facts(iri, one)]:
            word = relation_word(self._graph, fact.predicate)
            evidence = self._cite(iri, inverse(word) if relation.is_inverse else word, fact)
            if evidence is None:
                continue
            value = self._graph.shown(fact)
            spoken = word if relation.is_inverse else relation.words
            text = _said(self._graph.label(fact.subject), spoken, value)
            other = fact.subject if relation.is_inverse else fact.value
            yield Arrival(other, fact.is_entity, (Statement(text, (evidence,)),))

    def _arrivals(self, iri: str, about: About) -> Iterator[Arrival]:
        label = self._graph.label(iri)
        is_described = about is About.DESCRIPTION
        facts = self._graph.descriptions(iri)[:1] if is_described else self._graph.called(iri)
        for fact in facts:
            evidence = self._cite(iri, "description" if is_described else "also called", fact)
            if evidence is not None and fact.value != label:
                text = fact.value
                said = f"{label}: {text}" if is_described else f"{label} is also called {text}."
                is_whole = text.startswith(label) or label.endswith("?")
                yield Arrival(text, False, (Statement(text if is_whole else said, (evidence,)),))

    def _facts(self, iri: str, relation: Relation) -> list[tuple[Fact, Relation]]:
        read = self._graph.facts_to if relation.is_inverse else self._graph.facts_of
        return [(fact, relation) for fact in read(iri, relation.predicate)[:MAX_ARRIVALS]]


def _turned(relation: Relation) -> Relation:
    return Relation(relation.predicate, not relation.is_inverse, relation.words)


def _said(subject: str, word: str, value: str) -> str:
    """``Inn flows into Danube.``, ``The length of Inn is 518.``"""
    end = "" if value.endswith((".", "!", "?")) else "."
    verb = as_verb(word)
    return f"{subject} {verb} {value}{end}" if verb else f"The {word} of {subject} is {value}{end}"
