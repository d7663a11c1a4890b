"""How a query attends to what the collection says of its words: chosen on questions whose passage is known."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from indexer.document import Vectors
from indexer.inference.phrases import Attention, Phrases
from ranker.training.joint.pool import Lesson
from ranker.training.joint.train import found_by

WORDS, LIKENESS, SHARES = (0.1, 0.2, 0.3), (0.0, 10.0), (0.5, 1.0, 1.5)
ASKED = 500
"""Questions asked for the choice: beyond them other settings are not told from these."""

FAR, NEAR = 0.02, 0.1
"""The shares of these questions with a nearest passage no nearer: a query that is further from what it attends to than
nearly all of them is about something else."""


def attention_for(
    phrases: Phrases, lessons: Sequence[Lesson], queries: Vectors, pieces: Sequence[Sequence[int]], memory: Vectors
) -> Attention | None:
    """The one by which most queries find their passage; None where they find more without.

    ``queries`` (n, dim) and ``pieces`` are those of the lessons, ``memory`` (passages, dim) is searched.
    """
    right = [lesson.right for lesson in lessons]
    far, near = np.quantile(phrases.nearest(queries, pieces), (FAR, NEAR)).tolist()
    best, chosen = found_by(queries, memory, right), None
    for words, likeness, share in product(WORDS, LIKENESS, SHARES):
        tried = Attention(words, likeness, share, far, near)
        found = found_by(phrases.moved(queries, pieces, tried), memory, right)
        if found.is_better_than(best):
            best, chosen = found, tried
    return chosen
