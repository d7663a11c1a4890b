"""Plain questions about a small company: prices, limits, folded answers, codes, versions, and what no page says."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.evaluation.grade import verdict
from rag.evaluation.questions import Question, read_questions
from rag.respond import Responder
from ranker.config import RerankConfig
from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.installation import Installation
from server.settings.config import Config

FILES = Path(__file__).parents[1] / "rag" / "company"
QUESTIONS = read_questions(FILES / "questions.tsv")


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Responder]:
    """Over the company's pages; without a budget of time, so that a busy machine answers the same."""
    config = replace(Config(), data=tmp_path_factory.mktemp("company") / "index", rerank=RerankConfig(budget_ms=None))
    report = import_into_index(config, sorted(FILES.glob("*.html")), ImportOptions(crawl=config.crawl))
    assert not report["failed"]
    with Installation(config) as installation:
        yield installation.responder()


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.text for question in QUESTIONS])
def test_an_answer_helps_or_says_that_there_is_none(responder: Responder, question: Question) -> None:
    answer = responder.answer(question.text)
    assert verdict(question, answer).is_right, answer.text or answer.reason


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How much does the Reef plan cost?", "€9"),
        ("How much storage does the Shore plan have?", "100 GB"),
        ("How many devices can I use on the Ocean plan?", "unlimited"),
        ("What is the default of --throttle?", "no limit"),
        ("What is scan_interval_minutes set to?", "15"),
        ("Does the phone client support delta uploads?", "No"),
        ("Who founded Tidepool?", "Ingrid Halvorsen and Tomasz Wolski"),
        # The evidence sets a condition, or speaks of another version too: a word alone would be false.
        ("Can guests change files?", ""),
        ("Where does version 3 keep its settings?", ""),
    ],
)
def test_the_short_answer_is_right_or_not_there(responder: Responder, question: str, short: str) -> None:
    assert responder.answer(question).short == short
