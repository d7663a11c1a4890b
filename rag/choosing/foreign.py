"""A question in another language than the pages, as an English one of the names and words that both know. Pure.

"Wie installiere ich den Kessel auf einem Raspberry Pi?" names what English pages name, too.
"""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.asking.stems import is_stopword
from indexer.document import Passage
from rag.choosing.asking import without_asking
from rag.choosing.question import QuestionType
from ranker.understanding.english import is_english

MIN_KNOWN = 0.5
"""A question of which the pages know less asks for something that cannot be told."""

MIN_SHARED_CHARS = 6
MAX_ENDING_CHARS = 4
"""``installiere`` is install: so many letters are the same and no more follow."""

_WORD = re.compile(r"[^\W_][\w.+#-]*\w|\w")
_USED = "How do I use {}?"
_ASKED_AS = {
    QuestionType.HOW_TO: "How do I {}?",
    QuestionType.DEFINITION: "What is {}?",
    QuestionType.MEANING: "What does {} mean?",
    QuestionType.WHERE: "Where is {}?",
    QuestionType.WHY: "Why {}?",
    QuestionType.WHEN: "When {}?",
    QuestionType.LIST: "Which {} are there?",
}


def in_english(question: str, language: str, asked: QuestionType, passages: Sequence[Passage]) -> str:
    """The question by what these English passages know of it; empty where that is too little."""
    telling = [word for word in _WORD.findall(without_asking(question)) if not is_stopword(word.lower(), language)]
    held = Counter(word.lower() for passage in passages for word in _WORD.findall(passage.text_to_encode))
    known = [found for word in telling if (found := _known(word, held))]
    if asked not in _ASKED_AS or not known or len(known) < MIN_KNOWN * len(telling):
        return ""
    # German and French set the deed before the thing; what is no name may be that.
    is_deed = known[0].islower()
    return (_USED if asked is QuestionType.HOW_TO and not is_deed else _ASKED_AS[asked]).format(" ".join(known))


def _known(word: str, held: Counter[str]) -> str:
    """The word itself where it stands in the passages, else the English one that it begins with."""
    small = word.lower()
    if held[small]:
        return word
    beginnings = [small[:end] for end in range(len(small), MIN_SHARED_CHARS - 1, -1)][: MAX_ENDING_CHARS + 1]
    return next((one for one in beginnings if is_english(one)), "")
