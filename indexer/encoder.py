"""The Encoder seam: texts to vectors."""

from collections.abc import Sequence
from typing import Protocol

from indexer.document import Vectors


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product is their similarity.

    Promises of every implementation (each one a test in tests/contracts):
    - The result is float32 of shape (n, dim), rows of unit length, row i belongs to text i.
    - An empty list gives shape (0, dim); an empty text is allowed.
    - The vector of a text does not depend on its neighbours in the call (to 1e-3 in cosine).
    - Thread-safe. Failures raise EncoderError.
    """

    @property
    def name(self) -> str:
        """Identifies the vectors: two encoders of one name give interchangeable vectors."""

    @property
    def dim(self) -> int:
        """Length of one vector."""

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of those it was made for; None where that is not known. Others are found by words only."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions or search words."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts to be found."""
