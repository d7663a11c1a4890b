"""A generator behind an OpenAI-style chat completion service, streamed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from rag.config import HttpGeneratorConfig
from rag.errors import AnswerError, GeneratorInterrupted, GeneratorUnavailable
from rag.generator import Pieces, Prompt
from rag.generators.instructions import INSTRUCTIONS, question_block
from rag.generators.sse import END, lines_of, texts
from rag.generators.thoughts import without_thoughts

CURE = "Check the service and the settings of the generator"

BUSY = frozenset({429, 502, 503, 504})
"""RFC 6585 section 4 and RFC 9110 section 15.6: asking again later may help."""

RETRY_WAIT_S = 0.5


class HttpGenerator:
    """One service and model. Thread-safe; connections are kept. The key appears in no message."""

    def __init__(self, config: HttpGeneratorConfig) -> None:
        self._config = config
        self._url = _endpoint(config.url)
        headers = {"authorization": f"Bearer {config.api_key}"} if config.api_key else {}
        self._client = httpx.Client(timeout=config.timeout_s, headers=headers)

    @property
    def name(self) -> str:
        """The model's name at the service."""
        return self._config.model

    def generate(self, prompt: Prompt) -> Pieces:
        """Pieces as they come over the wire, without what the model thinks."""
        has_begun = False
        until = time.monotonic() + self._config.answer_timeout_s
        try:
            with self._stream(prompt) as response:
                pieces = texts(_before(until, _lines(response)))
                for piece in without_thoughts(pieces, self._config.thinks_first):
                    has_begun = True
                    yield piece
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise self._problem(str(error) or type(error).__name__, has_begun) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def _stream(self, prompt: Prompt) -> Iterator[httpx.Response]:
        response = self._asked(prompt)
        try:
            if not response.is_success:
                response.read()
                raise ValueError(f"it answered {response.status_code}: {response.text[:200]!r}")
            yield response
        finally:
            response.close()

    def _asked(self, prompt: Prompt) -> httpx.Response:
        """The response of the first attempt that is neither refused nor put off, else of the last one."""
        request = self._client.build_request("POST", self._url, json=self._payload(prompt))
        for attempt in range(1, max(1, self._config.attempts) + 1):
            is_last = attempt >= self._config.attempts
            try:
                response = self._client.send(request, stream=True)
            except (httpx.ConnectError, httpx.RemoteProtocolError):
                if is_last:
                    raise
            else:
                if is_last or response.status_code not in BUSY:
                    return response
                response.close()
            time.sleep(RETRY_WAIT_S * attempt)
        raise AssertionError("the last attempt returns or raises")

    def _payload(self, prompt: Prompt) -> dict[str, object]:
        return {
            "model": self._config.model,
            "messages": [
                {"role": "system", "content": INSTRUCTIONS},
                {"role": "user", "content": question_block(prompt)},
            ],
            "stream": True,
            "max_tokens": self._config.max_tokens,
            "temperature": self._config.temperature,
        }

    def _problem(self, reason: str, has_begun: bool) -> AnswerError:
        if has_begun:
            return GeneratorInterrupted(f"{self._config.model} at {self._url} stopped midway ({reason})", CURE)
        return GeneratorUnavailable(f"{self._config.model} at {self._url} does not answer ({reason})", CURE)


def _lines(response: httpx.Response) -> Iterator[str]:
    """The lines of a stream; a service that does not stream says all in one piece of JSON."""
    if response.headers.get("content-type", "").startswith("application/json"):
        yield from (f"data: {response.read().decode(errors='replace')}", f"data: {END}")
    else:
        yield from lines_of(response.iter_bytes())


def _before(until: float, lines: Iterator[str]) -> Iterator[str]:
    """The lines that come in time; a service may keep a connection alive without saying anything."""
    for line in lines:
        if time.monotonic() > until:
            raise ValueError("the answer takes too long")
        yield line


def _endpoint(url: str) -> str:
    url = url.rstrip("/")
    return url if url.endswith("/chat/completions") else f"{url}/chat/completions"
