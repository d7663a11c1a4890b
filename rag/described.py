"""A question about a thing that it describes instead of naming: asked in two steps. Pure.

"How long is the kettle that whistles guaranteed?" asks first which kettle whistles, then how long that one is
guaranteed: no page need say both.
"""

import re
from dataclasses import dataclass

from ranker.words import term_set

MAX_NAME_CHARS = 80

_KIND = r"(?P<kind>(?:(?!(?:of|in|on|at|for|to|from|with|by|the|a|an|and|or)\b)[\w-]+\s+){0,3}?[\w-]+)"
_PARTICIPLE = r"[\w-]+(?:ed|en|wn|ilt|ade|ought|old|un|ung|et|ut)\s+(?:by|in|for|with|from|at|on|to)\b"
_DESCRIBED = re.compile(
    rf"\b(?:the|that|those)\s+{_KIND}\s+(?:(?P<how>that|which|who|whose|where)\s+|(?={_PARTICIPLE}))(?P<clause>[^?,;]+)",
    re.IGNORECASE,
)
_SUBJECT = r"\s+(?:(?:the|its|their)\s+[\w-]+(?:\s+[\w-]+)?\s+of\s+)?$"
_ACTS = re.compile(rf"\b(?:does|do|did|can|could|will|would|should|must|may){_SUBJECT}", re.IGNORECASE)
_STATE = re.compile(rf"\b(?:is|are|was|were|has|have|had){_SUBJECT}", re.IGNORECASE)
_DEED = re.compile(r"\s+[\w-]+(?:\s+(?:by|in|for|with|from|at|on|to|of|like|as))?$")
_DONE = re.compile(
    r"\s+(?:[\w-]+ed|born|made|built|sold|kept|known|written|given|taken|shown|held|called|set|found|used)"
    r"(?:\s+(?:by|in|for|with|from|at|on|to))?$",
    re.IGNORECASE,
)
"""What a question says of the thing at its very end: ``does the tool .. print to``, ``is the kettle .. guaranteed``."""

_PLAIN = frozenset(["way", "case", "fact", "thing", "things", "reason", "time", "moment", "place", "one", "ones"])
"""``the way that files are opened`` describes nothing that has a name."""


@dataclass(frozen=True, slots=True)
class Described:
    """``first`` asks which thing is described at ``[start:end]`` of ``question``."""

    question: str
    first: str
    start: int
    end: int

    def about(self, name: str) -> str:
        """The question with the name in the place of the description."""
        return " ".join(f"{self.question[: self.start]}{name}{self.question[self.end :]}".split())

    def is_name(self, text: str) -> bool:
        """Whether a text can be the name that was looked for: short, and not the description once more."""
        is_short = len(text) <= MAX_NAME_CHARS and "\n" not in text.strip()
        return is_short and bool(term_set(text) - term_set(self.question))


def described(question: str) -> Described | None:
    """The last description in a question; it ends at a comma, at the question's own verb, or with the question."""
    found = None
    for match in _DESCRIBED.finditer(question):
        if match["kind"].split()[-1].lower() not in _PLAIN:
            found = match
    if found is None:
        return None
    clause = found["clause"].rstrip()
    before = question[: found.start()]
    said = _DEED.search(clause) if _ACTS.search(before) else _DONE.search(clause) if _STATE.search(before) else None
    clause = clause[: said.start()] if said else clause
    end = found.start("clause") + len(clause)
    kind, clause = " ".join(found["kind"].split()), " ".join(clause.split())
    match (found["how"] or "").lower():
        case "who":
            first = f"Who {clause}?"
        case "where":
            first = f"In which {kind} {clause}?"
        case "whose":
            first = f"Which {kind}'s {clause}?"
        case "":
            first = f"Which {kind} is {clause}?"
        case _:
            first = f"Which {kind} {clause}?"
    return Described(question, first, found.start(), end)
