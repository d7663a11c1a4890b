"""Settings of choosing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChoosingConfig:
    """When a piece of a page answers.

    A piece is shown from ``min_score`` on where the reader has read it; where no reader knows the language, from
    ``min_evidence`` by meaning and words, from ``min_words`` where words alone decide; all in [0, 1]. Further pieces,
    ``max_blocks`` in all, are shown if the log-odds of their score are at most ``margin`` below the best one's. The
    reader reads ``max_read`` pieces one by one.
    """

    min_score: float = 0.6
    min_evidence: float = 0.52
    min_words: float = 0.6
    margin: float = 5.0
    max_blocks: int = 4
    max_read: int = 8

    def __post_init__(self) -> None:
        for name in ("min_score", "min_evidence", "min_words"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name):g} is not between 0 and 1")
        if not self.margin >= 0:
            raise ValueError(f"margin {self.margin:g} is less than 0")
        if self.max_blocks < 1 or self.max_read < 1:
            raise ValueError("max_blocks and max_read must be at least 1")
