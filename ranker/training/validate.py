"""How well a model ranks, judges and reads groups it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ranker.tokens.spans import best_span
from ranker.training.batches import batches, forward, tensors
from ranker.training.sources.pairs import IGNORED, Example


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
                    found = _read(start[0], end[0], types[row])
                    exact.append(found == (right.start, right.end))
                    overlap.append(_f1(found, (right.start, right.end)))
                row += len(example.rows)
    module.train(was_training)
    return Validation(
        *(float(np.mean(values)) if values else float("nan") for values in (reciprocal, judged, exact, overlap))
    )


def _read(start: Any, end: Any, is_passage: Any) -> tuple[int, int]:
    """First and last position of the best span of a row, logits (length,); (0, 0), [CLS], in a passage of no words."""
    places = np.flatnonzero(is_passage)[:-1]  # the last is [SEP]
    found = best_span(start[places], end[places])
    return (int(places[found.first]), int(places[found.last])) if found else (0, 0)


def _f1(found: tuple[int, int], right: tuple[int, int]) -> float:
    common = max(0, min(found[1], right[1]) - max(found[0], right[0]) + 1)
    return 2 * common / (found[1] - found[0] + right[1] - right[0] + 2)
