"""A knowledge graph as a memory: things are found by their names, facts by one or two steps from them."""

from dataclasses import dataclass
from pathlib import Path

from indexer.sources.config import SourceConfig
from indexer.sources.errors import SourceUnavailable
from indexer.sources.graph.graph import Graph
from indexer.sources.graph.kept import KeptGraph
from indexer.sources.graph.source import card_templates, graph_in
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.fresh import Fresh
from rag.recall.graph.cite import CardCite, Cite, GetPassages, PageCite
from rag.recall.graph.read import Way, ways
from rag.recall.graph.relations import About, Relations, Step
from rag.recall.graph.walk import Arrival, Walk
from rag.recall.memory import Groups, MemoryKind, Recollection

MAX_WAYS = 5
MAX_THINGS = 3
"""Of things of one name so many are answered for."""
MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Known:
    graph: Graph
    relations: Relations


class GraphMemory:
    """Answers from the version of a graph that was synced last."""

    kind = MemoryKind.GRAPH

    def __init__(
        self,
        config: SourceConfig,
        folder: Path,
        limits: RecallLimits = RecallLimits(),
        get_passages: GetPassages | None = None,
    ) -> None:
        """With ``get_passages`` it is a graph of what pages say."""
        self._config = config
        self._get_passages = get_passages
        self._kept = KeptGraph(folder)
        self._templates = card_templates(config)
        self._known = Fresh(self._read, limits.refresh_s)

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._config.name

    def recall(self, asked: Asked, groups: Groups) -> list[Recollection]:
        """What the surest way through the graph leads to."""
        known = self._known.get()
        if known is None or (self._config.access and not set(self._config.access) & set(groups or ())):
            return []
        cite: Cite = CardCite(known.graph, self._templates, groups)
        if self._get_passages is not None:
            cite = PageCite(known.graph, self._get_passages, groups)
        walk = Walk(known.graph, cite)
        for way in ways(asked, known.graph, known.relations)[:MAX_WAYS]:
            if answer := self._answer(known.graph, way, walk):
                return [answer]
        return []

    def close(self) -> None:
        """Nothing stays open but files that are read."""
        self._known.close()

    def _read(self) -> _Known | None:
        try:
            store = self._kept.open()
        except OSError as error:
            cure = "Sync it anew with: recollect sync --full"
            raise SourceUnavailable(self.name, f"its graph cannot be read ({error})", cure) from error
        if store is None:
            return None
        graph = graph_in(store, self._config)
        return _Known(graph, Relations(graph, self._config.recall.words))

    def _answer(self, graph: Graph, way: Way, walk: Walk) -> Recollection | None:
        """What the first things of the name lead to."""
        found: list[Arrival] = []
        answered = 0
        for iri in way.entities:
            arrivals = walk.arrivals(iri, way)
            found += arrivals
            answered += bool(arrivals)
            if answered == MAX_THINGS:
                break
        if not found:
            return None
        values = dict.fromkeys(graph.label(one.value) if one.is_entity else one.value for one in found)
        statements = {statement.text: statement for one in found for statement in one.statements}
        steps = " then ".join(_word(step) for step in way.steps) or "what it is"
        reason = f"{way.name} is the name of {len(way.entities)}, asked for {steps}"
        short = "; ".join(list(values)[:MAX_SHOWN]) if way.steps else ""
        trust = min(evidence.trust for statement in statements.values() for evidence in statement.evidence)
        return Recollection(
            self.name, self.kind, short, tuple(statements.values())[:MAX_SHOWN], way.score * trust, reason
        )


def _word(step: Step) -> str:
    return str(step) if isinstance(step, About) else step[0].words
