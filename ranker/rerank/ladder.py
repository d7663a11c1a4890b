"""How deep to rerank: as many passages, best first, as the scorer can read within a budget of time.

A scorer's pace, in seconds for a byte, is measured as it reads. Bytes stand for tokens: a token has about four in any
script.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.recent import Recent
from ranker.config import RerankConfig
from ranker.scorer import Scorer, Scores

MAX_BYTES = 2048
"""Models cut what is longer, 512 tokens, so that reading it takes no more time."""

FIRST_PASSAGES = 4
"""Read twice to learn the pace: first to load the model and build its kernels, then with the clock."""

PIECE = 0.25
"""Share of the budget after which the clock is looked at again, where the passages may not all fit."""

NEWEST = 0.3
"""Weight of the newest measurement in the running pace; the load of a machine changes from second to second."""

RECOVERY = 0.8
"""What the pace shrinks to when it let nothing be read: it may have been measured in a bad moment."""

KEPT_SCORES, KEPT_DEPTHS = 16_384, 1024
DEPTH_LASTS_S = 300.0
"""So long the pages of one query see one order, even if it could be read deeper by now."""


@dataclass(frozen=True, slots=True)
class Read:
    """``scores`` of the first passages; ``note`` says why not of all, and is empty where they are.

    ``spent_s`` of the budget is gone, in seconds, what was gone before included.
    """

    scores: Scores
    note: str = ""
    spent_s: float = 0.0


class Ladder:
    """Asks a scorer for as much as the budget allows, and remembers scores. Thread-safe."""

    def __init__(self, scorer: Scorer, config: RerankConfig, clock: Callable[[], float] = time.perf_counter) -> None:
        self._scorer = scorer
        self._config = config
        self._clock = clock
        self._scores: Recent[bytes, float] = Recent(KEPT_SCORES)
        self._depths: Recent[bytes, tuple[int, float]] = Recent(KEPT_DEPTHS)
        self._pace_s: float | None = None
        self._learning = threading.Lock()

    def read(self, query: str, passages: Sequence[str], spent_s: float = 0.0) -> Read:
        """Scores of the first of ``passages``, which come best first. Raises ScorerError.

        ``spent_s`` of the budget, in seconds, an earlier reading for this query took.
        """
        keys = [pair_key(query, text) for text in passages]
        whole = hashlib.blake2b(b"".join(keys), digest_size=16).digest()
        known = self._scores.get(keys)
        unread = [i for i in range(self._depth(whole, len(keys))) if keys[i] not in known]
        if unread and self._pace_s is None and self._config.budget_ms is not None:
            known |= self._learn(query, {keys[i]: passages[i] for i in unread[:FIRST_PASSAGES]})
            unread = [i for i in unread if keys[i] not in known]
        began = self._clock() - spent_s
        while unread and (count := self._next(query, [passages[i] for i in unread], began)):
            piece, unread = unread[:count], unread[count:]
            known |= self._read(query, {keys[i]: passages[i] for i in piece})
        if unread and self._pace_s and not known:
            self._pace_s *= RECOVERY
        scores = [known[key] for key in keys[: next((i for i, key in enumerate(keys) if key not in known), len(keys))]]
        self._depths.put({whole: (len(scores), self._clock())})
        spent_s = self._clock() - began
        return Read(np.array(scores, dtype=np.float32), self._note(len(scores), len(keys)), spent_s)

    def _depth(self, whole: bytes, count: int) -> int:
        """How many may be read: as many as the last time this query found these passages, if that is not long ago."""
        depth, seen_s = self._depths.get([whole]).get(whole, (count, 0.0))
        return depth if self._clock() - seen_s < DEPTH_LASTS_S else count

    def _read(self, query: str, texts: dict[bytes, str]) -> dict[bytes, float]:
        began = self._clock()
        scores = self._scorer.score(query, list(texts.values()))
        self._measured(sum(_cost(query, text) for text in texts.values()), self._clock() - began)
        found = dict(zip(texts, scores.tolist(), strict=True))
        self._scores.put(found)
        return found

    def _next(self, query: str, passages: Sequence[str], began: float) -> int:
        """How many of the passages to read before the clock is looked at again; 0 when no time is left."""
        if self._config.budget_ms is None or self._pace_s is None:
            return len(passages)
        budget_s = self._config.budget_ms / 1000
        left_s = began + budget_s - self._clock()
        ends_s = np.cumsum([_cost(query, text) for text in passages]) * self._pace_s
        fitting = int(np.searchsorted(ends_s, left_s, side="right"))
        if ends_s[-1] <= left_s / 2:
            return len(passages)
        return min(fitting, max(1, int(np.searchsorted(ends_s, budget_s * PIECE, side="right"))))

    def _learn(self, query: str, texts: dict[bytes, str]) -> dict[bytes, float]:
        """The first pace and scores; the time it takes is no part of a budget, since it is paid once."""
        with self._learning:
            if self._pace_s is not None:
                return {}
            self._scorer.score(query, list(texts.values()))
            return self._read(query, texts)

    def _measured(self, cost: int, seconds: float) -> None:
        pace = seconds / cost
        self._pace_s = pace if self._pace_s is None else (1 - NEWEST) * self._pace_s + NEWEST * pace

    def _note(self, read: int, count: int) -> str:
        if read == count:
            return ""
        return (
            f"{read} of {count} passages reranked within {self._config.budget_ms:g} ms, fused order kept for the rest"
        )


def _cost(query: str, passage: str) -> int:
    """Bytes that a model reads of the pair; at least one."""
    return max(1, min(MAX_BYTES, len(query.encode("utf-8", "replace")) + len(passage.encode("utf-8", "replace"))))


def pair_key(query: str, passage: str) -> bytes:
    """The key by which a query with a passage is remembered."""
    question = query.encode("utf-8", "surrogatepass")
    parts = len(question).to_bytes(8) + question + passage.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(parts, digest_size=16).digest()
