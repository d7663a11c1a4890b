"""Answers to each kind of question, over files of each kind, with the models that come with Recollect."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer import Answer, Shape
from rag.respond import Responder
from ranker.config import RerankConfig
from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.installation import Installation
from server.settings.config import Config

FILES = Path(__file__).parents[1] / "rag" / "kinds"


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Responder]:
    """Over every file of tests/rag/kinds; without a budget of time, so that a busy machine answers the same."""
    config = replace(Config(), data=tmp_path_factory.mktemp("kinds") / "index", rerank=RerankConfig(budget_ms=None))
    report = import_into_index(config, [FILES], ImportOptions(crawl=config.crawl))
    assert not report["failed"]
    with Installation(config) as installation:
        yield installation.responder()


def first(answer: Answer) -> str:
    """What the best block shows."""
    assert not answer.refused, answer.reason
    return answer.blocks[0].shown


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("Which client supports streaming downloads?", "Kotlin client supports", "Ruby client does not"),
        ("Which printer prints on both sides?", "Lumen 300", "cannot"),
        ("Which printer cannot print on both sides?", "Lumen 100", "Lumen 300"),
        ("When does the relay close an idle connection in version 4?", "90 seconds", "30 seconds"),
        ("Can I change my user name?", "No. It is part of every address", "Yes"),
        ("Can I have two accounts?", "Yes, as long as each has its own", "No."),
        ("How do I delete my account?", "Open Settings", "user name?"),
        ("How do I get a refund?", "within 14 days", "Visa"),
        ("How long is the trial?", "21 days", "Visa"),
        ("What does the option --soft do?", "Finish running jobs", "Kill running jobs"),
        ("What is the value of max_backoff_ms?", "max_backoff_ms = 30000", "beaconctl"),
        ("Can the exporter write Excel files?", "cannot write Excel", "Parquet"),
        ("What is the difference between version 1 and version 2?", "whereas version 2", "relay"),
        ("When was the export format introduced?", "March 2021", "Parquet files"),
        ("Who introduced the export format?", "Ines Calder", "Parquet files"),
        ("图书馆周一几点开放？", "早上八点", "十本"),
        ("每位读者最多可以借多少本书？", "十本书", "八点"),
        ("保証期間は何年ですか", "三年", "フィルター"),
        ("수영장 입장료는 얼마입니까?", "오천 원", "월요일"),
        ("كم سعر تذكرة المتحف؟", "عشرون درهما", "الثلاثاء"),
        ("Wann ist die Waschküche geöffnet?", "sieben bis einundzwanzig", "Fahrräder"),
        ("Est-ce que le bonnet de bain est obligatoire ?", "obligatoire pour tous", "dimanche"),
    ],
)
def test_the_best_block_answers(responder: Responder, question: str, holds: str, lacks: str) -> None:
    shown = first(responder.answer(question))
    assert holds in shown and lacks not in shown


def test_steps_are_whole_and_in_order(responder: Responder) -> None:
    answer = responder.answer("How do I change the water filter?")
    block = answer.blocks[0]
    assert block.shape is Shape.STEPS and block.left_out == 0
    assert [item.number for item in block.items] == [1, 2, 3, 4, 5]
    assert block.items[0].text.startswith("Switch") and block.items[-1].text.endswith("clicks.")
    assert block.lead == "To change the water filter:"


def test_kinds_are_a_whole_list(responder: Responder) -> None:
    block = responder.answer("What kinds of alerts are there?").blocks[0]
    assert block.shape is Shape.LIST and len(block.items) == 4 and block.lead.endswith("kinds of alerts:")


@pytest.mark.parametrize(
    ("question", "short", "row"),
    [
        ("How many projects does the Crew plan have?", "25", ("Crew", "25", "80 GB", "$12")),
        ("What is the price of the Fleet plan?", "$90", ("Fleet", "400", "2 TB", "$90")),
        ("How many calls per minute may the silver tier send?", "240", ("silver", "240", "40")),
        ("What is the weight of the Vega scanner?", "4.2 kg", ("Weight", "4.2 kg")),
    ],
)
def test_a_row_answers_with_the_names_of_its_columns(
    responder: Responder, question: str, short: str, row: tuple[str, ...]
) -> None:
    answer = responder.answer(question)
    block = answer.blocks[0]
    assert block.shape is Shape.TABLE and row in block.rows
    assert len(row) == 2 or len(block.columns) == len(row)
    assert short in answer.text


def test_a_command_comes_with_the_line_that_introduces_it(responder: Responder) -> None:
    answer = responder.answer("How do I restart the daemon?")
    block = answer.blocks[0]
    assert (block.shape, block.text) == (Shape.CODE, "beaconctl restart --wait")
    assert block.lead == "Restart the daemon with this command:" and answer.short == "beaconctl restart --wait"


def test_where_the_version_is_left_open_all_are_shown(responder: Responder) -> None:
    answer = responder.answer("When does the relay close an idle connection?")
    shown = "\n".join(block.shown for block in answer.blocks)
    assert "30 seconds" in shown and "90 seconds" in shown


@pytest.mark.parametrize(
    "question",
    [
        "Who won the chess tournament?",
        "How do I bake sourdough bread?",
        "What is the population of Iceland?",
        "How do I configure a reverse proxy?",
        "Who made the coffee machine?",
    ],
)
def test_what_no_page_answers_is_refused(responder: Responder, question: str) -> None:
    answer = responder.answer(question)
    assert answer.refused, answer.text
