"""A question with its words as the pages spell them. Pure.

A slip may be hidden from searching, since its stem is that of the right word (``experiance``), and still confuse a
reader.
"""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.asking.spelling import distance
from indexer.asking.stems import stem
from indexer.document import Passage
from rag.choosing.features import ENGLISH
from ranker.understanding.english import is_english

MIN_CHARS = 6
MAX_EDITS = 2
END_CHARS = 2
"""Words that differ at their ends are inflections of each other."""

_WORD = re.compile(r"(?<![\w.-])[^\W\d_]+(?![\w-]|\.\w)")


def as_spelled(question: str, passages: Sequence[Passage]) -> str:
    """English words of no dictionary that stand nowhere in the passages, as the word of the same stem that does."""
    if not passages or any(passage.head.language not in ENGLISH for passage in passages):
        return question
    strange = {word for word in _WORD.findall(question) if len(word) >= MIN_CHARS and _may_be_a_slip(word)}
    if not strange:
        return question
    held = Counter(word.lower() for passage in passages for word in _WORD.findall(passage.text_to_encode))
    meant = {word: other for word in strange if word.lower() not in held and (other := _other(word.lower(), held))}
    return _WORD.sub(lambda match: meant.get(match.group(), match.group()), question)


def _may_be_a_slip(word: str) -> bool:
    return (word.islower() or word.istitle()) and not is_english(word.lower())


def _other(word: str, held: Counter[str]) -> str:
    """The commonest English word that is this one but for a slip before its end; empty where there is none."""
    near = [
        other
        for other in held
        if other[-END_CHARS:] == word[-END_CHARS:] and stem(other) == stem(word) and is_english(other)
    ]
    likely = [other for other in near if 0 < distance(word, other, MAX_EDITS) <= MAX_EDITS]
    return max(likely, key=lambda other: (held[other], other), default="")
