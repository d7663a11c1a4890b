"""Is what was typed an error message pasted whole, and which pieces of it are about somebody's machine? Pure functions.

Quotation marks, dashes and colons of a message are its own, and the paths, lines and times in it stand on no page.
"""

import re

from indexer.asking.stems import is_stopword

_NAMED = re.compile(
    r"(?:^|\s)(?:[\w.]*(?:Error|Exception|Warning)|error|fatal|warning|panic|traceback\b[^:\n]*|errno):\s",
    re.IGNORECASE,
)
_LINE = re.compile(r"\b(?:line|ligne|Zeile|línea)\s+\d+(?:\s*,\s*in\s+\S+)?\b,?")
_FILE_LINE = re.compile(
    r"\b[\w@+-]+\.(?:c|cc|cfg|conf|cpp|cs|css|go|h|hpp|html|ini|java|js|json|jsx|kt|log|lua|mjs|php|pl|py|rb|rs|scala|sh"
    r"|sql|swift|tf|toml|ts|tsx|vue|xml|ya?ml):\d+(?::\d+)?"
)
_PATH = re.compile(r"(?<![\w.:/~\\])(?:~?(?:/[\w.@+-]+){2,}/?|[A-Z]:(?:\\[\w.@+ -]+)*\\[\w.@+-]+)")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?")
_QUOTED_PATH = re.compile(r'"[^"\s]*[/\\][^"\s]*"')
_AFTER_PATH = re.compile(r"(?<!\S)[\"':,;()]*:\d+(?::\d+)?[\"':,;()]*(?!\S)")
"""The line that stood behind a path."""

_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[^\W\d_]{2,}")

MIN_LEFT_WORDS = 2
"""With fewer words besides, the path is what is asked about."""


def is_message(text: str) -> bool:
    """Whether a program wrote the text: it has several lines, names an error before a colon, or a line of a file.

    A bus has a line, too: only beside a path is it one of a file. What else stands in quotation marks does not tell, so
    that a message may be quoted to be found exactly.
    """
    said = _QUOTED.sub('""', text.strip())
    is_placed = _LINE.search(said) and (_QUOTED_PATH.search(text) or _PATH.search(said))
    return "\n" in said or bool(_NAMED.search(said) or _FILE_LINE.search(said) or is_placed)


def less_places(text: str) -> tuple[str, tuple[str, ...]]:
    """(the message without paths, lines and times, the paths), or the text as it is where little else is left."""
    paths = tuple(dict.fromkeys(match.group() for match in _PATH.finditer(text)))
    left = text
    for one in (_PATH, _FILE_LINE, _LINE, _TIME, _AFTER_PATH):
        left = one.sub(" ", left)
    telling = [word for word in _WORD.findall(left) if not is_stopword(word)]
    return (left, paths) if len(telling) >= MIN_LEFT_WORDS else (text, ())
