"""A graph to read: what its things are called, and what it says of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from indexer.sources.card import MAX_VALUE_CHARS
from indexer.sources.graph.terms import ALIASES, DESCRIPTIONS, LABELS, PROPERTY_CLASSES, TYPE, local_words
from indexer.sources.naming import normal_name

if TYPE_CHECKING:
    from pyoxigraph import Store

OWN = "urn:recollect:graph:"
"""What begins so is no part of what was read: an entity's mark and its names in one spelling."""
ENTITY, NAME = f"{OWN}entity", f"{OWN}name"
MAX_WEIGHED = 100
MAX_FACTS = 500
"""A thing at which a whole graph hangs is told by its first facts."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One triple: ``predicate`` leads from ``subject`` to ``value``, which is an IRI where ``is_entity``.

    ``origin`` names the file or passage that says so.
    """

    subject: str
    predicate: str
    value: str
    is_entity: bool
    language: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing by its names, the best first, and what describes it; ``facts`` are told of it, ``inverse`` lead to it."""

    iri: str
    label: str
    names: tuple[str, ...]
    description: str
    facts: tuple[Fact, ...]
    inverse: tuple[Fact, ...]


class Graph:
    """One version of a graph; thread-safe, since it is never written. ``languages`` are preferred in this order."""

    def __init__(self, store: "Store", languages: tuple[str, ...] = ("en",)) -> None:
        self._store = store
        self._languages = languages

    def entities(self) -> Iterator[str]:
        """Every thing that facts are told of, without the vocabulary itself; in any order."""
        for quad in self._quads(None, ENTITY):
            iri = quad.subject.value
            is_told = any(fact.value in PROPERTY_CLASSES for fact in self.facts_of(iri, TYPE))
            if not is_told and next(self._quads(None, iri), None) is None:
                yield iri

    def predicates(self) -> list[str]:
        """Every predicate that occurs."""
        found = self._store.query("SELECT DISTINCT ?p WHERE { GRAPH ?g { ?s ?p ?o } }")
        return sorted(iri for row in found if not (iri := row["p"].value).startswith(OWN))  # type: ignore[union-attr]

    def classes(self) -> list[str]:
        """Every class that some thing is of."""
        found = self._store.query(f"SELECT DISTINCT ?c WHERE {{ GRAPH ?g {{ ?s <{TYPE}> ?c . FILTER(isIRI(?c)) }} }}")
        return sorted(row["c"].value for row in found)  # type: ignore[union-attr]

    def is_of(self, iri: str, classes: tuple[str, ...]) -> bool:
        """Whether a thing is of one of these classes."""
        return any(fact.value in classes for fact in self._facts(iri, TYPE))

    def named(self, name: str) -> list[str]:
        """The things called so, in any spelling, by IRI."""
        from pyoxigraph import Literal

        return sorted({quad.subject.value for quad in self._quads(None, NAME, Literal(normal_name(name)))})

    def likeliest(self, name: str, most: int) -> list[str]:
        """The things called so, those first that are mostly meant: best called so, then with most facts."""
        spelt = normal_name(name)
        return sorted(
            self.named(name), key=lambda iri: (normal_name(self.label(iri)) != spelt, -self._weight(iri), iri)
        )[:most]

    def _weight(self, iri: str) -> int:
        own = {*LABELS, *ALIASES, *DESCRIPTIONS}
        outgoing = sum(fact.predicate not in own for fact in islice(self._facts(iri), MAX_WEIGHED))
        return outgoing + sum(1 for _ in islice(self._inverse(iri), MAX_WEIGHED))

    def facts_of(self, iri: str, predicate: str) -> list[Fact]:
        """What the predicate leads to, literals in the preferred language where they come in several."""
        return self._in_best_language(islice(self._facts(iri, predicate), MAX_FACTS))

    def facts_to(self, iri: str, predicate: str) -> list[Fact]:
        """What leads to this thing by the predicate."""
        return list(islice(self._inverse(iri, predicate), MAX_FACTS))

    def label(self, iri: str) -> str:
        """What it is best called; where it has no name the last part of its IRI."""
        return next((fact.value for fact in self._texts(iri, LABELS)), None) or local_words(iri)

    def descriptions(self, iri: str) -> list[Fact]:
        """What describes it, the best first."""
        return self._texts(iri, DESCRIPTIONS)

    def called(self, iri: str) -> list[Fact]:
        """All that it is called, labels first, those of the preferred language first among them."""
        return self._texts(iri, LABELS) + self._texts(iri, ALIASES)

    def names(self, iri: str) -> tuple[str, ...]:
        """The same as texts, each once."""
        return tuple(dict.fromkeys(fact.value for fact in self.called(iri)))

    def entity(self, iri: str) -> Entity:
        """All that is told of it."""
        own = {*LABELS, *ALIASES, *DESCRIPTIONS}
        by_predicate: dict[str, list[Fact]] = {}
        for fact in islice(self._facts(iri), MAX_FACTS):
            by_predicate.setdefault(fact.predicate, []).append(fact)
        facts = tuple(
            fact for name, found in by_predicate.items() if name not in own for fact in self._in_best_language(found)
        )
        inverse = tuple(islice(self._inverse(iri), MAX_FACTS))
        description = next((fact.value for fact in self.descriptions(iri)), "")
        return Entity(iri, self.label(iri), self.names(iri), description, facts, inverse)

    def shown(self, fact: Fact) -> str:
        """The value of a fact as a reader sees it."""
        return self.label(fact.value) if fact.is_entity else fact.value

    def _texts(self, iri: str, predicates: tuple[str, ...]) -> list[Fact]:
        found = [
            (self._rank(fact.language), number, fact.value, fact)
            for number, predicate in enumerate(predicates)
            for fact in self._facts(iri, predicate)
            if not fact.is_entity
        ]
        return [fact for _, _, _, fact in sorted(found, key=lambda one: one[:3])]

    def _facts(self, iri: str, predicate: str | None = None) -> Iterator[Fact]:
        """Triples of this subject; what it says by a blank node is said by the facts of that node."""
        from pyoxigraph import BlankNode, Literal, NamedNode

        for quad in self._quads(iri, predicate):
            name, value, origin = quad.predicate.value, quad.object, quad.graph_name.value
            if name.startswith(OWN):
                continue
            if isinstance(value, Literal):
                text = value.value[:MAX_VALUE_CHARS]
                yield Fact(iri, name, text, is_entity=False, language=(value.language or "").lower(), origin=origin)
            elif isinstance(value, NamedNode):
                yield Fact(iri, name, value.value, is_entity=True, origin=origin)
            elif isinstance(value, BlankNode):
                inner = self._store.quads_for_pattern(value, None, None, None)
                yield from (
                    Fact(iri, name, one.object.value[:MAX_VALUE_CHARS], is_entity=isinstance(one.object, NamedNode))
                    for one in islice(inner, MAX_FACTS)
                    if isinstance(one.object, Literal | NamedNode) and one.predicate.value != TYPE
                )

    def _inverse(self, iri: str, predicate: str | None = None) -> Iterator[Fact]:
        from pyoxigraph import NamedNode

        for quad in self._quads(None, predicate, NamedNode(iri)):
            if isinstance(quad.subject, NamedNode) and not quad.predicate.value.startswith(OWN):
                yield Fact(quad.subject.value, quad.predicate.value, iri, is_entity=True, origin=quad.graph_name.value)

    def _quads(self, subject: str | None, predicate: str | None, value: Any = None) -> Iterator[Any]:
        from pyoxigraph import NamedNode

        return self._store.quads_for_pattern(
            NamedNode(subject) if subject else None, NamedNode(predicate) if predicate else None, value, None
        )

    def _in_best_language(self, facts: Iterable[Fact]) -> list[Fact]:
        found = list(dict.fromkeys(facts))
        ranks = {self._rank(fact.language) for fact in found if fact.language}
        best = min(ranks, default=0)
        return [fact for fact in found if not fact.language or self._rank(fact.language) == best]

    def _rank(self, language: str) -> int:
        """Preferred languages first, then texts without one, then the others."""
        base = language.partition("-")[0]
        if base in self._languages:
            return self._languages.index(base)
        return len(self._languages) + (1 if base else 0)
