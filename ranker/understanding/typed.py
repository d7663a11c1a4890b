"""What a person typed, parted into words, phrases and operators: a pure function.

- ``"two words"`` must stand as they are, in quotation marks of any print.
- ``-word`` and ``-"two words"`` leave out the documents that hold them; ``-e`` is an option of a command.
- ``site:example.com``, ``path:/docs`` and ``title:word`` restrict the search.

Anything else that looks like an operator is text, as everything is in a text of more than ``MAX_OPERATED_WORDS`` words
and in an error message: whoever pastes restricts nothing.
"""

import re
from dataclasses import dataclass

from indexer.asking.asked import with_plain_quotes
from ranker.understanding.messages import is_message, less_places

MAX_OPERATED_WORDS = 16
"""Longer texts are pasted: their quotation marks and dashes are those of prose."""

_PIECE = re.compile(
    r'(?P<minus>(?<!\S)-(?=["\w])(?!\w+-(?!\S)))?(?:(?P<field>site|path|title):(?=[^\s]))?(?:"(?P<phrase>[^"]+)"|(?P<word>\S+))'
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
"""Marks within words and of directions, which nobody types, and the looks and skins of an emoji."""

_NOT_EXCLUDED = re.compile(r"-(?:\d|\w\W*$)")
"""A negative number, or one letter: a page without it is not what anybody wants."""


@dataclass(frozen=True, slots=True)
class Typed:
    """``words`` and ``phrases`` are what is searched for; ``text`` is both in the order typed, and words of titles.

    ``places`` are the paths of an error message: found where a page has one of them whole.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def typed(text: str, *, excludes: bool = True) -> Typed:
    """Every piece of the text in its place; a quotation mark without another is a space.

    Unless it ``excludes``, a dash before a word is a part of it, as in the options that a question names.
    """
    text = with_plain_quotes(_UNSEEN.sub("", text))
    is_written = is_message(text)
    if is_written or len(text.split()) > MAX_OPERATED_WORDS:
        left, places = less_places(text) if is_written else (text, ())
        pasted = left.replace('"', " ").split()
        return Typed(" ".join(pasted), tuple(pasted), places=places)
    found: dict[str, list[str]] = {name: [] for name in ("words", "phrases", "excluded", "titled", "sites", "paths")}
    plain: list[str] = []
    for match in _PIECE.finditer(text):
        piece = " ".join((match["phrase"] or match["word"].replace('"', " ")).split())
        if not piece:
            continue
        if excludes and match["minus"] and not _NOT_EXCLUDED.match(match.group()):
            found["excluded"].append(piece)
        elif match["field"] in ("site", "path"):
            found[match["field"] + "s"].append(piece)
        else:
            kind = "titled" if match["field"] else "phrases" if match["phrase"] else "words"
            piece = "-" + piece if match["minus"] else piece
            found[kind] += piece.split() if kind == "words" else [piece]
            plain.append(piece)
    return Typed(" ".join(plain), **{name: tuple(pieces) for name, pieces in found.items()})
