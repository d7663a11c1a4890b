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
    ("question", "rows"),
    [
        (
            "Which berthing modes are there?",
            (
                ("drift", "Ships wait outside."),
                ("queue", "Ships come in as they arrive."),
                ("tide", "Ships come in with the flood alone."),
            ),
        ),
        (
            "What are the signal flags?",
            (("Amber", "A ship is late."), ("Basalt", "A berth is being cleaned."), ("Cobalt", "The pilot is at sea.")),
        ),
    ],
)
def test_what_there_is_stands_below_the_heading_of_its_name(
    responder: Responder, question: str, rows: tuple[tuple[str, str], ...]
) -> None:
    answer = responder.answer(question)
    assert answer.blocks[0].shape is Shape.TABLE and answer.blocks[0].rows == rows
    assert answer.text.startswith(" | ".join(rows[0])) and answer.citations[0].quote in answer.blocks[0].passage.text


def test_entries_that_give_orders_are_named_alone(responder: Responder) -> None:
    answer = responder.answer("Which valve settings are there?")
    assert answer.blocks[0].rows == (("open", ""), ("shut", "No water flows."), ("half", "Half of the water flows."))
    assert "Ignore" not in answer.text


def test_chapters_about_things_are_not_the_things(responder: Responder) -> None:
    answer = responder.answer("Which winches are there?")
    assert all(block.shape is not Shape.TABLE for block in answer.blocks)


@pytest.mark.parametrize(
    ("question", "term", "other"),
    [
        ("What does clerk -q do?", "-q", "-Q, --hush"),
        ("What does clerk -Q do?", "-Q, --hush", "-q"),
        ("What does @@ mean?", "@@", "-q"),
    ],
)
def test_options_and_signs_are_told_by_their_own_entry(
    responder: Responder, question: str, term: str, other: str
) -> None:
    assert responder.answer(question).blocks[0].term == term != other


def test_a_list_tells_which_there_are_where_it_is_of_them(responder: Responder) -> None:
    shown = first(responder.answer("Which harbour codes does the clerk end with?"))
    assert "5: a ship is missing" in shown and "Horns" not in shown


def test_what_a_section_says_in_general_comes_before_its_examples(responder: Responder) -> None:
    assert first(responder.answer("What does the dredger do?")).startswith("The dredger deepens the harbour")


def test_the_sentence_that_says_the_opposite_is_not_the_answer(responder: Responder) -> None:
    answer = responder.answer("Which status does the clerk end with when a berth is not found?")
    assert "44" in answer.text and "43" not in answer.text and answer.short != "43"


def test_a_command_within_a_sentence_comes_with_all_of_it(responder: Responder) -> None:
    answer = responder.answer("How do I send the harbour log?")
    shown = [block.shown for block in answer.blocks]
    assert shown[:3] == [
        "To send the harbour log the order counts, since the command\nclerk send log errors",
        "sends ships and errors, while the command\nclerk errors send log",
        "sends the ships alone.",
    ]
    assert not answer.short


def test_two_things_are_told_apart_by_what_each_of_them_is(responder: Responder) -> None:
    answer = responder.answer("What is the difference between a lighter and a tender?")
    assert ["flat boat" in answer.blocks[0].text, "crews ashore" in answer.blocks[1].text] == [True, True]
    assert [citation.quote for citation in answer.citations] == [
        "A lighter is a flat boat that unloads ships which are too deep for the quay.",
        "A tender is a small boat that brings crews ashore.",
    ]
    assert answer.understood == ""


def test_two_questions_in_one_are_both_answered(responder: Responder) -> None:
    answer = responder.answer("How do I restart the daemon and who introduced the export format?")
    assert "beaconctl restart --wait" in answer.text and "Ines Calder" in answer.text
    assert [citation.passage.head.title for citation in answer.citations] != []


def test_the_half_of_a_question_that_is_answered_is_shown(responder: Responder) -> None:
    answer = responder.answer("How do I bake sourdough bread and how do I restart the daemon?")
    assert "beaconctl restart --wait" in answer.text and len(answer.citations) == 1


def test_a_mistyped_question_is_answered_as_it_was_meant(responder: Responder) -> None:
    answer = responder.answer("How do I restrt the deamon?")
    assert answer.short == "beaconctl restart --wait"
    assert answer.understood == "How do I restart the daemon?"


def test_what_a_term_is_said_to_be_is_said_by_the_term(responder: Responder) -> None:
    assert responder.answer("What is the default mooring tariff?").short == "anchor"


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
