"""Which passages an answer may use: a pure function."""

from collections.abc import Iterator, Sequence

from indexer.document import Passage
from indexer.split import estimated_tokens
from rag.config import AnswerConfig
from ranker.hit import Hit
from ranker.words import terms

STEP_PER_FURTHER_PASSAGE = 2
"""The second passage of the first hit stands level with the best passage of the third, and so on."""

SAME_TEXT = 0.8
"""Passages that share more than this part of their words (Jaccard) say the same; the better one is enough."""


def choose_passages(hits: Sequence[Hit], config: AnswerConfig = AnswerConfig()) -> tuple[Passage, ...]:
    """Passages best first, within the limits of ``config``; near-copies of a better passage are left out."""
    chosen: list[Passage] = []
    seen: list[frozenset[str]] = []
    tokens = 0
    for passage in _by_promise(hits, config.max_passages_per_document):
        words = frozenset(terms(passage.text, passage.head.language))
        cost = estimated_tokens(passage.text_to_encode)
        if any(_jaccard(words, other) > SAME_TEXT for other in seen) or (
            chosen and tokens + cost > config.max_context_tokens
        ):
            continue
        chosen.append(passage)
        seen.append(words)
        tokens += cost
        if len(chosen) == config.max_passages:
            break
    return tuple(chosen)


def _by_promise(hits: Sequence[Hit], per_document: int) -> Iterator[Passage]:
    ranked = [
        (rank + place * STEP_PER_FURTHER_PASSAGE, rank, passage)
        for rank, hit in enumerate(hits)
        for place, passage in enumerate((hit.passage, *hit.more)[:per_document])
    ]
    return (passage for _, _, passage in sorted(ranked, key=lambda item: item[:2]))


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0
