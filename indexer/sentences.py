"""Where sentences end: close enough for splitting and quoting, in any script, without a model."""

import re

_END = re.compile(
    r"""
    (?P<stop>[.!?\u2026\u061f\u0964]+)["'\u201d\u2019\u00bb)\]]*\s+   # a full stop counts only before a space
    | [\u3002\uff01\uff1f\uff61]+["\u201d\u2019\u300d\u300f\uff09]*\s*    # an ideographic one always
    | [ \t]*\n\s*                                                        # and so does the end of a line
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|cf|al|Fig|figs?|eqs?|No|nos?|pp?|vol|approx|incl|resp|Inc|Ltd|Co"
    r"|bzw|ca|Nr|[dz]\.\s?B|u\.\s?a)|\b(?:[a-z]\.)+[a-z])$"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in order; spaces after a sentence belong to it, so the spans cover the text."""
    spans = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if end == len(text) or (match.group("stop") == "." and not _is_end(text, match)):
            continue
        spans.append((start, end))
        start = end
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _is_end(text: str, match: re.Match[str]) -> bool:
    follower = text[match.end()]
    if follower.islower() and "\n\n" not in match.group():
        return False
    return not _ABBREVIATION.search(text, max(0, match.start() - 12), match.start())
