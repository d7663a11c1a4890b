"""Finds the wrong passages worth learning from: those that the hybrid ranker itself puts near the right one."""

import hashlib
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from indexer.encoder import Encoder
from indexer.store import Store
from ranker.fusion.fuse import FuseConfig
from ranker.ranked import Ranked, by_both
from ranker.training.group import Group

ENCODED_TOGETHER = 256


@dataclass(frozen=True, slots=True)
class Topic:
    """A query whose answer is known to stand in a document.

    ``answer``: no passage that holds this text is taken for wrong, and its place in the right one is learned.
    ``own_text`` replaces the right passage's text: a passage without the sentence that serves as the query.
    """

    query: str
    doc_ids: frozenset[str]
    source: str
    answer: str = ""
    own_text: str = ""
    answers: bool = True


@dataclass(frozen=True, slots=True)
class MineConfig:
    """``bands`` are the ranks among the wrong passages from which one each is drawn.

    A wrong passage scored above the right one by more than ``doubt`` logits is not trusted to be wrong and left out.
    """

    bands: tuple[tuple[int, int], ...] = ((0, 4), (4, 30))
    depth_passages: int = 30
    doubt: float = 1.5
    seed: int = 0
    fuse: FuseConfig = field(default_factory=FuseConfig)


def mine(store: Store, encoder: Encoder, topics: Iterable[Topic], config: MineConfig = MineConfig()) -> Iterator[Group]:
    """A group for each topic whose right passage is in the store, in their order. Raises StoreError, EncoderError."""
    remaining = iter(topics)
    while some := list(islice(remaining, ENCODED_TOGETHER)):
        vectors = encoder.encode_queries([topic.query for topic in some])
        for topic, vector in zip(some, vectors, strict=True):
            found = store.candidates(topic.query, vector, config.depth_passages)
            group = _group(topic, by_both(topic.query, found, config.fuse), config)
            if group is not None:
                yield group


def _group(topic: Topic, ranked: Sequence[Ranked], config: MineConfig) -> Group | None:
    right = next((item for item in ranked if _is_right(item, topic)), None)
    if right is None:
        return None
    highest = logit(right.score) + config.doubt
    wrong = [
        item
        for item in ranked
        if item.passage.head.doc_id not in topic.doc_ids
        and logit(item.score) <= highest
        and not (topic.answer and topic.answer.lower() in item.passage.text.lower())
    ]
    rng = random.Random(f"{config.seed}/{topic.query}")  # noqa: S311 - for training, not for secrets
    drawn = [rng.choice(wrong[low:high]) for low, high in config.bands if wrong[low:high]]
    if not drawn:
        return None
    text = topic.own_text or right.passage.text_to_encode
    start = text.rfind(topic.answer) if topic.answer else -1
    return Group(
        query=topic.query,
        passages=(text, *(item.passage.text_to_encode for item in drawn)),
        source=topic.source,
        span=(start, start + len(topic.answer)) if start >= 0 else None,
        teacher=tuple(round(logit(item.score), 3) for item in (right, *drawn)),
        answers=topic.answers,
    )


def _is_right(item: Ranked, topic: Topic) -> bool:
    if item.passage.head.doc_id not in topic.doc_ids:
        return False
    return not topic.answer or topic.answer in item.passage.text


def logit(score: float) -> float:
    """Of a probability, kept away from 0 and 1."""
    kept = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def sample(topics: Sequence[Topic], size: int) -> list[Topic]:
    """The same at most ``size`` topics every time, in an order that tells nothing."""
    return sorted(topics, key=lambda topic: hashlib.sha256(topic.query.encode("utf-8", "replace")).digest())[:size]
