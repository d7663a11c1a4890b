"""How well a model ranks, judges and reads groups it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ranker.training.batches import batches, forward, tensors
from ranker.training.pairs import IGNORED, Example

LONGEST_ANSWER = 30
"""Tokens of the longest span considered."""


@dataclass(frozen=True, slots=True)
class Validation:
    """``mrr`` of the right passage within its group; ``judged`` the share of passages rightly told to answer or not;
    ``exact`` and ``overlap`` the share of spans found exactly, and the mean F1 of their tokens. NaN where there is
    nothing to measure.
    """

    mrr: float
    judged: float
    exact: float
    overlap: float


def validate(module: Any, examples: Sequence[Example], batch_tokens: int, device: Any) -> Validation:
    """Measure on ``examples``; the module is left in the mode it was in."""
    import torch

    reciprocal, judged, exact, overlap = [], [], [], []
    was_training = module.training
    module.eval()
    with torch.inference_mode():
        for indices in batches(examples, batch_tokens, seed=0):
            batch = [examples[i] for i in indices]
            inputs = tensors(batch, device)
            arrays = [output.float().cpu().numpy() for output in forward(module, inputs)]
            types = inputs["token_type_ids"].cpu().numpy()
            row = 0
            for example in batch:
                relevance, answerable, start, end = (array[row : row + len(example.rows)] for array in arrays)
                if len(example.rows) > 1:
                    reciprocal.append(1 / (1 + int((relevance[1:] >= relevance[0]).sum())))
                    if example.answers:
                        judged += [answerable[0] > 0, *(answerable[1:] <= 0)]
                right = example.rows[0]
                if right.start not in (IGNORED, 0):
                    found = best_span(start[0], end[0], types[row])
                    exact.append(found == (right.start, right.end))
                    overlap.append(_f1(found, (right.start, right.end)))
                row += len(example.rows)
    module.train(was_training)
    return Validation(
        *(float(np.mean(values)) if values else float("nan") for values in (reciprocal, judged, exact, overlap))
    )


def best_span(start: Any, end: Any, is_passage: Any) -> tuple[int, int]:
    """First and last position of the passage tokens whose start and end logits (length,) have the highest sum."""
    places = np.flatnonzero(is_passage)[:-1]  # the last is [SEP]
    if not len(places):
        return 0, 0
    sums = start[places][:, None] + end[places][None, :]
    allowed = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), LONGEST_ANSWER)
    best = int(np.argmax(np.where(allowed, sums, -np.inf)))
    return int(places[best // len(places)]), int(places[best % len(places)])


def _f1(found: tuple[int, int], right: tuple[int, int]) -> float:
    common = max(0, min(found[1], right[1]) - max(found[0], right[0]) + 1)
    return 2 * common / (found[1] - found[0] + right[1] - right[0] + 2)
