"""The text of elements as people read it."""

import re

LINE_BREAK = "\ue000"
"""Stands for ``br`` while white space is folded: a private character that no page needs."""

INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]+")
"""Characters that only tell a browser where a line may break."""


def fold(text: str) -> str:
    """White space folded to single blanks, ``br`` to line breaks, invisible characters dropped."""
    text = " ".join(text.split())
    if not text.isascii():
        text = INVISIBLE.sub("", text)
        if LINE_BREAK in text:
            text = "\n".join(line.strip() for line in text.split(LINE_BREAK)).strip()
    return text


_BLANK_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)


def verbatim(text: str) -> str:
    """Code as written: line breaks and indentation stay, empty lines around it and blanks at line ends go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(LINE_BREAK, "\n")
    return INVISIBLE.sub("", _BLANK_ENDS.sub("", text).strip("\n"))
