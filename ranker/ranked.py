"""Candidate lists to one list of scored passages with their evidence: pure functions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.document import Passage
from indexer.store import Candidate, Candidates
from ranker.fusion.fuse import FuseConfig, fuse
from ranker.hit import Evidence
from ranker.scorer import Scores

HALF_BM25 = 10.0
"""The BM25 score that counts as one half where words alone decide."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its score so far, in [0, 1], and the evidence for it."""

    passage: Passage
    score: float
    evidence: Evidence


def by_words(lexical: Sequence[Candidate]) -> list[Ranked]:
    """The lexical list as it is, scored ``bm25 / (bm25 + HALF_BM25)``: the same in every list, at every depth."""
    return [Ranked(c.passage, c.score / (c.score + HALF_BM25), _lexical(rank, c)) for rank, c in _numbered(lexical)]


def by_meaning(dense: Sequence[Candidate]) -> list[Ranked]:
    """The dense list as it is, scored by its cosine; below 0 counts as 0."""
    return [Ranked(c.passage, min(max(c.score, 0.0), 1.0), _dense(rank, c)) for rank, c in _numbered(dense)]


def by_both(query: str, found: Candidates, config: FuseConfig) -> list[Ranked]:
    """Both lists fused."""
    words, vectors = _places(found.lexical), _places(found.dense)
    ranked = []
    for passage_id, score in fuse(query, found.lexical, found.dense, config):
        rank, points, passage = words.get(passage_id, _NOWHERE)
        place, cosine, same = vectors.get(passage_id, _NOWHERE)
        if shown := passage or same:
            ranked.append(Ranked(shown, score, Evidence(rank, points, place, cosine, fused_score=score)))
    return ranked


def reranked(ranked: Sequence[Ranked], scores: Scores, finals: Sequence[float]) -> list[Ranked]:
    """The first ``len(scores)`` in the order of their ``finals`` (ties by id); the others follow, scaled below them.

    ``scores`` are what a scorer said of them, kept as evidence.
    """
    head = [
        replace(item, score=final, evidence=replace(item.evidence, rerank_score=score))
        for item, score, final in zip(ranked, scores.tolist(), finals, strict=False)
    ]
    head.sort(key=lambda item: (-item.score, item.passage.passage_id))
    return head + scaled_below(head[-1].score, ranked[len(head) :]) if head else list(ranked)


def scaled_below(top: float, ranked: Sequence[Ranked]) -> list[Ranked]:
    """The same order with scores scaled so that the first is at most ``top``."""
    highest = max((item.score for item in ranked), default=0.0)
    factor = top / highest if highest > top else 1.0
    return [replace(item, score=item.score * factor) for item in ranked]


def beyond(found: Candidates, seen: Iterable[str]) -> Candidates:
    """What longer lists add: the candidates of documents not yet ``seen`` (doc_ids)."""
    known = set(seen)
    return replace(
        found,
        lexical=tuple(c for c in found.lexical if c.passage.head.doc_id not in known),
        dense=tuple(c for c in found.dense if c.passage.head.doc_id not in known),
    )


def without_unrelated(found: Candidates, config: FuseConfig, min_deviations: float) -> Candidates:
    """Nothing where no word matched and even the nearest passage is no nearer than unrelated texts may be by chance.

    That is less than ``min_deviations`` above the mean cosine of unrelated texts; 0 keeps everything.
    """
    if not min_deviations or found.lexical or not found.dense:
        return found
    nearest = (found.dense[0].score - config.cosine_mean) / config.cosine_deviation
    return found if nearest >= min_deviations else replace(found, dense=())


def without_far(found: Candidates, config: FuseConfig, deviations: float, share: float) -> Candidates:
    """Without the end of the dense list that is hardly nearer than unrelated texts are, unless its words match.

    What stays is ``share`` as far above the mean cosine of unrelated texts as the nearest is and, where words match at
    all, ``deviations`` above it.
    """
    if not found.dense:
        return found
    nearest = found.dense[0].score - config.cosine_mean
    above = max(share * nearest, deviations * config.cosine_deviation if found.lexical else min(nearest, 0.0))
    least = config.cosine_mean + above
    documents = {c.passage.head.doc_id for c in found.lexical}
    near = tuple(c for c in found.dense if c.score >= least or c.passage.head.doc_id in documents)
    return found if len(near) == len(found.dense) else replace(found, dense=near)


def only_matching(found: Candidates, by_passage: bool = False) -> Candidates:
    """Without the dense candidates whose document (or very passage) is not in the lexical list."""
    if by_passage:
        passages = {c.passage.passage_id for c in found.lexical}
        return replace(found, dense=tuple(c for c in found.dense if c.passage.passage_id in passages))
    documents = {c.passage.head.doc_id for c in found.lexical}
    return replace(found, dense=tuple(c for c in found.dense if c.passage.head.doc_id in documents))


def _numbered(candidates: Sequence[Candidate]) -> Iterator[tuple[int, Candidate]]:
    return enumerate(candidates, start=1)


def _lexical(rank: int, candidate: Candidate) -> Evidence:
    return Evidence(lexical_rank=rank, lexical_score=candidate.score)


def _dense(rank: int, candidate: Candidate) -> Evidence:
    return Evidence(dense_rank=rank, dense_score=candidate.score)


_Place = tuple[int | None, float | None, Passage | None]
_NOWHERE: _Place = None, None, None


def _places(candidates: Sequence[Candidate]) -> dict[str, _Place]:
    """Passage id -> rank, score, passage."""
    return {c.passage.passage_id: (rank, c.score, c.passage) for rank, c in _numbered(candidates)}
