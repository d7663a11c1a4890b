"""Names as people type them: one spelling for all the ways to write one. Pure functions."""

import re
import unicodedata

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[^\w+#]+|_+")
_POSSESSIVE = re.compile(r"['’]s\b")
_APOSTROPHE = re.compile(r"['’ʼ`]")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ARTICLE = re.compile(r"^(?:the|an?) (?=.)")


def normal_name(text: str) -> str:
    """Lower case, without accents, punctuation and a leading article: ``The Côte d'Ivoire`` -> ``cote divoire``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return _ARTICLE.sub("", " ".join(_NO_WORD.sub(" ", _APOSTROPHE.sub("", _POSSESSIVE.sub(" s", bare))).split()))


def spellings(text: str) -> tuple[str, ...]:
    """A name without what only tells it from others, and turned as it is said.

    ``Mercury (planet)`` -> ``mercury planet``, ``mercury``; ``Korea, Republic of`` -> also ``republic of korea``.
    """
    found = [text, _IN_BRACKETS.sub(" ", text)]
    first, comma, rest = found[1].partition(",")
    if comma and "," not in rest:
        found.append(f"{rest} {first}")
    return tuple(dict.fromkeys(filter(None, map(normal_name, found))))


def words_of_identifier(identifier: str) -> str:
    """``birthPlace``, ``birth_place`` and ``birth-place`` as ``birth place``."""
    return " ".join(_HUMP.sub(" ", re.sub(r"[_\-.]+", " ", identifier)).lower().split())
