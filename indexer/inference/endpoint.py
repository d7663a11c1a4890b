"""Posts JSON to a model served over HTTP, with retries; the encoder and the scorer over HTTP share it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from crawler.errors import RecollectError
from indexer.inference.model import encodable

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that say "not now"; any other error would come again."""

MAX_RETRY_AFTER_S = 30.0


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """A model at a service: ``url`` is the whole endpoint, such as ``http://127.0.0.1:8080/v1/embeddings``.

    ``api_key`` is sent as a bearer token; it is left out of ``repr`` and appears in no message. Each of ``attempts``
    waits twice as long as the one before, beginning with ``backoff_s``, or as long as the server asks.
    """

    url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout_s: float = 30.0
    attempts: int = 3
    backoff_s: float = 0.5


class Endpoint:
    """One URL. Thread-safe; connections are kept.

    ``service`` names it in messages, ``section`` is that of its settings, ``kind`` the error that is raised.
    """

    def __init__(self, config: EndpointConfig, service: str, section: str, kind: type[RecollectError]) -> None:
        self._config = config
        self._service, self._section, self._kind = service, section, kind
        headers = {"authorization": f"Bearer {config.api_key}"} if config.api_key else {}
        self._client = httpx.Client(timeout=config.timeout_s, headers=headers)

    def post(self, payload: dict[str, Any]) -> Any:
        """The JSON of the answer; raises the endpoint's error when attempts are used up or the answer is no."""
        problem, wait_s = "was not asked", 0.0
        for attempt in range(self._config.attempts):
            time.sleep(wait_s)
            wait_s = self._config.backoff_s * 2**attempt
            try:
                response = self._client.post(self._config.url, json=payload)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                problem = f"does not answer ({str(error) or type(error).__name__})"
                continue
            if response.is_success:
                return self._json(response)
            problem = f"answered {response.status_code}: {response.text[:200]!r}"
            if response.status_code not in RETRIED:
                break
            wait_s = max(wait_s, retry_after_s(response.headers.get("retry-after", "")))
        raise self.error(problem)

    def error(self, problem: str) -> RecollectError:
        """The endpoint's error for what went wrong."""
        section = self._section
        cure = f"Check {section}.url, {section}.model and {section}.api_key"
        return self._kind(f"the {self._service} service {self._config.url} {problem}", cure)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as error:
            raise self.error("answered something that is not JSON") from error


def sendable(texts: Sequence[str]) -> list[str]:
    """Texts as an endpoint takes them: many refuse an empty one, and a space means the same to a model."""
    return [text or " " for text in encodable(texts)]


def retry_after_s(value: str) -> float:
    """Seconds a server asks to wait (RFC 9110, 10.2.3), at most half a minute; its date form counts as none."""
    return min(float(value), MAX_RETRY_AFTER_S) if value.isascii() and value.isdigit() else 0.0
