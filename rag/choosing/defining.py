"""Does a text begin by saying what a thing is, or what it is for? Pure."""

import re

from rag.sentences import sentences
from ranker.words import term_set

MAX_LEAD_CHARS = 80
_SAYS = re.compile(
    r"(?!(?:for|in|on|by|with|without|to|when|if|see|as|at|from|of|during|after|before|like|unlike|because|although|"
    r"while|since|using|besides|it|this|that|there|these|they|we|you|each|every|some|"
    r"für|bei|mit|ohne|nach|pour|avec|sans|para|con|sin|per|voor|met|med|för)\b)"
    rf"(?P<lead>[^.;:!?\n]{{1,{MAX_LEAD_CHARS}}}?)\s+"
    r"(?:(?:is|are|was|were)\s+(?:(?:also|basically|simply|essentially|generally|usually|actually)\s+)?"
    r"(?:an?|the|one|any|how|what|where|when|used|meant|designed|intended|short for|called)\b|"
    r"(?:means?|refers? to|denotes?|stands? for|provides?|allows?|lets?|enables?|describes?|represents?|offers?|"
    r"makes? (?:it|you|sure)|consists? of|defines?|specif(?:y|ies)|controls?|determines?|handles?|manages?|helps?)\b|"
    r"(?:ist|sind|war|bezeichnet|bedeutet|est|sont|désigne|signifie|es|son|significa|è|sono|indica|zijn|betekent|är|er)"
    r"\s+\w)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_APPOSITION = re.compile(r",[^,]*,?\s*$")


def defines(text: str, about: frozenset[str], language: str | None) -> bool:
    """Whether the text's first sentence has what is asked ``about`` as its subject and says what that is or does.

    ``Pressure mode (also: steam mode) is a way to ...`` tells of ``pressure``, ``mode``; ``A kettle with a pressure
    mode is ...`` does not, nor does ``Pressure mode is not required``.
    """
    first = next(iter(sentences(text)), None)
    said = _SAYS.match(_IN_BRACKETS.sub(" ", text[first.start : first.end]).strip()) if first else None
    if said is None or not about:
        return False
    lead = said["lead"]
    return any(term_set(one, language) == about for one in (lead, _APPOSITION.sub("", lead)))
