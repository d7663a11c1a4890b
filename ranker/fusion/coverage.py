"""Which words of a query the candidates hold, and what each word is worth: evidence that BM25 alone hides.

BM25 tells nothing of a passage that its list lacks, and in short passages repetitions and length move it more than they
should. The worth of each word is read off the BM25 scores themselves by non-negative least squares, so that it is that
of the engine and its corpus whatever the engine.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

from indexer.asking.stems import stem
from indexer.store import Candidate
from ranker.fusion.held import words_held
from ranker.words import pieces

Numbers = NDArray[np.float64]

SWEEPS = 30
"""Rounds of coordinate descent; the weights of some ten words settle sooner."""

SETTLED = 1e-9
"""A round that moves no weight by more changes nothing that a score would show."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """``points``: passage id -> sum of the worth of the words held, in points of BM25.

    ``share``: the same as a share of all the query's words. ``mean_words`` is the length of the passages,
    ``query_terms`` the number of distinct telling words of the query.
    """

    points: Mapping[str, float]
    share: Mapping[str, float]
    mean_words: float
    query_terms: int


def coverage(query: str, lexical: Sequence[Candidate], dense: Sequence[Candidate]) -> Coverage:
    """What the passages of both lists hold of the ``query``, judged by the BM25 scores of the lexical one.

    A passage of that list in which none of the words is recognised (the engine's analyser knows more) counts with its
    score.
    """
    by_id = {c.passage.passage_id: c for c in (*lexical, *dense)}
    holds, lengths = _held(query, list(by_id.values()))
    listed = {c.passage.passage_id: c.score for c in lexical}
    scores = np.array([listed.get(passage_id, 0.0) for passage_id in by_id])
    is_known = np.array([passage_id in listed for passage_id in by_id], dtype=bool)
    holds_some = holds.any(axis=1)
    worths = word_worths(holds[is_known & holds_some], scores[is_known & holds_some])
    held = holds @ worths
    points = np.where(is_known & ~holds_some, scores, held)
    whole = max(float(worths.sum()), np.finfo(float).tiny)
    return Coverage(
        dict(zip(by_id, points.tolist(), strict=True)),
        dict(zip(by_id, (held / whole).tolist(), strict=True)),
        sum(lengths) / max(1, len(lengths)),
        holds.shape[1],
    )


def word_worths(holds: Numbers, scores: Numbers) -> Numbers:
    """(words,): the worths, none below 0, whose sums over the words held come nearest to the scores.

    ``holds`` is (passages, words) of 0 and 1, ``scores`` (passages,). Non-negative least squares by coordinate descent;
    Franc, Hlavac and Navara, CAIP 2005.
    """
    gram, correlation = (holds.T @ holds).tolist(), (holds.T @ scores).tolist()
    worths = [0.0] * len(gram)
    used = [word for word, row in enumerate(gram) if row[word]]
    for _ in range(SWEEPS):
        change = 0.0
        for word in used:
            row = gram[word]
            step = (correlation[word] - sum(map(mul, row, worths))) / row[word]
            new = max(0.0, worths[word] + step)
            change = max(change, abs(new - worths[word]))
            worths[word] = new
        if change < SETTLED:
            break
    return np.array(worths)


def _held(query: str, candidates: Sequence[Candidate]) -> tuple[Numbers, list[int]]:
    """(candidates, words) of 0 and 1, and the number of words of each passage."""
    languages = Counter(candidate.passage.head.language for candidate in candidates)
    main = languages.most_common(1)[0][0] if languages else None
    wanted = list({stem(piece, main): piece for piece in pieces(query, main)}.values())
    return words_held({language: [stem(piece, language) for piece in wanted] for language in languages}, candidates)
