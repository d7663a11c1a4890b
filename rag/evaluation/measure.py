"""Asks questions with known answers and sums up what became of them."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.store import Filters
from rag.answer import Answer
from rag.errors import GeneratorInterrupted, GeneratorUnavailable
from rag.evaluation.grade import Verdict, exact_match, f1, grounded, hit_share, matches, right_citations, verdict
from rag.evaluation.questions import Question
from rag.generator import Generator, Prompt, says_no_answer

PERCENTILES = (50, 95)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, its answer and what that is worth; ``ms`` is what a person waited."""

    question: Question
    answer: Answer
    verdict: Verdict
    ms: float


def ask_all(
    ask: Callable[[str, Filters], Answer],
    questions: Iterable[Question],
    report_done: Callable[[int], None] = lambda done: None,
) -> list[Outcome]:
    """Each question in turn."""
    outcomes = []
    for number, question in enumerate(questions, 1):
        began = time.perf_counter()
        answer = ask(question.text, Filters(metadata=dict(question.metadata)))
        ms = (time.perf_counter() - began) * 1000
        outcomes.append(Outcome(question, answer, verdict(question, answer), ms))
        report_done(number)
    return outcomes


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures of the outcomes; None where no question can tell.

    ``exact_match`` and ``f1`` are of the short answer (the text where there is none) over the questions with right
    answers. ``citation_precision`` is the share of right ones among all that is cited in answers to answerable
    questions, ``citation_recall`` the share of these questions (of what is judged relevant) that a citation serves.
    """
    counts = {kind: sum(outcome.verdict is kind for outcome in outcomes) for kind in Verdict}
    answerable = [o for o in outcomes if not o.question.refuse and not o.question.review]
    unanswerable = [o for o in outcomes if o.question.refuse]
    with_answers = [o for o in answerable if o.question.answers]
    answered = [o for o in answerable if not o.answer.refused]
    rights = [right for o in answered for right in right_citations(o.question, o.answer)]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "helpful": counts[Verdict.HELPFUL],
        "helpful_share": share(counts[Verdict.HELPFUL], len(answerable)),
        "beside": counts[Verdict.BESIDE],
        "wrongly_refused": counts[Verdict.WRONGLY_REFUSED],
        "wrongly_refused_share": share(counts[Verdict.WRONGLY_REFUSED], len(answerable)),
        "unanswerable": len(unanswerable),
        "wrongly_answered": counts[Verdict.WRONGLY_ANSWERED],
        "to_read": counts[Verdict.TO_READ],
        "exact_match": mean([exact_match(_short(o.answer), o.question.answers) for o in with_answers]),
        "f1": mean([f1(_short(o.answer), o.question.answers) for o in with_answers]),
        "citation_precision": mean(rights),
        "citation_recall": mean([_recall(o) for o in answerable]),
        "groundedness": mean([grounded(o.answer) for o in outcomes if not o.answer.refused]),
        "ms": percentiles([o.ms for o in outcomes]),
        "stages_ms": stages(o.answer.stages for o in outcomes),
    }


def without_memory(generator: Generator, questions: Iterable[Question]) -> dict[str, Any]:
    """The share of answerable questions that the same generator answers helpfully from no passage at all."""
    asked = [question for question in questions if not question.refuse and (question.pattern or question.answers)]
    helpful = [matches(question, _written(generator, question.text)) for question in asked]
    return {"generator": generator.name, "answerable": len(asked), "helpful_share": mean(helpful)}


def share(part: int, whole: int) -> float | None:
    """To a thousandth."""
    return round(part / whole, 3) if whole else None


def mean(values: Sequence[float]) -> float | None:
    """To a thousandth; None of nothing."""
    return round(sum(values) / len(values), 3) if values else None


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """``{"p50": ..., "p95": ...}`` to a tenth; empty of nothing."""
    return {f"p{p}": round(float(np.percentile(values, p)), 1) for p in PERCENTILES} if values else {}


def stages(measured: Iterable[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Stage -> percentiles of its milliseconds."""
    by_stage: dict[str, list[float]] = {}
    for answer in measured:
        for name, ms in answer.items():
            by_stage.setdefault(name, []).append(ms)
    return {name: percentiles(values) for name, values in by_stage.items()}


def _short(answer: Answer) -> str:
    return answer.short or answer.text


def _recall(outcome: Outcome) -> float:
    question = outcome.question
    if question.relevant:
        return hit_share(question, outcome.answer)
    return float(any(right_citations(question, outcome.answer)))


def _written(generator: Generator, question: str) -> str:
    try:
        with closing(generator.generate(Prompt(question, ()))) as pieces:
            text = "".join(pieces)
    except (GeneratorUnavailable, GeneratorInterrupted):
        return ""
    return "" if says_no_answer(text) else text
