"""A question for two things at once, as the questions that ask for each. Pure.

"How do I rename a key and how do I delete it?" is two questions; "the difference between a hub and a switch" may be
told by what each of them is, where no page compares them.
"""

import re
from dataclasses import dataclass

from rag.dialogue.follow_up import understand
from rag.dialogue.turn import Turn
from ranker.words import term_set

MAX_CHARS = 400
"""A longer text is more than two questions."""

MAX_SIDE_WORDS = 6
"""A longer side of a comparison is no name of a thing."""

_ASKS = (
    r"(?:how (?:do|does|can|could|should|to|is|are|many|much|long|often)|what (?:is|are|does|do|happens)|what's|"
    r"(?:which|what) \w+|where (?:is|are|do|does|can)|when (?:is|are|do|does|should)|why (?:is|are|do|does)|"
    r"who \w+|can (?:i|it|you|we)|is (?:it|there)|are there|does it)\b"
)
_TWO = re.compile(
    rf"\s*(?P<one>{_ASKS}[^?]+?)(?:\?+\s+(?:and\s+)?|,?\s+and\s+(?:also\s+|then\s+)?)(?P<other>{_ASKS}[^?]+)\?*\s*",
    re.IGNORECASE,
)
_SIDE = r"(?:the |an? )?"
_COMPARED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf".*\bdifferences? between {_SIDE}(?P<one>.+?) and {_SIDE}(?P<other>.+)",
        rf"how (?:do|does|is|are) {_SIDE}(?P<one>.+?) (?:differ|different) from {_SIDE}(?P<other>.+)",
        rf"compare {_SIDE}(?P<one>.+?) (?:and|with|to) {_SIDE}(?P<other>.+)",
        rf"{_SIDE}(?P<one>.+?) (?:vs\.?|versus|compared (?:to|with)) {_SIDE}(?P<other>.+)",
    )
)
_CONTRAST = re.compile(
    r"\b(?:whereas|while|unlike|differs?|differences?|different|in contrast|compared|instead of|rather than|"
    r"on the other hand|however|but)\b",
    re.IGNORECASE,
)
_DEED = re.compile(r"(?:^|\s)-{1,2}\w|\(\)|^\W+$")
"""An option, a call or mere signs: it does something."""


@dataclass(frozen=True, slots=True)
class Apart:
    """``questions`` ask for one thing each; ``sides`` are the things themselves where they are compared."""

    questions: tuple[str, str]
    sides: tuple[str, str] | None = None

    def are_told_apart_by(self, text: str) -> bool:
        """Whether a text sets the two sides against each other itself."""
        if self.sides is None or not _CONTRAST.search(text):
            return False
        one, other = map(term_set, self.sides)
        held = term_set(text)
        return bool(one and other) and (one - other) <= held and (other - one) <= held


def apart(question: str) -> Apart | None:
    """The two questions in one, if it is two."""
    asked = " ".join(question.split())
    if len(asked) > MAX_CHARS:
        return None
    if compared := next((found for rule in _COMPARED if (found := rule.fullmatch(asked.rstrip("?!. ")))), None):
        sides = _whole(compared["one"].strip(), compared["other"].strip())
        if all(0 < len(side.split()) <= MAX_SIDE_WORDS for side in sides):
            return Apart((_asking(sides[0]), _asking(sides[1])), sides)
        return None
    two = _TWO.fullmatch(asked)
    if two is None:
        return None
    one = f"{two['one'].rstrip()}?"
    other = understand(f"{two['other'].rstrip()}?", (Turn(one, one),)).text
    return Apart((one, other[:1].upper() + other[1:]))


def _whole(one: str, other: str) -> tuple[str, str]:
    """What both sides share and only one says: single and double quotes, ``kettle --fast`` and ``--slow``."""
    ours, theirs = one.split(), other.split()
    if other.startswith("-") and len(theirs) == 1 and len(ours) > 1 and ours[-1].startswith("-"):
        return one, " ".join((*ours[:-1], other))
    if len(ours) == 1 and len(theirs) == 2 and all(word.isalpha() and word.islower() for word in (*ours, *theirs)):
        return f"{one} {theirs[-1]}", other
    return one, other


def _asking(side: str) -> str:
    return f"What does {side} do?" if _DEED.search(side) else f"What is {side}?"
