"""What a person tells for later, takes back, or asks for again: "Remember that my plan is Pro." Pure; English."""

import re
from dataclasses import dataclass

from indexer.sources.naming import normal_name

_LEAD = r"^(?:please,? |could you |can you |ok,? )*"
_REMEMBER = re.compile(
    _LEAD + r"(?:remember|note|keep in mind|memori[sz]e)(?: that|:|,)? "
    r"(?P<name>[^?]{1,100}?) (?:is|are|=) (?P<value>.+)$",
    re.IGNORECASE,
)
_FORGET_ALL = re.compile(
    _LEAD + r"forget (?:everything|all|all of (?:it|that))(?: (?:i|that|about|you) .*)?$", re.IGNORECASE
)
_FORGET = re.compile(_LEAD + r"forget (?:about |that )?(?P<name>.{1,100}?)(?: (?:is|are) .*)?$", re.IGNORECASE)
_ASK = re.compile(
    _LEAD + r"(?:(?:what|who|where|when|which)(?:'s|’s| is| are| was)|tell me|remind me of|"
    r"do you (?:remember|know)(?: what)?) (?P<name>.{1,100}?)(?: is| are)?$",
    re.IGNORECASE,
)
_OWNER = re.compile(r"^(?:my|our|the) ")


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep a value under a name; ``name`` is as it was said."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop what is kept under a name; all of it where the name is empty."""

    name: str


def told(text: str) -> Remember | Forget | None:
    """What is to be kept or dropped, if the text says so."""
    said = " ".join(text.split()).rstrip("!.? ")
    if text.rstrip().endswith("?"):
        return None
    if found := _REMEMBER.match(said):
        return Remember(found["name"].strip(), found["value"].strip())
    if _FORGET_ALL.match(said):
        return Forget("")
    if found := _FORGET.match(said):
        return Forget(found["name"].strip())
    return None


def asked_name(text: str) -> str:
    """The name that is asked for, if the question could ask for something told; spelt as facts are kept."""
    found = _ASK.match(" ".join(text.split()).rstrip("!.? "))
    return fact_name(found["name"]) if found else ""


def fact_name(name: str) -> str:
    """One spelling of a name, whoever says it: ``My Plan`` -> ``plan``."""
    return _OWNER.sub("", normal_name(name))
