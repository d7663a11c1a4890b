"""The facts of all pages as a graph: each passage is a named graph of its own, so that a fact tells where it stands."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from indexer.document import Passage
from indexer.facts.read import DEFINITION, PageFact, facts_of
from indexer.sources.graph.graph import ENTITY, NAME
from indexer.sources.graph.kept import KeptGraph, Version
from indexer.sources.graph.terms import DESCRIPTIONS, LABELS
from indexer.sources.naming import normal_name, spellings

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

BASE = "urn:recollect:page-facts:"
PASSAGE = f"{BASE}passage:"


@dataclass(frozen=True, slots=True)
class FactCount:
    """How many passages were read and how many facts were found in them."""

    passages: int = 0
    facts: int = 0


def keep_facts(passages: Iterable[Passage], kept: KeptGraph) -> FactCount:
    """Read the facts of all passages into a new version of the graph."""
    counts = {"passages": 0, "facts": 0}
    digest = hashlib.sha256()

    def quads() -> Iterator["Quad"]:
        for passage in passages:
            counts["passages"] += 1
            for fact in facts_of(passage):
                counts["facts"] += 1
                digest.update(f"{passage.passage_id}\n{fact}\n".encode("utf-8", "replace"))
                yield from _quads(passage, fact)

    def make(store: "Store") -> Version:
        store.bulk_extend(quads())
        return Version(digest.hexdigest(), {})

    kept.replace(make)
    return FactCount(counts["passages"], counts["facts"])


def passage_of(origin: str) -> str:
    """The id of the passage that a fact's origin names; empty where it is none."""
    return origin.removeprefix(PASSAGE) if origin.startswith(PASSAGE) else ""


def _quads(passage: Passage, fact: PageFact) -> Iterator["Quad"]:
    from pyoxigraph import Literal, NamedNode, Quad

    subject = NamedNode(f"{BASE}thing:{quote(normal_name(fact.subject), safe='')}")
    place = NamedNode(PASSAGE + passage.passage_id)
    label = NamedNode(LABELS[0])
    yield Quad(subject, NamedNode(ENTITY), Literal(""), place)
    yield Quad(subject, label, Literal(fact.subject), place)
    yield from (Quad(subject, NamedNode(NAME), Literal(name), place) for name in spellings(fact.subject))
    if fact.relation == DEFINITION:
        yield Quad(subject, NamedNode(DESCRIPTIONS[0]), Literal(fact.value), place)
        return
    relation = NamedNode(f"{BASE}relation:{quote(normal_name(fact.relation) or fact.relation, safe='')}")
    yield Quad(subject, relation, Literal(fact.value), place)
    yield Quad(relation, label, Literal(fact.relation), place)
