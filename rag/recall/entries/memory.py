"""A key-value store as a memory: names are known beforehand, what stands under them is read when it is asked for."""

from itertools import islice

from indexer.document import Document, Passage
from indexer.sources.config import SourceConfig
from indexer.sources.key_value import KeyValueSource
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.entries.names import EntryNames
from rag.recall.fresh import Fresh
from rag.recall.memory import Evidence, Groups, MemoryKind, Recollection, Statement, may_see, whole

MAX_ENTRIES = 200_000
"""Of more, those that come first are known by name; all can be found by a search."""
EXACT_SCORE = 1.0
NEAR_SCORE = 0.95
"""An entry that only says the same never comes before one that was asked for."""


class EntryMemory:
    """Answers with an entry whose question or key was asked; what has expired is not there."""

    kind = MemoryKind.KEY_VALUE

    def __init__(self, config: SourceConfig, limits: RecallLimits = RecallLimits()) -> None:
        self._config = config
        self._source = KeyValueSource(config, limits.timeout_s)
        self._names = Fresh(self._read, limits.refresh_s)

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._config.name

    def recall(self, asked: Asked, groups: Groups) -> list[Recollection]:
        """The entry that is asked for, if there is one."""
        names = self._names.get()
        if key := names.key_of(asked):
            return self._recollected(key, groups, EXACT_SCORE, f"{key} is asked by this very question")
        if near := names.nearest(asked):
            key, likeness = near
            return self._recollected(
                key, groups, NEAR_SCORE * min(1.0, likeness), f"{key} is asked by nearly these words"
            )
        return []

    def close(self) -> None:
        """Nothing stays open."""
        self._names.close()
        self._source.close()

    def _read(self) -> EntryNames:
        names = EntryNames()
        with self._source.reading() as reading:
            for record in islice(reading.records(None), MAX_ENTRIES):
                if isinstance(record, Document):
                    key = record.head.path.removeprefix("/")
                    bare = key.removeprefix(self._config.prefix)
                    is_asked = record.head.title not in ("", key)
                    own = (record.head.title,) if _value_of(record) is None and is_asked else ()
                    names.add(key, (*own, bare, key), (*own, bare)[0])
        return names

    def _recollected(self, key: str, groups: Groups, score: float, reason: str) -> list[Recollection]:
        with self._source.reading() as reading:
            record = reading.entry(key)
        if not isinstance(record, Document) or not may_see(record.head, groups):
            return []
        passage = whole(record)
        value = _value_of(record)
        if value is not None:
            evidence = Evidence(passage, value.quote, value.start)
            text = value.quote.removeprefix("value: ")
            name = key.removeprefix(self._config.prefix)
            statement = Statement(f"{name}: {text}", (evidence,))
            return [Recollection(self.name, self.kind, text, (statement,), score, reason)]
        statement = Statement(passage.text, (Evidence(passage, passage.text),))
        return [Recollection(self.name, self.kind, "", (statement,), score, reason)]


def _value_of(record: Document) -> Evidence | None:
    """The value of an entry that is a mere value."""
    passage: Passage = whole(record)
    start = passage.text.find("\nvalue: ") + 1
    if not start or not passage.text.startswith("key: "):
        return None
    return Evidence(passage, passage.text[start:], start)
