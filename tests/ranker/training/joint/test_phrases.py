"""How a query attends is chosen by what questions find, and only where they find more."""

import numpy as np

from indexer.inference.phrases import phrases_of
from ranker.training.joint.phrases import LIKENESS, SHARES, WORDS, attention_for
from ranker.training.joint.pool import Lesson
from ranker.training.joint.train import found_by

COUNT, DIM = 60, 16
random = np.random.default_rng(1)
MEMORY = random.normal(size=(COUNT, DIM)).astype(np.float32)
MEMORY /= np.linalg.norm(MEMORY, axis=1, keepdims=True)
PHRASES = phrases_of([[100 + n] for n in range(COUNT)], MEMORY)
LESSONS = [Lesson(f"about {n}", n, (n,), (0.0,)) for n in range(COUNT)]
RIGHT = list(range(COUNT))


def test_questions_whose_words_name_their_passage_gain() -> None:
    queries = random.normal(size=(COUNT, DIM)).astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    pieces = [[100 + n] for n in range(COUNT)]
    chosen = attention_for(PHRASES, LESSONS, queries, pieces, MEMORY)
    assert chosen is not None
    assert (chosen.words in WORDS, chosen.likeness in LIKENESS, chosen.share in SHARES) == (True, True, True)
    moved = PHRASES.moved(queries, pieces, chosen)
    assert found_by(moved, MEMORY, RIGHT).recall > found_by(queries, MEMORY, RIGHT).recall + 0.3


def test_nothing_is_chosen_where_words_mislead() -> None:
    misleading = [[100 + (n + 7) % COUNT] for n in range(COUNT)]
    assert attention_for(PHRASES, LESSONS, MEMORY, misleading, MEMORY) is None
