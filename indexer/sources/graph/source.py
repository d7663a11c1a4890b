"""Knowledge graphs: RDF files and SPARQL endpoints, read into a store of their own and told thing by thing."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crawler.errors import MissingExtra
from indexer.document import Document
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource
from indexer.sources.graph.cards import entity_card
from indexer.sources.graph.graph import OWN, Graph
from indexer.sources.graph.kept import KeptGraph, Version
from indexer.sources.graph.load import digest_of, files_at, graph_of, marked, read_endpoint, read_file
from indexer.sources.source import BadRecord
from indexer.sources.template import Templates

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

_ENDPOINT = f"{OWN}endpoint"


class GraphSource:
    """What ``folder`` holds is the last version that was read; without one nothing is kept after a reading."""

    def __init__(self, config: SourceConfig, folder: Path | None = None) -> None:
        try:
            import pyoxigraph  # noqa: F401
        except ImportError as error:
            raise MissingExtra("Reading graphs", "graph") from error
        self._config = config
        self._templates = card_templates(config)
        self._folder = folder

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._config.name

    @property
    def settings(self) -> str:
        """What its documents are made by."""
        return self._config.digest

    def close(self) -> None:
        """Nothing stays open between readings."""

    @contextmanager
    def reading(self) -> Iterator["_GraphReading"]:
        """Read what is new into a version of its own; all of the reading speaks of that version."""
        if self._folder is not None:
            yield self._read(KeptGraph(self._folder))
            return
        with TemporaryDirectory(prefix="recollect-graph-") as folder:
            yield self._read(KeptGraph(Path(folder)))

    def _read(self, kept: KeptGraph) -> "_GraphReading":
        if self._config.url.startswith(("http://", "https://")):
            version = self._from_endpoint(kept)
        else:
            version = self._from_files(kept)
        store = kept.open()
        if store is None:
            raise BadSource(self.name, "its graph could not be kept", "Check the data folder")
        return _GraphReading(graph_in(store, self._config), self._templates, version)

    def _from_files(self, kept: KeptGraph) -> Version:
        files = files_at(self.name, self._config.url)
        covered = chain.from_iterable((str(path), digest_of(path)) for path in files)
        mark = hashlib.sha256("\n".join(covered).encode()).hexdigest()
        before = kept.version()
        if before is not None and before.mark == mark:
            return before
        old = kept.open()
        return kept.replace(lambda store: Version(mark, _load(store, old, files)))

    def _from_endpoint(self, kept: KeptGraph) -> Version:
        """An endpoint tells no version, so what it says is; the order in which it says it is of no account."""
        sums = [0]

        def summed(quads: Iterator["Quad"]) -> Iterator["Quad"]:
            for quad in quads:
                sums[0] ^= int.from_bytes(hashlib.sha256(str(quad.triple).encode()).digest(), "big")
                yield quad

        def make(store: "Store") -> Version:
            found = read_endpoint(self.name, self._config.url, self._config.query)
            store.bulk_extend(marked(summed(found), _ENDPOINT))
            return Version(f"{sums[0]:064x}", {})

        return kept.replace(make)


class _GraphReading:
    def __init__(self, graph: Graph, templates: Templates, version: Version) -> None:
        self._graph = graph
        self._templates = templates
        self._version = version
        self.mark = version.mark

    def records(self, since: str | None) -> Iterator[Document | BadRecord]:
        """A card for each thing; none where nothing changed."""
        yield from (BadRecord(file, why) for file, why in self._version.bad.items())
        if since == self.mark:
            return
        for iri in self._graph.entities():
            yield entity_card(self._graph, self._graph.entity(iri), self._templates)

    def doc_ids(self) -> Iterator[str]:
        """The ids of all things."""
        return (self._templates.doc_id([iri]) for iri in self._graph.entities())


def card_templates(config: SourceConfig) -> Templates:
    """What makes cards of things; an IRI stands in the address, not in the text."""
    return Templates(replace(config, hidden=(*config.hidden, "iri")))


def graph_in(store: "Store", config: SourceConfig) -> Graph:
    """The graph in a store, its texts in the source's language where there are several, else in English."""
    return Graph(store, tuple(dict.fromkeys(filter(None, (config.language, "en")))))


def _load(store: "Store", old: "Store | None", files: list[Path]) -> dict[str, str]:
    """Each file; one with mistakes stays as it was, if it was there, so that nothing is lost by them."""
    from pyoxigraph import NamedNode

    bad: dict[str, str] = {}
    for path in files:
        mistakes: list[str] = []
        graph = NamedNode(graph_of(path))
        store.bulk_extend(marked(read_file(path, mistakes), graph.value))
        if not mistakes:
            continue
        bad[str(path)] = f"is not all RDF: {mistakes[0]}" + (f", and {len(mistakes) - 1} more" if mistakes[1:] else "")
        before = None if old is None else list(old.quads_for_pattern(None, None, None, graph))
        if before:
            store.clear_graph(graph)
            store.bulk_extend(before)
    return bad
