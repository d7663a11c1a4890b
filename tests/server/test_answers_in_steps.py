"""Questions that describe a thing, over files no one of which says both what it is and what is asked of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer import Answer
from rag.events import Done, Event, Rephrased
from rag.respond import Responder
from ranker.config import RerankConfig
from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.installation import Installation
from server.settings.config import Config

FILES = Path(__file__).parents[1] / "rag" / "described"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """An index of every file; without a budget of time, so that a busy machine answers the same."""
    config = replace(Config(), data=tmp_path_factory.mktemp("steps") / "index", rerank=RerankConfig(budget_ms=None))
    assert not import_into_index(config, [FILES], ImportOptions(crawl=config.crawl))["failed"]
    return config


@pytest.fixture(scope="module")
def responder(config: Config) -> Iterator[Responder]:
    with Installation(config) as installation:
        yield installation.responder()


@pytest.mark.parametrize(
    ("question", "understood", "short"),
    [
        ("How long is the machine that grinds its own beans guaranteed?", "The Brenner", "five years"),
        ("How long is the kettle that whistles guaranteed?", "The Silvretta", "thirty months"),
        ("Where is the head office of the company that makes the Brenner?", "Hadorn", "Chur"),
        ("Who founded the company that makes the Silvretta?", "Lenz & Sons", "Peter Lenz"),
        ("Where was the person who founded Hadorn born?", "Ursina Caviezel", "Scuol"),
        ("What port does the service that Moira Quist owns listen on?", "ledger", "7422"),
        ("How many employees does the company that makes the Brenner have?", "Hadorn", "ninety"),
    ],
)
def test_a_described_thing_is_found_first(responder: Responder, question: str, understood: str, short: str) -> None:
    answer = responder.answer(question)
    assert (answer.question, answer.short) == (question, short)
    assert understood in answer.understood
    says_which, answers = answer.citations
    for citation in (says_which, answers):
        assert answer.text[citation.answer_start_char : citation.answer_end_char] == citation.sentence
        document = citation.passage.text
        assert citation.quote in document
    assert short in answers.sentence and understood.removeprefix("The ") in says_which.sentence


@pytest.mark.parametrize(
    "question",
    [
        "Where was the person who founded Bosch born?",
        "Who founded the company that makes the Rialto?",
        "What port does the service that Ann Other owns listen on?",
    ],
)
def test_what_no_page_describes_stays_unanswered(responder: Responder, question: str) -> None:
    answer = responder.answer(question)
    assert answer.refused and not answer.understood


def test_whoever_watches_hears_what_was_understood(responder: Responder) -> None:
    events: list[Event] = list(responder.stream("Who founded the company that makes the Silvretta?"))
    done = events[-1]
    assert isinstance(done, Done)
    assert [event.question for event in events if isinstance(event, Rephrased)] == [done.answer.understood]


def test_steps_can_be_left_out(config: Config) -> None:
    settings = replace(config, answer=replace(config.answer, in_steps=False))
    with Installation(settings) as installation:
        answer: Answer = installation.responder().answer("Who founded the company that makes the Silvretta?")
    assert not answer.understood and len(answer.citations) == 1
