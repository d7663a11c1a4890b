"""Settings of choosing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChoosingConfig:
    """When a piece of a page answers.

    A piece is shown from ``min_score`` on where the reader has read it; where no reader knows the language, from
    ``min_evidence`` by meaning and words, from ``min_words`` where words alone decide; all in [0, 1]. Further pieces,
    ``max_blocks`` in all, are shown if they reach ``margin`` of the best one's score. The reader reads ``max_read``
    pieces one by one.
    """

    min_score: float = 0.6
    min_evidence: float = 0.52
    min_words: float = 0.6
    margin: float = 0.5
    max_blocks: int = 4
    max_read: int = 8

    def __post_init__(self) -> None:
        for name in ("min_score", "min_evidence", "min_words", "margin"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name):g} is not between 0 and 1")
        if self.max_blocks < 1 or self.max_read < 1:
            raise ValueError("max_blocks and max_read must be at least 1")
