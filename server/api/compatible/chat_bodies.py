"""What programs send to /v1/chat/completions (OpenAI's shape), and what they get."""

import time
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from indexer.split import estimated_tokens
from rag.answer import Answer, Citation
from rag.dialogue.follow_up import understand
from rag.dialogue.turn import Turn
from server.errors import BadInput
from server.shapes import Json, degradation_json

MODEL = "recollect"
MAX_MESSAGES = 200
MAX_MESSAGE_CHARS = 100_000


class TextPart(BaseModel):
    """A part of a message; other kinds than text are refused, since nobody here looks at pictures."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)]


class Message(BaseModel):
    """What was said. What an assistant, a tool or the system said is context that the pages stand in for."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)] | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """All its text."""
        return self.content if isinstance(self.content, str) else " ".join(part.text for part in self.content or ())


class StreamOptions(BaseModel):
    """What a stream carries besides the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatBody(BaseModel):
    """A conversation whose last message is a question. Settings of language models are ignored."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(max_length=200)]
    messages: Annotated[list[Message], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None

    def question(self) -> str:
        """The last message as a question that stands by itself. Raises BadInput where it is none."""
        if self.n not in (None, 1):
            raise BadInput(f"n: {self.n} answers are asked for", "Ask for 1: the pages give one answer")
        if self.messages[-1].role != "user" or not self.messages[-1].text.strip():
            raise BadInput("messages: the last one is no question of a user", "End with a message of the role user")
        turns: list[Turn] = []
        for asked in (message.text.strip() for message in self.messages if message.role == "user"):
            turns.append(Turn(asked, understand(asked, turns).text))
        return turns[-1].understood

    @property
    def wants_usage(self) -> bool:
        """Whether a stream ends with the counts."""
        return self.stream_options is not None and self.stream_options.include_usage


class Completion:
    """One answer in OpenAI's shape: as one document, or as the chunks of a stream."""

    def __init__(self, model: str, prompt: Iterable[Message]) -> None:
        self._shared = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": model}
        self._prompt_tokens = sum(estimated_tokens(message.text) for message in prompt)

    def document(self, answer: Answer) -> Json:
        """The whole answer; ``recollect`` says what OpenAI's shape has no place for."""
        message = {
            "role": "assistant",
            "content": content_of(answer),
            "refusal": None,
            "annotations": annotations(answer.citations),
        }
        return {
            **self._shared,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": self._usage(answer),
            "recollect": facts(answer),
        }

    def opening(self) -> Json:
        """The first chunk: who speaks."""
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def piece(self, text: str, citations: Sequence[Citation]) -> Json:
        """The next piece of the answer with what it cites."""
        return self._chunk({"content": text, "annotations": annotations(citations)})

    def ending(self, answer: Answer) -> Json:
        """The last chunk with a choice."""
        return self._chunk({}, "stop") | {"recollect": facts(answer)}

    def counts(self, answer: Answer) -> Json:
        """The chunk after it, where counts are wanted."""
        return {**self._shared, "object": "chat.completion.chunk", "choices": [], "usage": self._usage(answer)}

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return {**self._shared, "object": "chat.completion.chunk", "choices": [choice]}

    def _usage(self, answer: Answer) -> Json:
        said = estimated_tokens(content_of(answer))
        prompt = self._prompt_tokens
        return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


def content_of(answer: Answer) -> str:
    """What is said: the answer, or why there is none."""
    return answer.text or answer.reason


def annotations(citations: Iterable[Citation]) -> list[Json]:
    """One ``url_citation`` for each cited sentence; the indexes count characters of the whole answer."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "url": citation.url,
                "title": citation.passage.head.title,
                "start_index": citation.answer_start_char,
                "end_index": citation.answer_end_char,
            },
        }
        for citation in citations
    ]


def facts(answer: Answer) -> Json:
    """What a program may want to know of an answer beyond its words."""
    return {
        "question": answer.question,
        "refused": answer.refused,
        "reason": answer.reason,
        "degraded": [degradation_json(one) for one in answer.degraded],
    }


def models_json(created: int, names: Iterable[str]) -> Json:
    """The list of ``GET /v1/models``."""
    return {"object": "list", "data": [model_json(created, name) for name in names]}


def model_json(created: int, name: str) -> Json:
    """One model in OpenAI's shape."""
    return {"id": name, "object": "model", "created": created, "owned_by": "recollect"}
