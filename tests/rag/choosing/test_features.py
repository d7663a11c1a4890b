"""What is known of a piece before it is chosen."""

import pytest

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.choosing.features import asked_of, features
from rag.choosing.pieces import pieces_of
from rag.choosing.question import type_of

QUESTION = "What is pressure mode?"


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [
        ("This document describes low-level details of how pressure mode is implemented in most kettles.", True),
        ("This section is about pressure mode and about its history in kitchens.", True),
        ("What pressure mode is.", True),
        ("Below are screenshots that show how the pressure mode and the steam mode differ.", True),
        ("This image shows the dialog in which pressure mode is chosen for a kettle.", True),
        ("Below 70 degrees pressure mode heats water slowly, so that nothing is burnt.", False),
        ("Pressure mode heats water in a closed vessel, so that it boils later.", False),
        ("This mode describes a curve: first the kettle heats quickly, then slowly.", False),
    ],
)
def test_a_text_that_repeats_the_question_or_speaks_of_itself_says_nothing(text: str, says_nothing: bool) -> None:
    head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
    passage = Passage(head, 0, text, end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    pieces = pieces_of(0, passage)
    asked = asked_of(QUESTION, type_of(QUESTION), [passage], pieces)
    assert features(asked, passage, pieces[0], None)["echo"] == says_nothing


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("kettle.boilWaterSync(litres[, options])", 1.0),
        ("kettle.boilWater(litres)", 2 / 3),
        ("kettle.fill(litres)", 0.0),
        ("BOIL_WATER_SYNC(i)", 1.0),
        ("Boiling water synchronously", 1.0),
    ],
)
def test_a_heading_that_is_a_name_says_its_words(heading: str, told: float) -> None:
    question = "How do I boil water synchronously?"
    text = "Waits until it is done and returns the temperature."
    head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
    passage = Passage(head, 0, text, (heading,), end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    pieces = pieces_of(0, passage)
    asked = asked_of(question, type_of(question), [passage], pieces)
    found = features(asked, passage, pieces[0], None)
    shares = ("heading_is_question", "names_subject", "words_with_headings")
    assert [found[name] for name in shares] == pytest.approx([told] * 3)
    assert found["words"] == 0
    assert found["fits"] == (told >= 0.6 and "(litres" in heading)


@pytest.mark.parametrize(
    ("headings", "named"),
    [
        (("Kettles", "Pressure mode"), 1.0),
        (("Kettles", "Pressure mode", "Description"), 1.0),
        (("Kettles", "3.1 Pressure mode", "3.1.1 Overview"), 1.0),
        (("pressure-mode(1) Manual Page", "NAME"), 1.0),
        (("Kettles", "Pressure mode", "History"), 0.0),
    ],
)
def test_a_general_heading_is_of_what_stands_above_it(headings: tuple[str, ...], named: float) -> None:
    text = "Heats water in a closed vessel."
    head = Head(doc_id="kettles", url="https://a.example/", title="All", content_hash="")
    passage = Passage(head, 0, text, headings, end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    pieces = pieces_of(0, passage)
    asked = asked_of(QUESTION, type_of(QUESTION), [passage], pieces)
    assert features(asked, passage, pieces[0], None)["names_subject"] == pytest.approx(named)


@pytest.mark.parametrize(
    ("lead", "heading", "prior"),
    [
        ("These are the whistles:", "Sounds", 1.0),
        ("Of each kettle:", "Whistles", 1.0),
        ("Of each kettle:", "Parts", -0.5),
    ],
)
def test_an_item_of_another_list_tells_not_which_there_are(lead: str, heading: str, prior: float) -> None:
    item = "Its whistles, see the manual."
    text = f"{lead}\n\n{item}"
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(lead)), Block(BlockKind.LIST_ITEM, len(lead) + 2, len(text), 1))
    head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
    passage = Passage(head, 0, text, (heading,), end_char=len(text), blocks=blocks)
    pieces = pieces_of(0, passage)
    question = "Which whistles are there?"
    asked = asked_of(question, type_of(question), [passage], pieces)
    assert features(asked, passage, pieces[-1], None)["prior"] == prior


def test_a_name_in_a_text_says_its_words() -> None:
    question = "How do I boil water synchronously?"
    text = "It is done by boilWaterSync(2), for instance."
    head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
    passage = Passage(head, 0, text, end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    pieces = pieces_of(0, passage)
    asked = asked_of(question, type_of(question), [passage], pieces)
    assert features(asked, passage, pieces[0], None)["words"] == 1


def test_words_of_long_code_count_where_they_stand_together() -> None:
    question = "How do I set the whistle to a low tone?"
    scattered = ["# set the clock", *["turn()"] * 9, "# whistle", *["turn()"] * 9, "# a low tone"]
    together = ["# set the whistle to a low tone", *["turn()"] * 20]
    words = []
    for lines in (scattered, together):
        text = "\n".join(lines)
        head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
        passage = Passage(head, 0, text, end_char=len(text), blocks=(Block(BlockKind.CODE, 0, len(text)),))
        pieces = pieces_of(0, passage)
        words.append(features(asked_of(question, type_of(question), [passage], pieces), passage, pieces[0], None))
    assert words[1]["words"] == 1.0
    assert words[0]["words"] <= 0.5


def test_a_definition_begins_with_what_it_defines() -> None:
    for text, is_defined in (("Pressure mode is a way to boil.", 1.0), ("It has a pressure mode, that is a way.", 0.0)):
        head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
        passage = Passage(head, 0, text, end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
        pieces = pieces_of(0, passage)
        asked = asked_of(QUESTION, type_of(QUESTION), [passage], pieces)
        assert features(asked, passage, pieces[0], None)["defines"] == is_defined


@pytest.mark.parametrize(
    ("text", "counted"), [("Most kettles receive two lids.", True), ("Most lids are round.", False)]
)
def test_a_number_in_words_is_no_miss_where_it_counts_what_is_asked_for(text: str, counted: bool) -> None:
    question = "What is the maximum number of lids?"
    head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="", language="en")
    passage = Passage(head, 0, text, end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    pieces = pieces_of(0, passage)
    asked = asked_of(question, type_of(question), [passage], pieces)
    found = features(asked, passage, pieces[0], None)
    assert (found["counts"], found["misses"]) == (counted, not counted)
