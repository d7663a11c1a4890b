"""What reasoning models think before they answer is no part of the answer: pure functions over pieces of text."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

MARKS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
)
"""How thoughts begin and end: Qwen and DeepSeek, Nova, others, and Magistral."""

_BEGINNINGS = re.compile("|".join(re.escape(begin) for begin, _ in MARKS), re.IGNORECASE)
_ENDS = re.compile("|".join(re.escape(end) for _, end in MARKS), re.IGNORECASE)
_EITHER = re.compile(f"{_BEGINNINGS.pattern}|{_ENDS.pattern}", re.IGNORECASE)
_ALL = tuple(mark.lower() for pair in MARKS for mark in pair)


def without_thoughts(pieces: Iterable[str], is_thinking: bool = False) -> Iterator[str]:
    """The pieces without what stands between marks of thought, wherever the pieces part.

    Thoughts without an end go on to the end of the text; an end without a beginning goes alone, unless the text begins
    in thought (``is_thinking``), as where a chat template has written the beginning itself. A mark quoted as code,
    right behind a backtick, is text.
    """
    rest = last = ""
    for piece in chain(pieces, [None]):
        rest += piece or ""
        while match := (_ENDS if is_thinking else _EITHER).search(rest):
            before = rest[: match.start()]
            if not is_thinking and (before or last).endswith("`"):
                shown, rest = rest[: match.end()], rest[match.end() :]
            else:
                shown, rest = "" if is_thinking else before, rest[match.end() :]
                is_thinking = not is_thinking and _BEGINNINGS.fullmatch(match[0]) is not None
            if shown:
                last = shown
                yield shown
        kept = _begun(rest) if piece is not None else 0
        shown, rest = rest[: len(rest) - kept], rest[len(rest) - kept :]
        if shown and not is_thinking:
            last = shown
            yield shown


def begins_thinking(prompt: str) -> bool:
    """Whether a model's prompt ends in the beginning of a thought, which the text then only ends."""
    return any(prompt.rstrip().lower().endswith(begin.lower()) for begin, _ in MARKS)


def _begun(text: str) -> int:
    """How many characters at the end of the text may be the first of a mark."""
    tail = text[-max(map(len, _ALL)) :].lower()
    return next((n for n in range(len(tail), 0, -1) if any(mark.startswith(tail[-n:]) for mark in _ALL)), 0)
