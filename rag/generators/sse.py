"""Server-sent events of a chat completion to pieces of text: pure functions.

Services differ in what they send, and all that is known of theirs is read here: text in the chunk that ends it, chunks
without choices, empty reasons to finish, errors as data, as an event or as a field of their own.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

END = "[DONE]"
WHOLE = frozenset({"stop", "stop_sequence", "end", "end_turn", "eos", "eos_token"})
"""Reasons to finish that mean the model had said all; ``length`` and ``content_filter`` do not."""

_ERRORS = ("error", "error_code", "detail")


class CutOff(ValueError):
    """The text ends where the service wanted, not where the model did."""


def lines_of(parts: Iterable[bytes]) -> Iterator[str]:
    """Lines of a stream as WHATWG HTML 9.2 ends them: other line separators of Unicode may stand inside of JSON."""
    rest = b""
    for part in parts:
        *ended, rest = (rest + part).replace(b"\r\n", b"\n").split(b"\n")
        yield from (line.rstrip(b"\r").decode(errors="replace") for line in ended)
    yield rest.decode(errors="replace")


def texts(lines: Iterable[str]) -> Iterator[str]:
    """The pieces of text in the chunks of OpenAI's chat completion stream, or in the one of an answer that is none.

    Raises CutOff where the service ends the text before the model did, ValueError for an error of the service, another
    shape, or a stream that ends without a sign.
    """
    has_begun = has_ended = False
    for data in _data(lines):
        if data.strip() == END:
            return
        text, reason = _read(data)
        if text:
            has_begun = True
            yield text
        if reason and reason.lower() not in WHOLE:
            raise CutOff(f"the service cut the text off: {reason}")
        has_ended = has_ended or bool(reason)
        if has_begun and has_ended:
            return  # A reason before the first text ends the thoughts of some models, not the text.
    if not has_ended:
        raise ValueError("the stream ended before the text did")


def _data(lines: Iterable[str]) -> Iterator[str]:
    """What each ``data:`` line says; comments and other fields carry no text. Raises ValueError for an error."""
    event = ""
    for line in lines:
        name, _, value = line.removeprefix("\ufeff").partition(":")
        value = value.removeprefix(" ")
        if name == "error" or (name == "data" and event == "error"):
            raise ValueError(f"the service says {value[:200]}")
        if name == "event" or not line:
            event = value.strip()
        elif name == "data" and value.strip():
            yield value


def _read(data: str) -> tuple[str, str]:
    """(new text, reason to finish or nothing) of a chunk."""
    chunk: Any = json.loads(data)
    if not isinstance(chunk, dict) or any(chunk.get(key) for key in _ERRORS) or chunk.get("object") == "error":
        raise ValueError(f"the service says {data[:200]}")
    try:
        choice = (chunk.get("choices") or [{}])[0]
        if choice.get("error"):
            raise ValueError(f"the service says {data[:200]}")
        said = choice.get("delta") or choice.get("message") or {}
        return _text(said.get("content")), str(choice.get("finish_reason") or "")
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"the service speaks another language: {data[:200]}") from error


def _text(content: Any) -> str:
    """Some services send parts by kind, of which thoughts are one."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if part.get("type") == "text")
    return str(content or "")
