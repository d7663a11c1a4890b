"""What an answer to a question with a known answer is worth: pure functions."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from rag.answer import Answer
from rag.evaluation.questions import Question
from rag.quote import find_quote

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)

LINE_BREAK, BETWEEN = "\n", " ¶ "
"""What ends one line and begins another is no answer together."""


class Verdict(StrEnum):
    """What became of a question; ``is_counted`` but for those that are only read."""

    HELPFUL = "helpful"
    BESIDE = "beside the point"
    WRONGLY_REFUSED = "wrongly refused"
    RIGHTLY_REFUSED = "rightly refused"
    WRONGLY_ANSWERED = "answered though nothing answers it"
    TO_READ = "to be read"

    @property
    def is_right(self) -> bool:
        """Whether an asker is served."""
        return self in (Verdict.HELPFUL, Verdict.RIGHTLY_REFUSED)


def verdict(question: Question, answer: Answer) -> Verdict:
    """Helpful is an answer that shows what matches the pattern, or a right answer, or cites what it should."""
    if question.review:
        return Verdict.TO_READ
    if question.refuse:
        return Verdict.RIGHTLY_REFUSED if answer.refused else Verdict.WRONGLY_ANSWERED
    if answer.refused:
        return Verdict.WRONGLY_REFUSED
    return Verdict.HELPFUL if is_helpful(question, answer) else Verdict.BESIDE


def is_helpful(question: Question, answer: Answer) -> bool:
    """Whether what is shown holds the answer; by pattern, else by answers, else by what is cited."""
    return (
        matches(question, shown_text(answer))
        if question.pattern or question.answers
        else bool(hit_share(question, answer))
    )


def matches(question: Question, text: str) -> bool:
    """Whether a text matches the pattern, or without one holds a right answer."""
    if question.pattern:
        return re.search(question.pattern, text, re.DOTALL) is not None
    folded = f" {normal(text.replace(LINE_BREAK, BETWEEN))} "
    return any(f" {normal(right)} " in folded for right in question.answers if normal(right))


def shown_text(answer: Answer) -> str:
    """All that a reader sees of the evidence: the short answer, the sentences, their quotes, the blocks."""
    quotes = [citation.quote for citation in answer.citations]
    return "\n".join((answer.short, answer.text, *quotes, *(block.shown for block in answer.blocks)))


def exact_match(answer: str, right: Sequence[str]) -> bool:
    """Whether the short answer is one of the right ones, whatever case, articles and punctuation (as SQuAD has it)."""
    return any(normal(answer) == normal(other) for other in right)


def f1(answer: str, right: Sequence[str]) -> float:
    """The best harmonic mean of precision and recall of words, in [0, 1] (Rajpurkar et al. 2016)."""
    return max((_overlap(normal(answer).split(), normal(other).split()) for other in right), default=0.0)


def _overlap(found: list[str], wanted: list[str]) -> float:
    common = (Counter(found) & Counter(wanted)).total()
    return 2 * common / (len(found) + len(wanted)) if common else 0.0


def normal(text: str) -> str:
    """Lower case without articles and punctuation, one blank between words."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def right_citations(question: Question, answer: Answer) -> list[bool]:
    """For each citation and block whether it is a right one: it holds the answer, or names what is judged relevant."""
    cited = [(citation.quote, citation.passage) for citation in answer.citations]
    cited += [(block.shown, block.passage) for block in answer.blocks]
    if question.pattern or question.answers:
        return [matches(question, text) for text, _ in cited]
    return [bool(question.relevant & {p.head.url, p.head.doc_id, p.passage_id}) for _, p in cited]


def hit_share(question: Question, answer: Answer) -> float:
    """Share of what is judged relevant that is cited; 0 where nothing is judged."""
    passages = [*(item.passage for item in answer.citations), *(block.passage for block in answer.blocks)]
    names = {name for p in passages for name in (p.head.url, p.head.doc_id, p.passage_id)}
    return len(names & question.relevant) / len(question.relevant) if question.relevant else 0.0


def grounded(answer: Answer) -> float:
    """Share of the quotes and of the parts of blocks that stand word for word in the passages cited; 1 without any."""
    texts: dict[str, list[str]] = {}
    for passage in (*(c.passage for c in answer.citations), *(block.passage for block in answer.blocks)):
        texts.setdefault(passage.head.doc_id, []).append(passage.text)
    for hit in answer.hits:
        texts.setdefault(hit.passage.head.doc_id, []).extend(p.text for p in (hit.passage, *hit.more))
    said = [(citation.quote, citation.passage) for citation in answer.citations]
    found = [any(find_quote(text, other) for other in texts[passage.head.doc_id]) for text, passage in said]
    return sum(found) / len(found) if found else 1.0
