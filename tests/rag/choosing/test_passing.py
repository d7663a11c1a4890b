"""Lists of releases, references and names tell of each thing in passing."""

import pytest

from rag.choosing.passing import asks_for_news, is_told_in_passing
from rag.choosing.question import type_of


@pytest.mark.parametrize(
    "headings",
    [
        ("Release History",),
        ("Kettle 3 manual", "Release notes"),
        ("What’s New In Kettle 3",),
        ("Changes", "2019-05-01 (3.2.1)"),
        ("Kettle", "v3.2.1"),
        ("Kettles", "Kettle 3.2 (2019-05-01)"),
        ("ReleaseNotes", "Boiling"),
        ("Index of functions",),
        ("Kettle", "See also"),
        ("Backlink Crossreference",),
        ("Keyword Index",),
        ("D.3 Parameter and Variable Index",),
        ("D.1 Index of Shell Builtins",),
        ("Appendix D Indexes",),
        ("Kettle", "Table of Contents"),
        ("Wasserkocher", "Inhaltsverzeichnis"),
        ("Kettle", "On this page"),
    ],
)
def test_lists_of_many_things(headings: tuple[str, ...]) -> None:
    assert is_told_in_passing(headings)


@pytest.mark.parametrize(
    "headings",
    [
        ("Kettle 3.2 manual", "1.1 Boiling"),
        ("Indexes on expressions",),
        ("CREATE INDEX", "Index names"),
        ("Release a lock",),
        ("Partial indexes",),
        ("11.2 Hash index",),
        ("Unique Index",),
        ("New kettles",),
        ("Contents of the box",),
    ],
)
def test_pages_about_one_thing(headings: tuple[str, ...]) -> None:
    assert not is_told_in_passing(headings)


@pytest.mark.parametrize(
    "question", ["When was it released?", "What is new in 3.2?", "Is boil() deprecated?", "Since which version is it?"]
)
def test_some_questions_ask_for_them(question: str) -> None:
    assert asks_for_news(question, type_of(question))


@pytest.mark.parametrize("question", ["How do I boil water?", "What is the default size?", "Can I renew a lease?"])
def test_most_do_not(question: str) -> None:
    assert not asks_for_news(question, type_of(question))
