"""Posts JSON to a model served over HTTP, with retries; the encoder and the scorer over HTTP share it."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from crawler.errors import RecollectError

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that say "not now"; any other error would come again."""

MAX_RETRY_AFTER_S = 30.0


class Endpoint:
    """One URL. Thread-safe; connections are kept.

    ``api_key`` is sent as a bearer token and appears in no message. Each of ``attempts`` waits twice as long as the one
    before, beginning with ``backoff_s``, or as long as the server asks. ``error`` makes the exception from what went
    wrong.
    """

    def __init__(
        self,
        url: str,
        error: Callable[[str], RecollectError],
        *,
        api_key: str,
        timeout_s: float,
        attempts: int,
        backoff_s: float,
    ) -> None:
        self.url = url
        self._error = error
        self._attempts = attempts
        self._backoff_s = backoff_s
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(timeout=timeout_s, headers=headers)

    def post(self, payload: dict[str, Any]) -> Any:
        """The JSON of the answer; raises the endpoint's error when attempts are used up or the answer is no."""
        problem, wait_s = "was not asked", 0.0
        for attempt in range(self._attempts):
            time.sleep(wait_s)
            wait_s = self._backoff_s * 2**attempt
            try:
                response = self._client.post(self.url, json=payload)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                problem = f"does not answer ({str(error) or type(error).__name__})"
                continue
            if response.is_success:
                return self._json(response)
            problem = f"answered {response.status_code}: {response.text[:200]!r}"
            if response.status_code not in RETRIED:
                break
            wait_s = max(wait_s, retry_after_s(response.headers.get("retry-after", "")))
        raise self._error(problem)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _json(self, response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError as error:
            raise self._error("answered something that is not JSON") from error


def retry_after_s(value: str) -> float:
    """Seconds a server asks to wait (RFC 9110, 10.2.3), at most half a minute; its date form counts as none."""
    return min(float(value), MAX_RETRY_AFTER_S) if value.isascii() and value.isdigit() else 0.0
