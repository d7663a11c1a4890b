"""What an answer is worth, and what many are."""

import pytest

from indexer.document import Head, Passage
from rag.answer import Answer, AnswerBlock, Citation, Shape
from rag.evaluation.grade import Verdict, exact_match, f1, grounded, right_citations, verdict
from rag.evaluation.measure import Outcome, figures
from rag.evaluation.questions import Question
from rag.evaluation.report import as_html

PASSAGE = Passage(Head("d", "https://a.test/", "<Towers>", ""), 0, "The tower is 8 m high. It leans.")


def answer(text: str = "The tower is 8 m high.", short: str = "8 m", block: str = "It leans.") -> Answer:
    citation = Citation(text, 0, len(text), PASSAGE, "https://a.test/#t", text, 0, len(text), 0.9)
    blocks = (AnswerBlock(Shape.PARAGRAPH, PASSAGE, "https://a.test/", 23, 32, 0.5, text=block),)
    return Answer("How high?", text, (citation,), (), short=short, blocks=blocks)


REFUSED = Answer("How high?", "", (), (), refused=True, reason="no")


@pytest.mark.parametrize(
    ("question", "given", "wanted"),
    [
        (Question("How high?", r"\d m"), answer(), Verdict.HELPFUL),
        (Question("How high?", "leans"), answer(), Verdict.HELPFUL),
        (Question("How high?", "9 m"), answer(), Verdict.BESIDE),
        (Question("How high?", "9 m"), REFUSED, Verdict.WRONGLY_REFUSED),
        (Question("How high?", answers=("8 m",)), answer(), Verdict.HELPFUL),
        (Question("How high?", answers=("high tower",)), answer(), Verdict.BESIDE),
        (Question("How high?", relevant=frozenset({"https://a.test/"})), answer(), Verdict.HELPFUL),
        (Question("How high?", relevant=frozenset({"https://b.test/"})), answer(), Verdict.BESIDE),
        (Question("How high?", refuse=True), answer(), Verdict.WRONGLY_ANSWERED),
        (Question("How high?", refuse=True), REFUSED, Verdict.RIGHTLY_REFUSED),
        (Question("How high?", review=True), answer(), Verdict.TO_READ),
    ],
)
def test_verdict(question: Question, given: Answer, wanted: Verdict) -> None:
    assert verdict(question, given) is wanted


def test_short_answers_are_compared_as_squad_does() -> None:
    assert exact_match("The  Eiffel Tower!", ["eiffel tower"]) and not exact_match("tower", ["eiffel tower"])
    assert f1("the tall eiffel tower", ["eiffel tower", "tower"]) == pytest.approx(0.8)
    assert f1("", ["tower"]) == 0.0 == f1("tower", [])


def test_citations_that_hold_the_answer_are_right() -> None:
    assert right_citations(Question("How high?", "8 m"), answer()) == [True, False]


def test_words_that_stand_nowhere_are_not_grounded() -> None:
    assert grounded(answer()) == 1.0 and grounded(answer("The tower is 9 m high.")) == 0.0


def test_figures_count_each_verdict() -> None:
    asked = [
        (Question("a", "8 m"), answer()),
        (Question("b", answers=("8 m", "eight metres")), answer()),
        (Question("c", "8 m"), REFUSED),
        (Question("d", refuse=True), answer()),
        (Question("e", refuse=True), REFUSED),
    ]
    found = figures([Outcome(question, given, verdict(question, given), 20.0) for question, given in asked])
    assert (found["answerable"], found["helpful"], found["wrongly_refused"]) == (3, 2, 1)
    assert (found["unanswerable"], found["wrongly_answered"]) == (2, 1)
    assert (found["exact_match"], found["f1"], found["citation_precision"]) == (1.0, 1.0, 0.5)
    assert found["ms"] == {"p50": 20.0, "p95": 20.0}


def test_the_report_escapes_what_pages_say() -> None:
    question = Question("a <b>", "8 m")
    page = as_html("Towers", {"helpful": 1}, [Outcome(question, answer(block="<script>"), Verdict.HELPFUL, 1.0)])
    assert "a &lt;b&gt;" in page and "&lt;Towers&gt;" in page and "<script>" not in page
