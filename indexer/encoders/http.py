"""An encoder behind an OpenAI-style ``/v1/embeddings`` endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.document import Vectors
from indexer.errors import EncoderError
from indexer.inference.endpoint import Endpoint, EndpointConfig, sendable


@dataclass(frozen=True, slots=True)
class HttpEncoderConfig(EndpointConfig):
    """``dim`` None is learnt from the first answer."""

    dim: int | None = None
    query_prefix: str = ""
    passage_prefix: str = ""
    batch_size: int = 64


class HttpEncoder:
    """Vectors come from another machine; they are scaled to unit length here. Thread-safe."""

    languages = None

    def __init__(self, config: HttpEncoderConfig) -> None:
        self._config = config
        self._endpoint = Endpoint(config, "embedding", "encoder", EncoderError)
        self._dim = config.dim
        self.name = ":".join(part for part in (config.model, config.query_prefix, config.passage_prefix) if part)

    @property
    def dim(self) -> int:
        """As configured, or of the endpoint's answer to a first text. Raises EncoderError if there is none."""
        if self._dim is None:
            self._dim = self._request(["dimension"]).shape[1]
        return self._dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), with the query prefix."""
        return self._encode([self._config.query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), with the passage prefix."""
        return self._encode([self._config.passage_prefix + text for text in texts])

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def _encode(self, texts: Sequence[str]) -> Vectors:
        size = self._config.batch_size
        parts = [self._request(texts[start : start + size]) for start in range(0, len(texts), size)]
        rows = np.concatenate(parts) if parts else np.empty((0, self.dim), dtype=np.float32)
        if rows.shape[1] != self.dim:
            raise self._endpoint.error(f"gave vectors of {rows.shape[1]} numbers, not {self.dim}")
        return rows

    def _request(self, texts: Sequence[str]) -> Vectors:
        payload = {"model": self._config.model, "input": sendable(texts)}
        return self._unit_rows(self._endpoint.post(payload), len(texts))

    def _unit_rows(self, answer: Any, count: int) -> Vectors:
        try:
            items = sorted(answer["data"], key=lambda item: int(item["index"]))
            rows = np.array([item["embedding"] for item in items], dtype=np.float32)
            lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        except (KeyError, TypeError, ValueError) as error:
            raise self._endpoint.error("gave an answer that is not of the OpenAI shape") from error
        if len(rows) != count or not np.all(lengths > 0):
            raise self._endpoint.error(f"gave {len(rows)} usable vectors for {count} texts")
        unit: Vectors = rows / lengths
        return unit
