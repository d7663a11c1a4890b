"""Each kind of memory over the same facts: built, asked, changed."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from crawler.page import Section, place_sections
from indexer.document import Document, Head, Passage, doc_id_of
from indexer.index import Indexer
from indexer.sources.config import RecallConfig, SourceConfig
from indexer.sources.graph.terms import DESCRIPTIONS, LABELS
from indexer.split import split
from indexer.store import Store
from rag.answer import Citation
from rag.choosing.choose import Chooser
from rag.quoted import quoted
from rag.recall.config import RecallLimits
from rag.recall.recall import Recall
from rag.recalled import cited
from rag.showing.region import region_around
from rag.showing.show import show
from ranker.evaluation.baselines import BaselineName, make_baseline
from ranker.query import Mode, Query
from ranker.rank import Ranker
from server.assemble import make_memory, make_source
from server.comparing.facts import Facts

READ = 5
"""Passages that are read for an answer, whichever memory found them."""

LIMITS = RecallLimits()
DEFINITION = "definition"
"""A property of this name says what a thing is."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a memory answers, empty where it does not know, and the places that bear it out."""

    text: str = ""
    citations: tuple[Citation, ...] = ()

    @property
    def is_grounded(self) -> bool:
        """Whether every place that is cited stands in the record or the page that it names."""
        return bool(self.citations) and all(one.quote and one.quote in one.passage.text for one in self.citations)

    def knows(self, value: str) -> bool:
        """Whether a value stands in the answer, or where the answer was taken from."""
        return value in self.text or any(value in one.passage.text for one in self.citations)


class Compared(Protocol):
    """A memory over facts in a folder of its own."""

    def build(self, facts: Facts) -> None:
        """Keep these facts, or those of a changed table in place of the ones before."""

    def ask(self, question: str) -> Said:
        """What it answers."""

    def close(self) -> None:
        """Free what is open."""


Search = Callable[[str], Sequence[Passage]]


class Nothing:
    """No memory: what reads has nothing to read."""

    def build(self, facts: Facts) -> None:
        """Nothing is kept."""

    def ask(self, question: str) -> Said:
        """It quotes what it reads, so it is silent."""
        return Said()

    def close(self) -> None:
        """Nothing is open."""


class Structured:
    """Sources that answer by themselves: entries under keys, a graph, a table, or several."""

    def __init__(self, folder: Path, *sources: Callable[[Facts, Path], SourceConfig]) -> None:
        self._folder = folder
        self._sources = sources
        self._recall: Recall | None = None

    def build(self, facts: Facts) -> None:
        """Write the sources and read what must be known of them beforehand."""
        self.close()
        configs = [source(facts, self._folder) for source in self._sources]
        for config in configs:
            if config.kind == "graph":
                with make_source(config, self._folder).reading():
                    pass
        self._recall = Recall([make_memory(config, self._folder, LIMITS) for config in configs], LIMITS)
        self._recall.ask("What is read at the first question?")

    def ask(self, question: str) -> Said:
        """The surest that it says."""
        best = self._recall.ask(question).best if self._recall else None
        return Said(best.text, cited(best)) if best else Said()

    def close(self) -> None:
        """Close the source."""
        if self._recall is not None:
            self._recall.close()


class Counted:
    """Passages by a plain baseline, made anew with each change, and read by the chooser."""

    def __init__(self, name: BaselineName, chooser: Chooser) -> None:
        self._name = name
        self._chooser = chooser
        self._search: Search = lambda question: ()

    def build(self, facts: Facts) -> None:
        """Count the words of all pages."""
        passages = {one.passage_id: one for document in pages(facts) for one in split(document)}
        baseline = make_baseline(self._name, {name: one.text_to_encode for name, one in passages.items()})
        self._search = lambda question: [passages[name] for name in baseline.search(question, READ)]

    def ask(self, question: str) -> Said:
        """What stands in the passages."""
        return read(self._chooser, question, self._search(question))

    def close(self) -> None:
        """Nothing is open."""


class Indexed:
    """Pages in an index, searched in one mode and read by the chooser; ``recall`` is asked before."""

    def __init__(self, store: Store, indexer: Indexer, ranker: Ranker, chooser: Chooser, mode: Mode) -> None:
        self._store, self._indexer, self._ranker, self._chooser, self._mode = store, indexer, ranker, chooser, mode

    def build(self, facts: Facts) -> None:
        """Index the pages; of those indexed before only what changed."""
        self._indexer.index(pages(facts))

    def ask(self, question: str) -> Said:
        """What stands in the passages."""
        hits = self._ranker.search(Query(question, size=READ, mode=self._mode)).hits
        return read(self._chooser, question, [hit.passage for hit in hits])

    def close(self) -> None:
        """Close the index."""
        self._store.close()


class Together:
    """Structured memories first; pages where none of them knows."""

    def __init__(self, memories: Sequence[Compared]) -> None:
        self._memories = memories

    def build(self, facts: Facts) -> None:
        """Build each."""
        for memory in self._memories:
            memory.build(facts)

    def ask(self, question: str) -> Said:
        """The first that knows."""
        return next((said for memory in self._memories if (said := memory.ask(question)).text), Said())

    def close(self) -> None:
        """Close each."""
        for memory in self._memories:
            memory.close()


def read(chooser: Chooser, question: str, passages: Sequence[Passage]) -> Said:
    """What answers in passages, quoted."""
    choice = chooser.choose(question, passages)
    if not choice.picks:
        return Said()
    best = choice.picks[0]
    found = quoted(question, best, show(best, region_around(best.passage, ()), choice.type))
    return Said(found.text, (found.citation,))


def pages(facts: Facts) -> list[Document]:
    """A page for each thing, with a sentence for each property."""
    found = []
    for thing in facts.rows:
        url, text = f"fact:{thing}", facts.page(thing)
        head = Head(doc_id_of(url), url, thing, content_hash=doc_id_of(text), site="facts", language="en")
        found.append(Document(head, place_sections([Section(text)])))
    return found


def entries(facts: Facts, folder: Path) -> SourceConfig:
    """A JSON file of entries: ``symbol of iron`` -> its value; where things have texts alone, thing -> its text."""
    path = folder / "entries.json"
    held = {
        thing if facts.is_texts else f"{name} of {thing}": value
        for thing, row in facts.rows.items()
        for name, value in row.items()
        if value
    }
    path.write_text(json.dumps(held), "utf-8")
    return SourceConfig(name="entries", kind="key-value", url=f"file:{path}", language="en")


def triples(facts: Facts, folder: Path) -> SourceConfig:
    """An RDF file with the things and their properties by name; a value that is a thing leads to it."""
    base, label = "http://facts.example/", f"<{LABELS[0]}>"
    iris = {thing: f"<{base}t{i}>" for i, thing in enumerate(facts.rows)}
    relations = {
        name: f"<{DESCRIPTIONS[0]}>" if name == DEFINITION else f"<{base}p{i}>"
        for i, name in enumerate(facts.properties)
    }
    lines = [f"{iri} {label} {json.dumps(name)}@en ." for name, iri in relations.items()]
    for thing, row in facts.rows.items():
        lines.append(f"{iris[thing]} {label} {json.dumps(thing)}@en .")
        values = {name: iris.get(value, json.dumps(value)) for name, value in row.items() if value}
        lines += [f"{iris[thing]} {relations[name]} {value} ." for name, value in values.items()]
    path = folder / "facts.nt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return SourceConfig(name="graph", kind="graph", url=str(path), language="en")


def table(facts: Facts, folder: Path) -> SourceConfig:
    """A table in SQLite whose columns are called as the properties are."""
    path = folder / "facts.db"
    columns = [f"p{i}" for i in range(len(facts.properties))]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE IF EXISTS fact")
        connection.execute(f"CREATE TABLE fact (thing TEXT PRIMARY KEY, {', '.join(f'{c} TEXT' for c in columns)})")
        marks = ", ".join("?" * (len(columns) + 1))
        rows = [(thing, *(row[name] or None for name in facts.properties)) for thing, row in facts.rows.items()]
        connection.executemany(f"INSERT INTO fact VALUES ({marks})", rows)  # noqa: S608 - marks alone
    words = {column: (name,) for column, name in zip(columns, facts.properties, strict=True)}
    recall = RecallConfig(nouns=(facts.noun,), names=("thing",), words=words)
    return SourceConfig(
        name="table", url=f"sqlite:///{path}", table="fact", key=("thing",), language="en", recall=recall
    )
