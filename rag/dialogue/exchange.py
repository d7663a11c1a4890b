"""A fragment such as "on Windows" or "the pro plan" put into the question before. Pure functions."""

import re
from collections.abc import Sequence

from rag.dialogue.topic import topic_of

PREPOSITION = re.compile(
    r"\b(?:on|in|for|with|without|under|from|at|using|via|by|to|into|inside|as|before|after"
    r"|auf|unter|für|mit|ohne|in|bei|sur|sous|pour|avec|sans|dans|en|con|sin|para)\b",
    re.IGNORECASE,
)


def exchanged(before: str, fragment: str) -> str:
    """The question before, the fragment in the place of the part it is parallel to, else at its end."""
    if preposition := PREPOSITION.match(fragment):
        return _after_preposition(before, fragment, preposition.group())
    words = before.split()
    start, end = _parallel(words, fragment)
    if end:
        return " ".join((*words[:start], fragment, *words[end:]))
    topic = topic_of(before)
    if not topic.action and topic.thing and before.endswith(topic.thing):
        return f"{before[: -len(topic.thing)]}{fragment}"
    return f"{before} for {fragment}"


def _after_preposition(before: str, fragment: str, preposition: str) -> str:
    same = list(re.finditer(rf"\b{re.escape(preposition)}\b", before, re.IGNORECASE))
    if not same:
        return f"{before} {fragment}"
    rest = before[same[-1].end() :]
    following = PREPOSITION.search(rest, 1)
    after = f" {rest[following.start() :]}" if following else ""
    return f"{before[: same[-1].start()]}{fragment}{after}"


def _parallel(words: Sequence[str], fragment: str) -> tuple[int, int]:
    """[start, end) of the words that the fragment stands for: with the same last word, both names, or what follows the
    last preposition; (0, 0) where there are none. The first word of a question is never meant.
    """
    length = len(fragment.split())
    head = fragment.rsplit(maxsplit=1)[-1].casefold()
    for i in range(len(words) - 1, 0, -1):
        if words[i].casefold().rstrip(",") == head:
            return max(1, i - length + 1), i + 1
    if _is_name(fragment):
        names = [i for i, word in enumerate(words) if i and _is_name(word)]
        return (names[-1], names[-1] + 1) if names else (0, 0)
    places = [i for i, word in enumerate(words) if i and PREPOSITION.fullmatch(word)]
    return (places[-1] + 1, len(words)) if places else (0, 0)


def _is_name(text: str) -> bool:
    """Whether a proper name or an identifier stands there: with a capital, digit, underscore or dot inside."""
    return any(re.search(r"[A-Z0-9_.]", word) for word in text.split() if word != "I")
