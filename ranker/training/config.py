"""Settings of a training run."""

from dataclasses import dataclass, field

from ranker.training.loss import LossConfig
from ranker.training.sources.pairs import Windows


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """One run over groups.

    ``base`` is a BERT encoder (folder or name) that gets fresh heads, or a reader-ranker, trained or exported, which
    goes on with its heads. ``batch_tokens`` counts padding. ``learning_rate`` rises over the first ``warmup_share`` of
    all rows and falls to 0 over the rest; heads learn ``head_factor`` times as fast. The last ``validation_groups`` by
    digest of their right passage are never trained on.
    """

    base: str
    epochs: int = 1
    batch_tokens: int = 6144
    learning_rate: float = 1e-4
    head_factor: float = 5.0
    warmup_share: float = 0.06
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    validation_groups: int = 600
    report_every_s: float = 30.0
    checkpoint_every_s: float = 300.0
    seed: int = 1
    device: str | None = None
    threads: int | None = None
    windows: Windows = field(default_factory=Windows)
    loss: LossConfig = field(default_factory=LossConfig)
