"""Server-sent events of a chat completion to pieces of text: pure functions."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

END = "[DONE]"
WHOLE = frozenset({"stop", "end_turn", "eos"})
"""Reasons to finish that mean the model had said all; ``length`` and ``content_filter`` do not."""


class CutOff(ValueError):
    """The text ends where the service wanted, not where the model did."""


def data_lines(lines: Iterable[str]) -> Iterator[str]:
    """The payload of each ``data:`` line (WHATWG HTML, 9.2); comments and other fields carry no text."""
    for line in lines:
        if line.startswith("data:"):
            yield line.removeprefix("data:").removeprefix(" ")


def piece_of(data: str) -> tuple[str, bool]:
    """(new text, whether it is the last) of one chunk of OpenAI's chat completion stream.

    Raises CutOff where the service ends the text before the model did, ValueError for an error of the
    service or another shape.
    """
    if data.strip() == END:
        return "", True
    chunk: Any = json.loads(data)
    if not isinstance(chunk, dict) or "error" in chunk:
        raise ValueError(f"the service says {data[:200]}")
    try:
        choice = (chunk.get("choices") or [{}])[0]
        reason = choice.get("finish_reason")
        text = str((choice.get("delta") or {}).get("content") or "")
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"the service speaks another language: {data[:200]}") from error
    if reason and reason not in WHOLE and not text:
        raise CutOff(f"the service cut the text off: {reason}")
    return text, bool(reason)
