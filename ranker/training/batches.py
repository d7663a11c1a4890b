"""Examples to batches of like length, in an order that the seed decides."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from ranker.training.sources.pairs import Example

POOL = 2048
"""Examples sorted by length together: enough for little padding, few enough to stay shuffled."""

ROUND = 16
"""Rows are padded to a multiple of this: each new shape costs a CPU freshly built kernels."""


def padded_length(length: int) -> int:
    """The next multiple of ROUND."""
    return -(-length // ROUND) * ROUND


def batches(examples: Sequence[Example], batch_tokens: int, seed: int) -> list[list[int]]:
    """Indices of examples by batch; a batch padded to its longest row holds at most ``batch_tokens`` tokens."""
    rng = random.Random(seed)  # noqa: S311 - for training, not for secrets
    order = list(range(len(examples)))
    rng.shuffle(order)
    found: list[list[int]] = []
    for first in range(0, len(order), POOL):
        pool = sorted(order[first : first + POOL], key=lambda i: (examples[i].length, i))
        found += _filled(pool, examples, batch_tokens)
    rng.shuffle(found)
    return found


def _filled(pool: Sequence[int], examples: Sequence[Example], batch_tokens: int) -> Iterator[list[int]]:
    batch: list[int] = []
    rows = 0
    for i in pool:
        more = len(examples[i].rows)
        if batch and (rows + more) * padded_length(examples[i].length) > batch_tokens:
            yield batch
            batch, rows = [], 0
        batch.append(i)
        rows += more
    if batch:
        yield batch


def tensors(batch: Sequence[Example], device: Any) -> dict[str, Any]:
    """The rows of a batch, (n, longest) int64: input_ids, attention_mask, token_type_ids; start, end (n,)."""
    import torch

    rows = [row for example in batch for row in example.rows]
    longest = padded_length(max(len(row.ids) for row in rows))
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        mask[i, : len(row.ids)] = 1
        types[i, row.query_tokens : len(row.ids)] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    targets = {
        "start": torch.tensor([row.start for row in rows]),
        "end": torch.tensor([row.end for row in rows]),
    }
    return {name: tensor.to(device) for name, tensor in (inputs | targets).items()}


def forward(module: Any, inputs: dict[str, Any]) -> Any:
    """The module's outputs, computed in bf16 where the device does.

    The mask goes in as bf16 to be added: a mask of integers would turn the attention weights into float32, which takes
    nearly twice as long on a CPU.
    """
    import torch

    ids = inputs["input_ids"]
    with torch.autocast(ids.device.type, torch.bfloat16):
        masked = (inputs["attention_mask"] == 0)[:, None, None, :].to(torch.bfloat16) * -1e4
        return module(ids, masked, inputs["token_type_ids"])
