"""Do two texts say the same facts? Told by their words: pure functions.

What differs may be layout, endings, a sentence about the page itself, and of a long text very few words; never a
number, a name, a version, an identifier, a negation or a word and its opposite.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from indexer.asking.exact import folded
from indexer.asking.stems import has_cjk
from ranker.training.opposites import OPPOSITES

MAX_REPLACED_SHARE = 0.03
"""One word in some thirty may be replaced, as three in a hundred are in pages that a crawl counts as one."""

MAX_ADDED_SHARE = 0.1
"""So much of the longer text may be words that say nothing: ``print``, ``share this page``."""

_EDGES = "\"'`´’‘“”„«».,;:!?¿¡…()[]{}*•·|–—。、！？；："
_BULLETS = ("", "-", "--")
_ABOUT_THE_PAGE = re.compile(
    r"(?:^|(?<=[.!?\n])) *(?:(?:last|page|this page was last|content) *(?:updated|modified|changed|edited|reviewed)"
    r"|updated|printed|retrieved|copyright|©|zuletzt (?:geändert|aktualisiert)|stand:|mis à jour|última actualización"
    r"|modificado)\b[^.!?\n]{0,80}(?:[.!?](?= |$)|\n|$)",
    re.IGNORECASE,
)
_FIXED_WORDS = """
no not never none nothing nor neither without cannot only except unless if and or but than must may should can
could will would shall might zero one two three four five six seven eight nine ten eleven twelve twenty thirty
fifty hundred thousand million first second third half twice once double daily weekly monthly yearly annual each
every all any some most least more less fewer up down red blue green black white yellow brown grey gray orange
small medium large kein keine keinen keiner nicht nie ohne nur außer und oder aber ein eine zwei drei vier fünf
sechs sieben acht neun zehn erste zweite ne pas jamais sans aucun aucune seul et ou mais un deux trois quatre
cinq sept huit neuf dix premier nunca sin ningún ninguna solo y o pero uno dos tres cuatro cinco seis siete ocho
nueve diez primero não sem geen niet nooit zonder alleen en of maar een twee drie inte aldrig utan ingen non mai
senza nessuno
"""
_FIXED = frozenset(_FIXED_WORDS.split())
"""What no two texts that say the same differ in: negations, amounts, conditions, colours."""


def says_the_same(one: str, other: str) -> bool:
    """Whether neither text states what the other does not."""
    first, second = _tokens(one), _tokens(other)
    if first == second:
        return True
    if has_cjk(one) or has_cjk(other) or not first or not second:
        return False
    longer = max(len(first), len(second))
    if abs(len(first) - len(second)) > longer * MAX_ADDED_SHARE:
        return False
    replaced = added = 0
    for gone, new in _changes(first, second):
        if any(map(_is_fact, (*gone, *new))):
            return False
        if gone and new:
            if any(word in OPPOSITES for word in (*gone, *new)):
                return False
            replaced += 0 if _are_inflected(gone, new) else max(len(gone), len(new))
        else:
            added += len(gone) + len(new)
    return replaced <= longer * MAX_REPLACED_SHARE and added <= longer * MAX_ADDED_SHARE


def _tokens(text: str) -> list[str]:
    """Words as they are written, without punctuation and without what the page says of itself."""
    return [word for piece in _ABOUT_THE_PAGE.sub(" ", text).split() if (word := piece.strip(_EDGES)) not in _BULLETS]


def _changes(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Words that stand in one text only, with those in their place."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind != "equal":
            yield first[start:end], second[begin:stop]


def _is_fact(word: str) -> bool:
    """A word that changes what is said: anything but plain lower-case letters, and some of these."""
    letters = word.replace("-", "").replace("'", "").replace("’", "")
    is_plain = letters.isalpha() and letters.islower() and word[0].isalpha()
    return not is_plain or word in _FIXED or word.endswith(("n't", "n’t"))


def _are_inflected(gone: Sequence[str], new: Sequence[str]) -> bool:
    """Whether words only have another ending or other accents."""
    return len(gone) == len(new) and all(
        (a := folded(one))[: _root(one, other)] == (b := folded(other))[: _root(one, other)]
        and abs(len(a) - len(b)) < 3
        for one, other in zip(gone, new, strict=True)
    )


def _root(one: str, other: str) -> int:
    """How many letters two forms of a word begin with alike."""
    return max(3, min(len(one), len(other)) - 1)
