"""Which passages an answer may use: a pure function."""

from collections.abc import Iterator, Sequence

from indexer.document import Passage
from indexer.split import estimated_tokens
from rag.checks.same import adds_no_fact, is_copy
from rag.config import AnswerConfig
from ranker.hit import Hit

STEP_PER_FURTHER_PASSAGE = 2
"""The second passage of the first hit stands level with the best passage of the third, and so on."""


def choose_passages(hits: Sequence[Hit], config: AnswerConfig = AnswerConfig()) -> tuple[Passage, ...]:
    """Passages best first, within the limits of ``config``.

    Copies of a better passage that state no fact of their own are left out.
    """
    chosen: list[Passage] = []
    tokens = 0
    for passage in _by_promise(hits, config.max_passages_per_document):
        cost = estimated_tokens(passage.text_to_encode)
        if chosen and tokens + cost > config.max_context_tokens:
            continue
        if any(_repeats(passage, other) for other in chosen):
            continue
        chosen.append(passage)
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


def _repeats(passage: Passage, better: Passage) -> bool:
    """A copy under other headings is none: they may name another version or plan."""
    language = passage.head.language
    headings, others = " ".join(passage.heading_path), " ".join(better.heading_path)
    return is_copy(passage.text, better.text, language) and adds_no_fact(headings, others, language)
