"""A generator behind an OpenAI-style chat completion service, streamed."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from rag.config import HttpGeneratorConfig
from rag.errors import AnswerError, GeneratorInterrupted, GeneratorUnavailable
from rag.generator import Pieces, Prompt
from rag.generators.instructions import INSTRUCTIONS, question_block
from rag.generators.sse import data_lines, piece_of

CURE = "Check the service and the settings of the generator"


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
        """Pieces as they come over the wire."""
        has_begun = False
        try:
            with self._stream(prompt) as response:
                for data in data_lines(response.iter_lines()):
                    piece, is_last = piece_of(data)
                    if piece:
                        has_begun = True
                        yield piece
                    if is_last:
                        return
            raise ValueError("the stream ended before the text did")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise self._problem(str(error) or type(error).__name__, has_begun) from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def _stream(self, prompt: Prompt) -> Iterator[httpx.Response]:
        with self._client.stream("POST", self._url, json=self._payload(prompt)) as response:
            if not response.is_success:
                response.read()
                raise ValueError(f"it answered {response.status_code}: {response.text[:200]!r}")
            yield response

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


def _endpoint(url: str) -> str:
    url = url.rstrip("/")
    return url if url.endswith("/chat/completions") else f"{url}/chat/completions"
