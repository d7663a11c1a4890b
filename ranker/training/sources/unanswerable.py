"""Questions changed by rule so that their paragraph no longer answers them. Pure functions.

SQuAD 2.0 (Rajpurkar, Jia and Liang, ACL 2018) has such questions written by people, who mostly took another name or
number, an antonym, a negation, or another thing than the one asked for. Its training part is not needed: questions that
have an answer are changed in these ways. The paragraph stays near to what is asked, which is what makes them hard.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from ranker.training.opposites import OPPOSITES

_NAME = re.compile(r"\b[A-Z][\w'’-]*(?:\s+(?:(?:of|the|de|von|and)\s+)?[A-Z][\w'’-]*)*")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might|must)\b", re.IGNORECASE
)
_IRREGULAR = (
    "became|began|bought|built|came|fought|found|gave|got|held|kept|led|left|lost|made|met|ran|sat|saw|sold|took"
)
_SUBJECT_MISSING = re.compile(
    r"^(who|what|which \w+|what \w+) (?!(?:is|was|does|has)\b)"
    rf"(?=(?:[a-z]+(?:ed|s)|{_IRREGULAR}|went|won|wrote)\b)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\s+(?:the |a |an |his |her |their |its )?\w+")
_BEFORE_SUBJECTS = frozenset(("do", "does", "did", "can", "could", "will", "would", "should", "has", "have", "had"))
_ASKING = frozenset(
    (
        *("what", "who", "whom", "whose", "which", "when", "where", "why", "how", "many", "much", "does", "were"),
        *("with", "from", "that", "this", "have", "been", "they", "their", "than", "into", "about", "called", "name"),
        *("type", "kind", "there", "year", "used", "other", "some", "also", "would", "could", "should", "such"),
    )
)

Change = Callable[[str, str, str, str, random.Random], str | None]
"""(question, paragraph, its answer, text of the rest of the article, rng) to a changed question, None if it cannot."""


def changed(question: str, paragraph: str, answer: str, elsewhere: str, rng: random.Random) -> str | None:
    """``question`` so that ``paragraph`` no longer answers it; None where no rule fits.

    ``elsewhere`` is text on the same subject, from which things are taken that the paragraph does not speak of. A few
    in a hundred may be answered all the same.
    """
    for change in _shuffled(rng):
        found = change(question, paragraph, answer, elsewhere, rng)
        if found and found != question:
            return found
    return None


def other_name(question: str, paragraph: str, answer: str, elsewhere: str, rng: random.Random) -> str | None:
    """Another name of the paragraph, or of the article, in the place of one of the question's."""
    asked = [m for m in _NAME.finditer(question) if m.start() > 0]
    near = _names(paragraph)
    return _replaced(question, asked, near if rng.random() < 0.7 else _names(elsewhere), answer, rng)


def other_number(question: str, paragraph: str, answer: str, elsewhere: str, rng: random.Random) -> str | None:
    """Another number of the same number of digits in the place of one of the question's."""
    asked = list(_NUMBER.finditer(question))
    if not asked:
        return None
    match = rng.choice(asked)
    found = [n for n in _NUMBER.findall(f"{paragraph} {elsewhere}") if len(n) == len(match.group())]
    return _replaced(question, [match], found, answer, rng)


def opposite(question: str, paragraph: str, answer: str, elsewhere: str, rng: random.Random) -> str | None:
    """The opposite of one of the question's words."""
    asked = [match for match in re.finditer(r"[A-Za-z]+", question) if match.group().lower() in OPPOSITES]
    if not asked:
        return None
    match = rng.choice(asked)
    return _with(question, match, rng.choice(OPPOSITES[match.group().lower()]))


def negation(question: str, paragraph: str, answer: str, elsewhere: str, rng: random.Random) -> str | None:
    """The question with "not" or "never"; one that has a negation without it."""
    without = re.sub(r"\b(not|never) |n't\b", "", question, count=1)
    if without != question:
        return without
    if match := _SUBJECT_MISSING.search(question):
        return f"{question[: match.end()]}never {question[match.end() :]}"
    match = _AUXILIARY.search(question)
    if match is None:
        return None
    if rng.random() < 0.4 and match.group().lower() not in ("may", "might", "can", "will", "must"):
        return f"{question[: match.end()]}n't{question[match.end() :]}"
    subject = _SUBJECT.match(question, match.end()) if match.group().lower() in _BEFORE_SUBJECTS else None
    place = subject.end() if subject else match.end()
    return f"{question[:place]} {rng.choice(('not', 'not', 'never'))}{question[place:]}"


def other_thing(question: str, paragraph: str, answer: str, elsewhere: str, rng: random.Random) -> str | None:
    """Another word of the same ending, which the paragraph lacks, in the place of a word that both have."""
    text = paragraph.lower()
    asked = [m for m in _WORD.finditer(question) if m.group() not in _ASKING and m.group() in text]
    if not asked:
        return None
    match = rng.choice(asked)
    ending = match.group()[-2:]
    found = [w for w in _WORD.findall(elsewhere) if w.endswith(ending) and w not in text and w not in _ASKING]
    found = [w for w in found if w[:4] != match.group()[:4]]
    return _replaced(question, [match], found, answer, rng)


RULES: tuple[tuple[Change, float], ...] = (
    (other_name, 3.0),
    (opposite, 3.0),
    (other_number, 2.0),
    (other_thing, 2.0),
    (negation, 1.5),
)
"""Each rule with the weight by which it is tried first; about the shares that the authors of SQuAD 2.0 counted."""


def _shuffled(rng: random.Random) -> Iterator[Change]:
    """The rules in random order, heavy ones rather first (Efraimidis and Spirakis, 2006)."""
    return (rule for rule, _ in sorted(RULES, key=lambda item: -(rng.random() ** (1 / item[1]))))


def _names(text: str) -> list[str]:
    """Names, not the words that begin sentences."""
    return [m.group() for m in _NAME.finditer(text) if m.start() > 1 and text[m.start() - 2] not in ".!?\n"]


def _replaced(
    question: str, asked: Sequence[re.Match[str]], by: Sequence[str], answer: str, rng: random.Random
) -> str | None:
    """One of the matches replaced by something that neither the question nor the answer has."""
    known = f"{question} {answer}".lower()
    fresh = sorted({text for text in by if text.lower() not in known and answer.lower() not in text.lower()})
    return _with(question, rng.choice(asked), rng.choice(fresh)) if asked and fresh else None


def _with(question: str, match: re.Match[str], text: str) -> str:
    if match.group()[0].isupper():
        text = text[0].upper() + text[1:]
    return question[: match.start()] + text + question[match.end() :]
