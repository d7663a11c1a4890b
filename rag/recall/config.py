"""Settings of recall."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecallLimits:
    """A memory is given ``timeout_s``; one that failed is left alone for ``pause_s``.

    What it says is the answer before anything is searched where its score is ``sure`` or more; below, where it is above
    the confidence of what was found. Names and values of a source are read anew after ``refresh_s``; facts always are.
    """

    sure: float = 0.9
    timeout_s: float = 2.0
    pause_s: float = 30.0
    refresh_s: float = 60.0

    def __post_init__(self) -> None:
        if not 0 < self.sure <= 1:
            raise ValueError(f"sure {self.sure:g} is not above 0 and at most 1")
        if min(self.timeout_s, self.pause_s, self.refresh_s) <= 0:
            raise ValueError("timeout_s, pause_s and refresh_s must be above 0")
