"""Names in a question that are found as they stand or not at all: options (``-z``) and signs (``$*``). Pure."""

import re
from collections.abc import Sequence
from functools import cache

from rag.choosing.subject import NUMBERING, subject
from ranker.words import term_set

MAX_BEGINNING_CHARS = 40
"""A text may begin with what names it: ``($*) Expands to ...``."""

WITHOUT_THE_REST = 0.7
"""What a thing of that name counts where nothing else of the question is said of it: each command has a ``-v``."""

KINDS = "option flag switch argument parameter operator sign symbol variable command"
"""What such names are called."""

_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_SIGN = r"[^\w\s()\"'`“”‘’«»]"
_SIGNS = re.compile(rf"(?<!\S)[\"'`“‘]?(?P<signs>{_SIGN}{{2,}}|[\[\]{{}}!*@%^~|#$])[\"'`”’]?(?=\s|$)")
MAX_NAME_WORDS = 3
"""``PRAGMA lid_open``, ``The lid_open setting``; a heading of more words tells more than a name."""

_IDENTIFIER = re.compile(r"[\w$@.:/+-]*\w[-_.:/]\w[\w$@.:/+-]*|[a-z]+[A-Z]\w*")
_AROUND = "`'\"“”‘’()[],.;:?"
_PUNCTUATION = re.compile(r"[-–—.,:;?!…]+")


def verbatim_names(question: str) -> list[re.Pattern[str]]:
    """What finds each option and each name made of signs of a question; ``-a`` is not ``-A``."""
    asked = question.rstrip().removesuffix("?")
    signs = [found["signs"].rstrip(".,;") for found in _SIGNS.finditer(asked)]
    signs = [name for name in signs if name and not _PUNCTUATION.fullmatch(name)]
    return [re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])") for name in dict.fromkeys(_OPTION.findall(asked))] + [
        _alone(name) for name in dict.fromkeys(signs)
    ]


def is_name_in(question: str, label: str) -> bool:
    """Whether a heading or the like is a name with signs or inner capitals, such as ``8.2 set-lid-whistle``, which the
    question holds letter by letter.
    """
    words = NUMBERING.sub("", label).split()
    names = [name for word in words if _IDENTIFIER.fullmatch(name := word.strip(_AROUND))]
    if not names or len(words) > MAX_NAME_WORDS:
        return False
    return all(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", question) for name in names)


@cache
def _kinds() -> frozenset[str]:
    return term_set(KINDS)


def _alone(signs: str) -> re.Pattern[str]:
    """``->>`` is found in ``a->>b``; one sign only where nothing touches it."""
    beside = _SIGN if len(signs) > 1 else rf"(?:\w|{_SIGN})"
    return re.compile(rf"(?<!{beside}){re.escape(signs)}(?!{beside})")


def named_verbatim(
    asked: Sequence[re.Pattern[str]], labels: Sequence[str], text: str, about: frozenset[str], held: frozenset[str]
) -> float:
    """How much a text with these labels is of one of these names, in [0, 1].

    ``about`` are the terms of the question, ``held`` those of the text and of what it stands below.
    """
    places = (*labels, text[:MAX_BEGINNING_CHARS])
    if not any(name.search(place) for name in asked for place in places):
        return 0.0
    own = frozenset(term for name in asked for term in term_set(name.pattern))
    rest = subject(about) - own - _kinds()
    share = len(rest & held) / len(rest) if rest else 1.0
    return WITHOUT_THE_REST + (1 - WITHOUT_THE_REST) * share
