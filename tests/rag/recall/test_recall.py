"""All memories are asked, the surest is believed, and one that fails keeps no other from answering."""

from dataclasses import dataclass, field

import pytest

from indexer.document import Head, Passage
from indexer.sources.errors import SourceUnavailable
from indexer.store import Filters
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.memory import Evidence, Groups, MemoryKind, Recollection, Statement
from rag.recall.recall import Recall


@dataclass
class Said:
    """A memory that says one thing, or fails."""

    name: str
    score: float
    fails: bool = False
    asked: list[Groups] = field(default_factory=list)
    kind: MemoryKind = MemoryKind.TABLE

    def recall(self, asked: Asked, groups: Groups) -> list[Recollection]:
        self.asked.append(groups)
        if self.fails:
            raise SourceUnavailable(self.name, "does not answer")
        passage = Passage(Head("1", "record:x/1", "X", ""), 0, "text")
        statement = Statement(self.name, (Evidence(passage, "text"),))
        return [Recollection(self.name, self.kind, "", (statement,), self.score, "why")] if self.score else []

    def close(self) -> None:
        self.name = "closed"


def test_the_surest_is_believed_and_each_tells_what_it_said() -> None:
    recall = Recall([Said("a", 0.5), Said("b", 0.95), Said("c", 0.0)])
    found = recall.ask("question")
    assert found.best is not None
    assert found.best.memory == "b"
    assert recall.is_sure(found)
    assert [(one.memory, one.best is not None) for one in found.said] == [("a", True), ("b", True), ("c", False)]
    assert not recall.is_sure(Recall([Said("a", 0.5)]).ask("question"))


def test_a_memory_that_fails_is_named_and_left_alone_for_a_while() -> None:
    now = [0.0]
    failing = Said("down", 0.9, fails=True)
    recall = Recall([failing, Said("up", 0.9)], RecallLimits(pause_s=30.0), lambda: now[0])
    for at, times in ((0.0, 1), (29.0, 1), (31.0, 2)):
        now[0] = at
        found = recall.ask("question")
        assert found.best is not None
        assert found.best.memory == "up"
        assert found.problems == ("source down: does not answer",)
        assert len(failing.asked) == times


@pytest.mark.parametrize(
    ("filters", "asked"),
    [
        (Filters(groups=("staff",)), True),
        (Filters(source=("a",)), True),
        (Filters(source=("b",)), False),
        (Filters(site=("docs.test",)), False),
        (Filters(path=("/api",)), False),
        (Filters(language=("en",)), False),
    ],
)
def test_filters_hold_for_memories(filters: Filters, asked: bool) -> None:
    memory = Said("a", 0.9)
    assert (Recall([memory]).ask("question", filters).best is not None) is asked
    assert memory.asked == ([filters.groups] if asked else [])
