"""Relations by the words people have for them. Pure, over what a graph calls its predicates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from indexer.sources.graph.graph import Graph
from indexer.sources.graph.terms import ALIASES, DESCRIPTIONS, LABELS, TYPE, local_words
from rag.recall.asked import stems_of


class About(StrEnum):
    """What a question may ask of a thing beside its relations to others."""

    DESCRIPTION = "description"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Relation:
    """A predicate, in the other direction where ``is_inverse``; ``words`` are what it is answered with."""

    predicate: str
    is_inverse: bool
    words: str


Step = tuple[Relation, ...] | About
"""All relations that the same words stand for, or what is asked of the thing itself."""

_ABOUT = {
    About.DESCRIPTION: ["definition", "define", "defined", "description", "meaning", "mean", "means", "gloss"],
    About.NAMES: [
        "synonym",
        "synonyms",
        "alias",
        "aliases",
        "other name",
        "other names",
        "also called",
        "another name",
    ],
}


class Relations:
    """Words -> steps, and words -> classes of things, by stems."""

    def __init__(self, graph: Graph, given: Mapping[str, tuple[str, ...]]) -> None:
        self._steps: dict[tuple[str, ...], Step] = {
            stems_of(word): about for about, words in _ABOUT.items() for word in words
        }
        found: dict[tuple[str, ...], list[Relation]] = {}
        own = {*LABELS, *ALIASES, *DESCRIPTIONS}
        for predicate in graph.predicates():
            if predicate in own:
                continue
            short = local_words(predicate)
            names = ("type", "kind") if predicate == TYPE else (*graph.names(predicate), short)
            plain, turned = _given(given, predicate, short)
            for word in (*plain, *names):
                found.setdefault(stems_of(word), []).append(Relation(predicate, False, (*plain, *names)[0]))
            for word in turned:
                found.setdefault(stems_of(word), []).append(Relation(predicate, True, turned[0]))
        self._steps |= {stems: tuple(dict.fromkeys(relations)) for stems, relations in found.items() if stems}

        classes: dict[tuple[str, ...], list[str]] = {}
        for iri in graph.classes():
            for name in (*graph.names(iri), local_words(iri)):
                classes.setdefault(stems_of(name), []).append(iri)
        self._classes = {stems: tuple(dict.fromkeys(found)) for stems, found in classes.items() if stems}

    def classes(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """The classes that these words name: ``rivers``."""
        return self._classes.get(stems, ())

    def get(self, stems: tuple[str, ...]) -> Step | None:
        """The step that these words stand for."""
        return self._steps.get(stems)


def _given(given: Mapping[str, tuple[str, ...]], predicate: str, short: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words of the configuration for a predicate, and for it the other way round."""

    def of(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(word for key in keys for word in given.get(key, ()))

    last = predicate.rstrip("/#").replace("#", "/").rpartition("/")[2]
    keys = dict.fromkeys((predicate, last, short))
    return of(keys), of(f"^{key}" for key in keys)
