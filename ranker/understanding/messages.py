"""Is what was typed an error message pasted whole, and which pieces of it are about somebody's machine? Pure functions.

Quotation marks, dashes and colons of a message are its own, and the paths, lines and times in it stand on no page.
"""

import re

_NAMED = re.compile(
    r"(?:^|\s)(?:[\w.]*(?:Error|Exception|Warning)|error|fatal|warning|panic|traceback\b[^:\n]*|errno):\s",
    re.IGNORECASE,
)
_LINE = re.compile(r"\b(?:line|ligne|Zeile|línea)\s+\d+(?:\s*,\s*in\s+\S+)?\b,?|(?<=\.)(\w{1,4}):\d+(?::\d+)?\b")
_PATH = re.compile(r"(?<![\w.:/~\\])(?:~?(?:/[\w.@+-]+){2,}/?|[A-Z]:(?:\\[\w.@+ -]+)*\\[\w.@+-]+)")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?")
_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[^\W\d_]{2,}")

MIN_LEFT_WORDS = 2
"""With fewer words besides, the path is what is asked about."""


def is_message(text: str) -> bool:
    """Whether a program wrote the text: it has several lines, names an error before a colon, or a line of a file.

    What stands in quotation marks does not tell, so that a message may be quoted to be found exactly.
    """
    said = _QUOTED.sub('""', text.strip())
    return "\n" in said or bool(_NAMED.search(said) or _LINE.search(said))


def less_places(text: str) -> tuple[str, tuple[str, ...]]:
    """(the message without paths, lines and times, the paths), or the text as it is where little else is left."""
    paths = tuple(dict.fromkeys(match.group() for match in _PATH.finditer(text)))
    left = _PATH.sub(" ", text)
    for one in (_LINE, _TIME):
        left = one.sub(r" ", left)
    return (left, paths) if len(_WORD.findall(left)) >= MIN_LEFT_WORDS else (text, ())
