"""The Scorer seam: how well does each passage answer the query?"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
"""(n,) float32, each in [0, 1]."""


class Scorer(Protocol):
    """Reads query and passage together and says how relevant the passage is.

    Promises of every implementation (each one a test in tests/contracts):
    - Same order and length as the passages; float32 in [0, 1]; higher is better; an empty list gives shape (0,).
    - The score of a passage does not depend on its neighbours in the call (to 1e-3).
    - Thread-safe. Failures raise ScorerError.
    """

    @property
    def name(self) -> str:
        """Which model scored, for explanations."""

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of those it was made for; None where that is not known. It is not asked about others."""

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """One score per passage text."""
