"""Sources of training data to files of groups: read, indexed in a working folder, mined, held out, counted."""

import gzip
import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from indexer.encoder import Encoder
from indexer.index import Indexer
from indexer.store import Store
from ranker.errors import BadTrainingData
from ranker.training.group import Group, read_groups, write_groups
from ranker.training.mine import MineConfig, Topic, mine, sample
from ranker.training.sources.collection import (
    Collection,
    Divided,
    beir_collection,
    divided,
    is_held,
    pairs_collection,
    squad_collection,
)
from ranker.training.sources.kind import fresh_name, kind_of, stamp
from ranker.training.sources.site import site_topics
from ranker.training.sources.squad import ReadingShares

log = logging.getLogger(__name__)

HELD_BANDS = ((0, 1), (1, 2), (2, 3), (3, 5), (5, 8), (8, 12), (12, 20), (20, 30))
"""Held-out groups are longer: a comparison of rankings needs more than two wrong passages."""

OpenIndex = Callable[[Path | None, bool], AbstractContextManager[tuple[Store, Encoder]]]
"""(folder, is new) to an index with its encoder: a new one to be filled, or one that is there; None is the configured
one."""

Report = Callable[[str, int, int | None], None]
"""(what is done, done, of how many or None)."""


@dataclass(frozen=True, slots=True)
class PrepareConfig:
    """At most ``max_groups`` of a source are mined to train on and ``max_held`` to be held out, a fixed sample; at most
    ``max_reading`` are for reading, all those of a paragraph together.

    ``split`` names BEIR judgements other than train and dev. ``reading`` is for ``groups_of``. Where ``is_whole``,
    every passage of the source is written, too.
    """

    max_groups: int = 12_000
    max_held: int = 200
    max_reading: int = 200_000
    held_share: float = 0.05
    reading: ReadingShares = ReadingShares()
    split: str | None = None
    is_whole: bool = False
    mine: MineConfig = MineConfig()
    held_mine: MineConfig = field(default_factory=lambda: MineConfig(bands=HELD_BANDS))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of a source. ``left_out`` topics stand between training and held-out data; ``mined`` is the sample
    that was, and ``groups`` and ``held`` those whose right passage was found, with wrong ones near it. ``reading``
    are groups with a span that needed no mining.
    """

    name: str
    kind: str
    topics: int
    left_out: int
    mined: int
    groups: int
    held: int
    reading: int


def prepare(
    sources: Sequence[Path | None],
    folder: Path,
    open_index: OpenIndex,
    config: PrepareConfig = PrepareConfig(),
    report: Report = lambda text, done, total: None,
) -> list[Prepared]:
    """Write the groups of every source into ``folder``; a source already there, unchanged, is not done again.

    None is the configured index. Raises BadTrainingData for what is no source, or one without any topic; StoreError,
    EncoderError, BadDocument.
    """
    kinds = [(source, kind_of(source)) for source in sources]
    folder.mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    found = []
    for source, kind in kinds:
        name = fresh_name(source, names)
        names.add(name)
        card = folder / f"{name}.json"
        identity = json.dumps([str(source and source.resolve()), stamp(source), asdict(config)], default=str)
        done = _done(card, identity)
        if done is None or kind == "index":  # an index may have changed in ways its files do not tell
            done = _Work(name, kind, source, folder, open_index, config, report).prepared()
            card.write_text(json.dumps({"identity": identity, "prepared": asdict(done)}) + "\n", "utf-8")
        if not done.groups + done.reading:
            raise BadTrainingData(
                f"{source or 'the index'} gives nothing to train on: {done.topics:,} topics, {done.mined:,} mined",
                "Give a source with more topics",
            )
        found.append(done)
    return found


@dataclass(frozen=True, slots=True)
class _Work:
    """One source on its way into ``folder``."""

    name: str
    kind: str
    path: Path | None
    folder: Path
    open_index: OpenIndex
    config: PrepareConfig
    report: Report

    def prepared(self) -> Prepared:
        self.report(f"{self.name}: reading", 0, None)
        if self.kind == "groups" and self.path:
            return self._copied(self.path)
        if self.kind == "index":
            with self.open_index(self.path, False) as (store, encoder):
                topics = divided(site_topics(store, self.name), self.config.held_share)
                return self._mined(topics, (), store, encoder)
        collection = self._collection(self.path or Path())
        work = self.folder / f"{self.name}.index"
        with self.open_index(work, True) as (store, encoder):
            self._index(collection, Indexer(store, encoder))
            prepared = self._mined(collection.topics, collection.reading, store, encoder)
        shutil.rmtree(work)
        return prepared

    def _collection(self, path: Path) -> Collection:
        share = self.config.held_share
        if self.kind == "beir":
            return beir_collection(path, self.config.split, share)
        if self.kind == "squad":
            return squad_collection(path, self.config.reading, share)
        return pairs_collection(path, share)

    def _index(self, collection: Collection, indexer: Indexer) -> None:
        total = sum(1 for _ in collection.documents())
        outcome = indexer.index(
            collection.documents(), lambda so_far: self.report(f"{self.name}: indexing", so_far.indexed, total)
        )
        for url, reason in outcome.failed.items():
            log.warning("%s was not indexed: %s", url, reason)

    def _mined(self, topics: Divided, reading: Sequence[Group], store: Store, encoder: Encoder) -> Prepared:
        kept, held = sample(topics.kept, self.config.max_groups), sample(topics.held, self.config.max_held)
        if self.config.is_whole:
            self._write_passages(store)
        groups = self._write("groups", mine(store, encoder, self._followed(kept), self.config.mine))
        held_groups = self._write("held", mine(store, encoder, self._followed(held), self.config.held_mine))
        return Prepared(
            name=self.name,
            kind=self.kind,
            topics=len(topics.kept) + len(topics.held) + topics.left_out,
            left_out=topics.left_out,
            mined=len(kept) + len(held),
            groups=groups,
            held=held_groups,
            reading=self._write("reading", sorted(reading, key=lambda group: group.key)[: self.config.max_reading]),
        )

    def _copied(self, path: Path) -> Prepared:
        """A file of groups, divided by their right passages; passages alone are for reading."""
        parts: dict[str, list[Group]] = {"groups": [], "held": [], "reading": []}
        for group in read_groups(path):
            part = "groups" if len(group.passages) > 1 else "reading"
            parts["held" if is_held(group.key, self.config.held_share) else part].append(group)
        total = sum(map(len, parts.values()))
        counts = {part: self._write(part, groups) for part, groups in parts.items()}
        return Prepared(name=self.name, kind=self.kind, topics=total, left_out=0, mined=0, **counts)

    def _write(self, part: str, groups: Iterable[Group]) -> int:
        return write_groups(part_file(self.folder, self.name, part), groups)

    def _write_passages(self, store: Store) -> None:
        with gzip.open(part_file(self.folder, self.name, "passages"), "wt", encoding="utf-8") as lines:
            for head in store.scan():
                for passage in store.passages(head.doc_id):
                    lines.write(json.dumps(passage.text_to_encode) + "\n")

    def _followed(self, topics: Sequence[Topic]) -> Iterator[Topic]:
        for done, topic in enumerate(topics):
            self.report(f"{self.name}: mining", done, len(topics))
            yield topic


def part_file(folder: Path, name: str, part: str) -> Path:
    """The file of a source's groups, held, reading or passages."""
    return folder / f"{name}.{part}.jsonl.gz"


def read_passages(folder: Path, name: str) -> Iterator[str]:
    """The passages of a source that was prepared whole; none of a file of groups."""
    path = part_file(folder, name, "passages")
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _done(card: Path, identity: str) -> Prepared | None:
    try:
        record = json.loads(card.read_text("utf-8"))
        return Prepared(**record["prepared"]) if record["identity"] == identity else None
    except (OSError, ValueError, LookupError, TypeError):
        return None
