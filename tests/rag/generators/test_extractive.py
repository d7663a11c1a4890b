"""Answers made of the documents' own sentences."""

import pytest

from indexer.document import Head, Passage
from indexer.encoders.hashing import HashingEncoder
from rag.config import ExtractiveConfig
from rag.generator import Prompt
from rag.generators.extractive import ExtractiveGenerator

QUESTION = "Does a dictionary keep insertion order?"


def passage(text: str, title: str = "Types", language: str | None = "en") -> Passage:
    return Passage(Head("d", "https://docs.test/t", title, "", language=language), 0, text)


def answer(*texts: str, question: str = QUESTION, language: str | None = "en", **settings: float) -> str:
    config = ExtractiveConfig(**{"min_evidence": 0.35, **settings})  # type: ignore[arg-type]
    generator = ExtractiveGenerator(HashingEncoder(), config)
    return "".join(generator.generate(Prompt(question, tuple(passage(text, language=language) for text in texts))))


def test_sentence_that_answers_is_quoted_with_its_mark() -> None:
    text = "Cats sleep a lot. A dictionary does keep insertion order. Owls hunt at night."
    assert answer("Owls hunt.", text) == "A dictionary does keep insertion order. [2]"


def test_nothing_is_written_where_nothing_answers() -> None:
    assert answer("Owls hunt at night.", "Cats sleep a lot.") == ""
    assert answer() == ""


def test_least_evidence_decides() -> None:
    text = "A dictionary has an order."
    assert answer(text, min_evidence=0.1) and not answer(text, min_evidence=0.95)


def test_near_copies_are_said_once() -> None:
    copy = "A dictionary does keep insertion order always."
    assert answer("A dictionary does keep insertion order.", copy, margin=0.5).count("dictionary") == 1


def test_sentences_within_the_margin_are_added_in_reading_order() -> None:
    first, last = "Insertion order of dictionaries matters to programs.", "Every dictionary will keep insertion order."
    text = f"{first} Owls hunt. {last}"
    assert answer(text, margin=0.5) == f"{first} [1] {last} [1]"
    assert answer(text, margin=0.5, max_sentences=1).count("[1]") == 1


@pytest.mark.parametrize(
    "text",
    [
        ">>> dictionary.keep(insertion, order)",
        "dictionary_keep(insertion, order)",
        "Does a dictionary keep its insertion order:",
        "dictionary",
        "Types",
        "A dictionary keeps insertion order " * 30,
    ],
)
def test_code_signatures_announcements_and_tables_are_no_answers(text: str) -> None:
    assert answer(text, min_evidence=0.0) == ""


def test_footnotes_do_not_pass_for_citations() -> None:
    assert answer("A dictionary does keep insertion order.[7]") == "A dictionary does keep insertion order. [1]"


def test_chinese_sentences_follow_each_other_without_space() -> None:
    text = "字典保持插入顺序。猫睡觉。字典保持插入顺序很重要吗。"
    found = answer(text, question="字典保持插入顺序吗", language="zh", min_evidence=0.1, max_sentences=1)
    assert found == "字典保持插入顺序。 [1]"
