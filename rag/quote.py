"""Where a sentence stands word for word in a text: a pure function."""

import re

_FOOTNOTE = re.compile(r"(?<!\w)\[\d{1,3}\]")
_GAP = r"(?:\s|\[\d{1,3}\])*"


def without_footnotes(text: str) -> str:
    """On one line and without footnote marks such as [12], which would pass for citations of ours."""
    return " ".join(_FOOTNOTE.sub("", text).split())


def find_quote(sentence: str, text: str) -> tuple[int, int] | None:
    """(start, end) of the first place where the sentence stands in the text, whatever its white space and footnotes."""
    sentence = without_footnotes(sentence)
    if not sentence:
        return None
    at = text.find(sentence)
    if at >= 0:
        return at, at + len(sentence)
    pattern = _GAP.join(map(re.escape, re.findall(r"[^\W_]+|[^\s]", sentence)))
    match = re.search(pattern, text)
    return match.span() if match else None
