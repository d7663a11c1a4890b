"""One question to all memories: what each says and what it took, and which is to be believed."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.errors import RecollectError
from indexer.store import Filters
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.memory import Memory, MemoryKind, Recollection

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What one memory said and how long it took: its best answer, or in ``problem`` why it could not be asked."""

    memory: str
    kind: MemoryKind
    took_ms: float
    best: Recollection | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What all memories said; ``best`` is the surest, None where no memory knows."""

    said: tuple[Said, ...]
    best: Recollection | None

    @property
    def problems(self) -> tuple[str, ...]:
        """What kept memories from being asked."""
        return tuple(one.problem for one in self.said if one.problem)


class Recall:
    """Asks every memory; one that fails is named and left alone for a while. Thread-safe, since its parts are."""

    def __init__(
        self,
        memories: Sequence[Memory],
        limits: RecallLimits = RecallLimits(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._memories = tuple(memories)
        self._limits = limits
        self._clock = clock
        self._paused: dict[str, tuple[float, str]] = {}

    def ask(self, question: str, filters: Filters = Filters()) -> Recalled:
        """What the memories that the filters allow say; of equally sure ones the first in the configuration is best."""
        asked = Asked(question)
        said = tuple(self._said(memory, asked, filters) for memory in self._memories if allows(filters, memory.name))
        found = [one.best for one in said if one.best is not None]
        return Recalled(said, max(found, key=lambda one: one.score, default=None))

    def is_sure(self, recalled: Recalled | None) -> bool:
        """Whether nothing else needs to be searched."""
        return recalled is not None and recalled.best is not None and recalled.best.score >= self._limits.sure

    def close(self) -> None:
        """Free the memories' connections."""
        for memory in self._memories:
            memory.close()

    def _said(self, memory: Memory, asked: Asked, filters: Filters) -> Said:
        started = time.perf_counter()
        until, why = self._paused.get(memory.name, (0.0, ""))
        if self._clock() < until:
            return Said(memory.name, memory.kind, 0.0, problem=why)
        best, problem = None, ""
        try:
            best = next(iter(memory.recall(asked, filters.groups)), None)
        except RecollectError as error:
            logger.info("%s", error)
            problem = error.what
            self._paused[memory.name] = (self._clock() + self._limits.pause_s, problem)
        return Said(memory.name, memory.kind, (time.perf_counter() - started) * 1_000, best, problem)


def allows(filters: Filters, name: str) -> bool:
    """Whether a memory may be asked: facts have no path, language or date that a filter could be held against."""
    if filters.path or filters.language or filters.metadata or filters.modified_from or filters.modified_before:
        return False
    return all(not wanted or name in wanted for wanted in (filters.site, filters.source))
