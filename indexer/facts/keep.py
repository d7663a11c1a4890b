"""The facts of all pages as a graph; pages that did not change are not read again.

Each passage is a named graph of its own, and each page for what it states in data: so a fact tells where it stands.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.errors import MissingExtra
from indexer.document import Head, Passage
from indexer.errors import StoreLocked
from indexer.facts.read import ALSO_CALLED, DEFINITION, facts_of, stated_facts
from indexer.facts.read_pages import ReadPages, Row, read_pages
from indexer.sources.graph.graph import ENTITY, NAME
from indexer.sources.graph.kept import KeptGraph, Version
from indexer.sources.graph.terms import ALIASES, DESCRIPTIONS, LABELS
from indexer.sources.naming import normal_name, spellings

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

BASE = "urn:recollect:page-facts:"
PASSAGE, DOCUMENT = f"{BASE}passage:", f"{BASE}document:"
READ_FILE = "read.sqlite"

GetPassages = Callable[[Head], Iterable[Passage]]


@dataclass(frozen=True, slots=True)
class FactCount:
    """``facts`` stand in ``passages``, or are stated by their pages in data. ``pages_read`` are new or have changed;
    what ``pages_gone`` said is known no more.
    """

    passages: int = 0
    facts: int = 0
    pages_read: int = 0
    pages_gone: int = 0


def keep_facts(heads: Iterable[Head], get_passages: GetPassages, folder: Path) -> FactCount:
    """Bring the graph in ``folder`` up to what these pages say now.

    A new version is made only where something changed; a kill leaves the old one, and doing it again completes it.
    Raises StoreLocked where another process is at it, MissingExtra without the library for graphs.
    """
    try:
        import pyoxigraph  # noqa: F401
    except ImportError as error:
        raise MissingExtra("Keeping the facts of pages", "graph") from error
    kept = KeptGraph(folder)
    try:
        with read_pages(folder / READ_FILE) as pages:
            count = _read(heads, get_passages, pages)
            if count.pages_read or count.pages_gone or kept.version() is None:
                kept.replace(lambda store: _made(pages, store))
            return count
    except sqlite3.OperationalError as error:
        raise StoreLocked(
            f"The facts in {folder} cannot be written ({error})", "Try again when nobody else is"
        ) from error


def origin_of(name: str) -> tuple[str, str]:
    """(passage id, document id) of a fact's origin, of which one is empty."""
    return (
        name.removeprefix(PASSAGE) if name.startswith(PASSAGE) else "",
        name.removeprefix(DOCUMENT) if name.startswith(DOCUMENT) else "",
    )


def thing_iri(name: str) -> str:
    """What stands in the graph for the things of this name."""
    return f"{BASE}thing:{quote(normal_name(name), safe='')}"


def _read(heads: Iterable[Head], get_passages: GetPassages, pages: ReadPages) -> FactCount:
    marks, seen, read = pages.marks(), set[str](), 0
    for head in heads:
        seen.add(head.doc_id)
        if marks.get(head.doc_id) == head.content_hash:
            continue
        passages = list(get_passages(head))
        rows = [
            Row(PASSAGE + passage.passage_id, fact.subject, fact.relation, fact.value)
            for passage in passages
            for fact in facts_of(passage)
        ]
        rows += [Row(DOCUMENT + head.doc_id, *fact) for fact in stated_facts(head)]
        pages.put(head.doc_id, head.content_hash, len(passages), rows)
        read += 1
    gone = pages.drop_others(seen)
    return FactCount(*pages.count(), read, gone)


def _made(pages: ReadPages, store: "Store") -> Version:
    digest = hashlib.sha256()
    named = {normal_name(row.subject) for row in pages.rows()}

    def quads() -> Iterator["Quad"]:
        for row in pages.rows():
            digest.update(f"{row}\n".encode("utf-8", "replace"))
            yield from _quads(row, named)

    store.bulk_extend(quads())
    return Version(digest.hexdigest(), {})


def _quads(row: Row, named: set[str]) -> Iterator["Quad"]:
    """What is stated leads to a thing where a page tells of one of that name, so that questions can go on there."""
    from pyoxigraph import Literal, NamedNode, Quad

    place, label = NamedNode(row.origin), NamedNode(LABELS[0])
    subject = NamedNode(thing_iri(row.subject))
    yield Quad(subject, NamedNode(ENTITY), Literal(""), place)
    yield Quad(subject, label, Literal(row.subject), place)
    other_name = row.value if row.relation == ALSO_CALLED else ""
    names = (*spellings(row.subject), *spellings(other_name))
    yield from (Quad(subject, NamedNode(NAME), Literal(name), place) for name in names)
    if row.relation in (DEFINITION, ALSO_CALLED):
        about = ALIASES[0] if other_name else DESCRIPTIONS[0]
        yield Quad(subject, NamedNode(about), Literal(row.value), place)
        return
    relation = NamedNode(f"{BASE}relation:{quote(normal_name(row.relation) or row.relation, safe='')}")
    is_thing = row.origin.startswith(DOCUMENT) and normal_name(row.value) in named
    value = NamedNode(thing_iri(row.value)) if is_thing else Literal(row.value)
    yield Quad(subject, relation, value, place)
    yield Quad(relation, label, Literal(row.relation), place)
