"""Settings of a joint training."""

from dataclasses import dataclass
from typing import Literal

Loss = Literal["preference", "margin"]


@dataclass(frozen=True, slots=True)
class JointConfig:
    """The last ``layers`` of the encoder learn; what is below them, and every vector of a passage, stays as it is.

    A query is to be near its right passage among all passages of the data: cross-entropy over their similarities times
    ``scale``, the one that all-MiniLM-L6-v2 was trained with. A share of ``reader`` of its target is the preference of
    the reader, who has read the query with the passages that search offers. ``anchor`` weighs how far a query may move
    from where it was, since the data says nothing of other questions. ``kept`` is the share of the layers as they were
    in those that training ends with, see ``ReaderRanker.blend``.

    ``loss`` "margin" takes what the reader prefers for the whole target: the differences between its logits of the
    right passage and of each other one that it read, by squared error (margin-MSE: Hofstätter et al., 2020).
    """

    loss: Loss = "preference"
    layers: int = 2
    epochs: int = 4
    batch: int = 256
    learning_rate: float = 3e-4
    warmup_share: float = 0.06
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    scale: float = 20.0
    reader: float = 0.3
    anchor: float = 1.0
    kept: float = 0.3
    report_every_s: float = 30.0
    checkpoint_every_s: float = 120.0
    seed: int = 1
    threads: int | None = None
