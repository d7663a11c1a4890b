"""What the reader-ranker is taught: rank the right passage first, know whether it answers, find the answer in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ranker.training.sources.pairs import IGNORED, Example


@dataclass(frozen=True, slots=True)
class LossConfig:
    """Weights of the parts.

    ``rank`` is the listwise cross-entropy over a group; a share of ``teacher`` of its target is the hybrid ranker's own
    softmax, its logits times ``sharpness``, so that topical relevance is not forgotten. ``pointwise`` keeps relevance
    comparable between queries.
    """

    rank: float = 1.0
    teacher: float = 0.25
    sharpness: float = 3.0
    pointwise: float = 0.2
    answerable: float = 0.3
    span: float = 1.0


def losses(
    outputs: tuple[Any, Any, Any, Any], batch: Sequence[Example], inputs: dict[str, Any], config: LossConfig
) -> dict[str, Any]:
    """Scalar tensors: the parts rank, pointwise, answerable, span, and their weighted sum as ``total``.

    ``outputs`` is what the module gives, ``inputs`` what ``ranker.training.batches.tensors`` gave it.
    """
    relevance, answerable, start, end = (output.float() for output in outputs)
    parts = {
        "rank": _rank(relevance, batch, config),
        "pointwise": _pointwise(relevance, batch, [len(e.rows) > 1 for e in batch]),
        "answerable": _pointwise(answerable, batch, [_is_judged(e) for e in batch]),
        "span": _span(start, end, inputs),
    }
    weights = {"rank": config.rank, "pointwise": config.pointwise, "answerable": config.answerable, "span": config.span}
    return parts | {"total": sum(weights[name] * part for name, part in parts.items())}


def _is_judged(example: Example) -> bool:
    """Whether it is known which rows answer. A passage alone counts where its answer's place is known, since changed
    queries, which it does not answer, stand beside those."""
    has_span = example.rows[0].start != IGNORED
    return example.answers and (len(example.rows) > 1 or has_span)


def _pointwise(logits: Any, batch: Sequence[Example], counted: Sequence[bool]) -> Any:
    """Binary cross-entropy: the first row of a group is a yes, unless the query is changed, the others a no; only
    groups ``counted``."""
    import torch

    counts = [len(example.rows) for example in batch]
    targets = torch.cat([torch.tensor([float(not e.is_changed)] + [0.0] * (len(e.rows) - 1)) for e in batch])
    targets = targets.to(logits.device)
    weights = torch.cat([torch.full((n,), float(is_counted)) for n, is_counted in zip(counts, counted, strict=True)])
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    weights = weights.to(logits.device)
    return (each * weights).sum() / weights.sum().clamp(min=1)


def _rank(relevance: Any, batch: Sequence[Example], config: LossConfig) -> Any:
    """Mean cross-entropy over the groups with more than one passage; 0 where there is none."""
    import torch

    total, groups, first = relevance.new_zeros(()), 0, 0
    for example in batch:
        rows = relevance[first : first + len(example.rows)]
        first += len(example.rows)
        if len(rows) < 2:
            continue
        target = torch.zeros_like(rows)
        target[0] = 1.0
        if example.teacher:
            soft = (config.sharpness * torch.tensor(example.teacher, device=rows.device)).softmax(0)
            target = (1 - config.teacher) * target + config.teacher * soft
        total = total - (target * rows.log_softmax(0)).sum()
        groups += 1
    return total / max(groups, 1)


def _span(start: Any, end: Any, inputs: dict[str, Any]) -> Any:
    """Mean of the cross-entropies of start and end over the passage's tokens and [CLS]; rows not known do not count."""
    import torch

    allowed = inputs["token_type_ids"].bool().clone()
    allowed[:, 0] = True
    known = inputs["start"] != IGNORED
    if not bool(known.any()):
        return start.new_zeros(())
    parts = [
        torch.nn.functional.cross_entropy(logits.masked_fill(~allowed, -1e4)[known], inputs[name][known])
        for logits, name in ((start, "start"), (end, "end"))
    ]
    return (parts[0] + parts[1]) / 2
