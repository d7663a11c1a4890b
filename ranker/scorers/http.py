"""A scorer behind a rerank endpoint of the shape of Cohere (v1, v2), Jina, vLLM or Text Embeddings Inference (TEI)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from indexer.inference.endpoint import Endpoint, EndpointConfig, sendable
from ranker.errors import ScorerError
from ranker.scorer import Scores


@dataclass(frozen=True, slots=True)
class HttpScorerConfig(EndpointConfig):
    """Set ``gives_logits`` for a service whose scores are not in [0, 1]; they then go through the sigmoid."""

    gives_logits: bool = False
    batch_size: int = 128


class HttpScorer:
    """Scores come from another machine. Thread-safe."""

    languages = None

    def __init__(self, config: HttpScorerConfig) -> None:
        self._config = config
        self.name = config.model
        # TEI's own route; other servers that have it too ignore the second name of the documents.
        self._is_tei = httpx.URL(config.url).path.rstrip("/") == "/rerank"
        self._endpoint = Endpoint(config, "rerank", "scorer", ScorerError)

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """(n,) float32 in [0, 1]."""
        size = self._config.batch_size
        parts = [self._request(query, passages[start : start + size]) for start in range(0, len(passages), size)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def _request(self, query: str, passages: Sequence[str]) -> Scores:
        question, *documents = sendable([query, *passages])
        payload: dict[str, Any] = {
            "model": self._config.model,
            "query": question,
            "documents": documents,
            "top_n": len(documents),
        }
        if self._is_tei:
            payload["texts"] = documents
        return self._scores(self._endpoint.post(payload), len(documents))

    def _scores(self, answer: Any, count: int) -> Scores:
        try:
            # TEI answers a bare list, each item with a ``score``.
            items = answer if isinstance(answer, list) else answer["results"]
            found = {int(item["index"]): float(_score_of(item)) for item in items}
            scores: Scores = np.array([found[i] for i in range(count)], dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise self._endpoint.error(f"did not give a relevance_score for each of {count} passages") from error
        if self._config.gives_logits:
            scores = np.float32(1) / (np.float32(1) + np.exp(-scores))
        if not np.all((scores >= 0) & (scores <= 1)):
            raise self._endpoint.error("gave scores outside 0 and 1 (set scorer.gives_logits if it gives logits)")
        return scores


def _score_of(item: dict[str, Any]) -> Any:
    return item["relevance_score"] if "relevance_score" in item else item["score"]
