"""A toy task that a tiny reader-ranker learns in seconds: the right passage is the one with "mat", which answers."""

import random
from pathlib import Path

from ranker.training.config import TrainConfig
from ranker.training.group import Group
from ranker.training.sources.pairs import Windows
from tests.support.tiny_models import save_tiny_bert

FILLERS = tuple(f"word{letter}{other}" for letter in "abcdefghijklmnop" for other in "abcdefghijklm")
WORDS = (*FILLERS, "mat", "dog", "cat", "the", "of")


def toy_groups(count: int, seed: int = 0) -> list[Group]:
    """``count`` groups of three passages; "mat" stands at a random place of the right one, "dog" in the others."""
    rng = random.Random(seed)
    groups = []
    for number in range(count):
        texts = [rng.choices(FILLERS, k=rng.randint(5, 12)) for _ in range(3)]
        for place, text in enumerate(texts):
            text.insert(rng.randint(0, len(text)), "dog" if place else "mat")
        right, *wrong = (" ".join(text) for text in texts)
        start = right.index("mat")
        query = f"{FILLERS[number % len(FILLERS)]} {number}"
        groups.append(Group(query, (right, *wrong), "toy", (start, start + 3)))
    return groups


def toy_base(folder: Path) -> Path:
    """A BERT of random weights with the words of the task."""
    return save_tiny_bert(folder, words=WORDS, max_tokens=160)


def toy_config(base: Path, **settings: object) -> TrainConfig:
    """Few tokens at once, so that there are several steps."""
    common = {"batch_tokens": 1024, "learning_rate": 3e-3, "device": "cpu", "threads": 1, "validation_groups": 30}
    return TrainConfig(base=str(base), windows=Windows(8, 40, 24), **(common | settings))  # type: ignore[arg-type]
