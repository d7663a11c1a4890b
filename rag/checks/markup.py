"""Addresses and markup that a text has and its evidence has not. Pure functions."""

import re

from rag.checks.mismatch import Fact, Mismatch

_FOREIGN = re.compile(
    r"\b(?:https?|ftp|file|data|javascript|mailto|vbscript):[^\s)>\]\"']+|\bwww\.[^\s)>\]\"']+|!?\[[^\]]*\]\([^)]*\)?"
    r"|</?[a-zA-Z][^>]*>|<\|[^|]*\|>|\[/?INST\]|<</?SYS>>|&#?\w+;",
    re.IGNORECASE,
)


def markup_mismatches(claim: str, evidence: str) -> list[Mismatch]:
    """Each address, link, image, tag or mark of a chat that does not stand in the evidence letter by letter."""
    return [Mismatch(Fact.ADDED, match.group()) for match in _FOREIGN.finditer(claim) if match.group() not in evidence]
