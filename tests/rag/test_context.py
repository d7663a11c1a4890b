"""Choosing the passages an answer may use."""

from dataclasses import replace
from typing import Any

import pytest

from indexer.document import Head, Passage
from rag.config import AnswerConfig
from rag.context import begins, choose_passages, introductions
from ranker.hit import Evidence, Hit


def passage(doc: str, ordinal: int, text: str | None = None) -> Passage:
    return Passage(
        Head(doc, "", doc, ""), ordinal, text or f"text of {doc} number {ordinal}: w{doc}{ordinal} v{doc}{ordinal}"
    )


def hit(doc: str, more: int = 0, text: str | None = None) -> Hit:
    return Hit(passage(doc, 0, text), 1.0, Evidence(), more=tuple(passage(doc, i + 1) for i in range(more)))


NAMED = ("Water", "kettle.boilWaterOften()", "kettle.boilWaterSync(litres)", "Steam")


def chosen(hits: list[Hit], question: str = "fox", **settings: Any) -> list[str]:
    return [f"{p.head.doc_id}{p.ordinal}" for p in choose_passages(question, hits, AnswerConfig(**settings))]


def test_best_passages_come_first_and_further_ones_of_a_document_later() -> None:
    assert chosen([hit("a", 2), hit("b"), hit("c")]) == ["a0", "b0", "a1", "c0", "a2"]


def test_no_document_fills_the_context() -> None:
    assert chosen([hit("a", 5), hit("b"), hit("c")], max_passages=4, max_passages_per_document=2) == [
        "a0",
        "b0",
        "a1",
        "c0",
    ]


def test_few_documents_give_more_of_each() -> None:
    assert chosen([hit("a", 5)], max_passages_per_document=2) == ["a0", "a1", "a2", "a3", "a4", "a5"]
    assert chosen([hit("a", 5), hit("b", 1)], max_passages=6) == ["a0", "b0", "a1", "b1", "a2"]
    assert chosen([hit("a", 5)], max_passages=3) == ["a0", "a1", "a2"]


def test_number_of_passages_is_bounded() -> None:
    assert chosen([hit(c) for c in "abcdef"], max_passages=3) == ["a0", "b0", "c0"]


def test_budget_leaves_long_passages_out_but_never_all() -> None:
    long = "many different words stand here " * 50
    assert chosen([hit("a"), hit("b", text=long), hit("c")], max_context_tokens=60) == ["a0", "c0"]
    assert chosen([hit("b", text=long)], max_context_tokens=60) == ["b0"]


def test_near_copies_are_left_out() -> None:
    text = "The quick brown fox jumps over the lazy dog near the river bank today"
    assert chosen([hit("a", text=text), hit("b", text=text + " again"), hit("c")]) == ["a0", "c0"]


def test_of_one_document_comes_first_what_a_name_says_is_asked() -> None:
    first, *others = (replace(passage("a", i), heading_path=("Kettle", name)) for i, name in enumerate(NAMED))
    found = [Hit(first, 1.0, Evidence(), more=tuple(others)), hit("b")]
    assert chosen(found, "How do I boil water synchronously?", max_passages=4, max_passages_per_document=2) == [
        "a2",
        "b0",
        "a0",
    ]
    assert chosen(found, "How hot is it?", max_passages=4, max_passages_per_document=2) == ["a0", "b0", "a1"]


def test_nothing_found_gives_nothing() -> None:
    assert choose_passages("fox", []) == ()


def test_copies_of_another_version_are_kept() -> None:
    text = "In version 3 the quick brown fox jumps over the lazy dog near the river bank within 10 days"
    assert chosen([hit("a", text=text), hit("b", text=text.replace("3", "4"))]) == ["a0", "b0"]
    assert chosen([hit("a", text=text), hit("b", text=text.replace("10", "45"))]) == ["a0", "b0"]


def named(title: str, ordinal: int, *headings: str) -> Hit:
    return Hit(Passage(Head(title, "", title, ""), ordinal, "text", heading_path=headings), 1.0, Evidence())


PAGES = [named("Kettles — Kitchen 3.2 documentation", 4), named("Teapots", 2, "Kettles"), named("Boiling", 1, "Water")]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is a kettle?", PAGES[:2]),
        ("What is boiling?", PAGES[2:]),
        ("How do I clean a kettle?", []),
        ("What is a kettle lid?", []),
    ],
)
def test_what_a_page_is_named_after_it_tells_at_its_beginning(question: str, first: list[Hit]) -> None:
    wanted = [f"{hit.passage.head.doc_id}-00000" for hit in first]
    assert introductions(question, PAGES, [hit.passage for hit in PAGES]) == wanted


def test_a_beginning_that_was_chosen_is_not_read_again() -> None:
    beginning = named("Kettles", 0)
    assert introductions("What is a kettle?", [beginning], [beginning.passage]) == []


@pytest.mark.parametrize(
    ("question", "is_read"),
    [
        ("What does the set-lid-whistle action do?", True),
        ("What is the default of set-lid-whistle?", True),
        ("What is a lid action?", False),
        ("How do I use set-lid-whistle?", False),
    ],
)
def test_a_section_named_in_the_question_is_read_from_its_beginning(question: str, is_read: bool) -> None:
    later = named("Actions", 9, "8. Actions", "8.2. set-lid-whistle")
    other = named("Actions", 5, "8. Actions", "8.1. block-lid")
    chosen = [later.passage, other.passage]
    assert introductions(question, [later, other], chosen) == (["Actions-00008"] if is_read else [])


def test_what_begins_a_section_is_of_it() -> None:
    chosen = [named("Actions", 9, "Actions", "set-lid-whistle").passage]
    assert begins(named("Actions", 8, "Actions", "set-lid-whistle").passage, chosen)
    assert not begins(named("Actions", 8, "Actions", "block-lid").passage, chosen)
    assert not begins(named("Settings", 8, "Actions", "set-lid-whistle").passage, chosen)
    assert begins(named("Actions", 0, "Actions").passage, chosen)
