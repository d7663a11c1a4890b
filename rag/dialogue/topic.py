"""What a question is about: its action and its thing, in its own words. Pure functions over English questions."""

import re
from dataclasses import dataclass

_ACTION = re.compile(
    r"(?:so |then )?(?:how (?:do|can|could|should|would|may|to)(?: (?:i|you|we|one|people|users?))?"
    r"|(?:can|could|may|should|must|do|may) (?:i|you|we|one|people|users?)(?: have to| need to)?"
    r"|is it possible to|is there (?:a|any) way to|what is the (?:best |right )?way to"
    r"|what happens (?:if|when) (?:i|you|we)"
    r"|i (?:want|need|would like|have) to|(?:show|tell) me how to|where (?:do|can) (?:i|you|we))\s+",
    re.IGNORECASE,
)
_THING = re.compile(
    r"(?:what(?:'s| is| are| was| were| does| do)?|which|who(?:'s| is| are)?|when(?:'s| is| are| does| do| was)?"
    r"|where(?:'s| is| are| does| do)?|why (?:is|are|does|do|was)|how (?:is|are|does|do|many|much|long|often|large|big)"
    r"|is|are|does|do|did|has|have|was|were|will|explain|describe|define|tell me about|show me)\s+",
    re.IGNORECASE,
)
_MEANS = re.compile(r"\s+(?:mean|stand for|do|work|used for|good for)$", re.IGNORECASE)
_DOES_TO = re.compile(
    r"\S+(?: \S+)? (?:support|have|allow|use|need|require|provide|include|offer|accept|handle|enforce|store|keep)s?"
    r" (?:an? |the )?(?P<thing>\S.*)$",
    re.IGNORECASE,
)
_DOUBLES = re.compile(r"[^aeiou]*[aeiou][bdgmnprt]|\w+(?:mit|fer|set|get|gin|put|cut|run)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the meaning of|the purpose of)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """``action`` is a verb with its object (``create a branch``), empty where the question asks about no action.

    ``thing`` is what it is about (``a branch``).
    """

    action: str
    thing: str

    @property
    def whole(self) -> str:
        """As much of it as there is."""
        return self.action or self.thing


def topic_of(question: str) -> Topic:
    """The topic of a question that stands by itself."""
    text = question.strip().rstrip("?!. ").strip()
    if match := _ACTION.match(text):
        action = text[match.end() :]
        _, _, thing = action.partition(" ")
        return Topic(action, thing or action)
    if match := _THING.match(text):
        text = text[match.end() :]
    if match := _DOES_TO.match(text):
        return Topic("", match["thing"])
    return Topic("", _ARTICLE.sub("", _MEANS.sub("", text)))


def doing(action: str) -> str:
    """``create a branch`` -> ``creating a branch``; close enough to be read and to be found by its stem."""
    verb, space, rest = action.partition(" ")
    if verb.endswith("ie"):
        verb = verb[:-2] + "y"
    elif verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        verb = verb[:-1]
    elif _DOUBLES.fullmatch(verb):
        verb += verb[-1]
    return f"{verb}ing{space}{rest}"
