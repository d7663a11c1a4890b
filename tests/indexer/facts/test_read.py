"""What pages state plainly is read, with the words that say so; what is unclear is left out."""

from dataclasses import replace

import pytest

from crawler.block import Block, BlockKind
from crawler.page import Stated
from indexer.document import Head, Passage
from indexer.facts.read import PageFact, facts_of, stated_facts

HEAD = Head("d", "https://docs.test/", "Aurora", "h")


def passage(*rows: tuple[BlockKind, str, dict[str, object]], heading: tuple[str, ...] = ("Aurora",)) -> Passage:
    blocks, texts, at = [], [], 100
    for kind, text, more in rows:
        blocks.append(Block(kind, at, at + len(text), **more))  # type: ignore[arg-type]  # fields of a block
        texts.append(text)
        at += len(text) + 1
    return Passage(HEAD, 0, "\n".join(texts), heading, start_char=100, end_char=at, blocks=tuple(blocks))


def found(of: Passage) -> list[tuple[str, str, str]]:
    facts = list(facts_of(of))
    assert all(fact.quote in of.text for fact in facts)
    return [(fact.subject, fact.relation, fact.value) for fact in facts]


def test_definitions_are_facts_of_their_terms() -> None:
    of = passage(
        (BlockKind.TERM, "WAL", {"group": 1}),
        (BlockKind.DEFINITION, "Write-ahead logging.", {"group": 1, "term": "WAL"}),
    )
    assert found(of) == [("WAL", "definition", "Write-ahead logging.")]


def test_a_table_with_columns_tells_of_its_rows() -> None:
    columns = {"group": 1, "columns": ("Mode", "Meaning", "Since")}
    of = passage(
        (BlockKind.TABLE_ROW, "Mode | Meaning | Since", {**columns, "is_header": True}),
        (BlockKind.TABLE_ROW, "'a' | append | 1.0", columns),
        (BlockKind.TABLE_ROW, "'w' | write | ", columns),
    )
    assert found(of) == [("'a'", "Meaning", "append"), ("'a'", "Since", "1.0"), ("'w'", "Meaning", "write")]


def test_a_table_of_two_columns_without_names_tells_of_the_page() -> None:
    of = passage((BlockKind.TABLE_ROW, "Developer: | Ada Brewer", {"group": 1}))
    assert found(of) == [("Aurora", "Developer", "Ada Brewer")]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "A savepoint is a named point in a transaction. It helps.",
            [
                ("savepoint", "type", "named point in a transaction"),
                ("savepoint", "definition", "A savepoint is a named point in a transaction."),
            ],
        ),
        (
            "Aurora is an editor for rivers.",
            [("Aurora", "type", "editor"), ("Aurora", "definition", "Aurora is an editor for rivers.")],
        ),
        ("Aurora was first released in 2004 by hand.", [("Aurora", "released", "2004")]),
        ("Version 2 was published on March 3, 2011.", [("Version 2", "published", "March 3, 2011")]),
        ("The Linden Bridge opened in 1932 after two years.", [("Linden Bridge", "opened", "1932")]),
        ("On 4 May 1932 the Linden Bridge was opened by all.", [("Linden Bridge", "opened", "4 May 1932")]),
        ("In 1991, Ada Brewer died.", [("Ada Brewer", "died", "1991")]),
        ("The fair took place on June 3, 2024.", [("fair", "took place", "June 3, 2024")]),
        ("In 1991 it was founded.", []),
        ("This is a list of things.", []),
        ("It was released in 2004.", []),
        ("Is it a list?", []),
        ("Open the door and wait.", []),
    ],
)
def test_plain_sentences_are_read(sentence: str, facts: list[tuple[str, str, str]]) -> None:
    assert found(passage((BlockKind.PARAGRAPH, sentence, {}))) == facts


def test_long_names_and_empty_values_are_none() -> None:
    of = passage((BlockKind.TABLE_ROW, f"{'x' * 200} | 1", {"group": 1}), (BlockKind.TABLE_ROW, " | 1", {"group": 1}))
    assert list(facts_of(of)) == []
    assert PageFact("a", "b", "c", "d") != PageFact("a", "b", "c", "e")


def test_what_is_stated_in_data_is_told_in_words() -> None:
    stated = (
        Stated("Aurora", "type", "IndividualProduct"),
        Stated("Aurora", "openingHours", "Monday 09:00-17:00"),
        Stated("Aurora", "description", "A kettle."),
        Stated("How?", "answer", "So."),
        Stated("x" * 300, "colour", "red"),
        Stated("?!", "colour", "red"),
    )
    assert stated_facts(replace(HEAD, stated=stated)) == [
        ("Aurora", "type", "individual product"),
        ("Aurora", "opening hours", "Monday 09:00-17:00"),
        ("Aurora", "definition", "A kettle."),
        ("How?", "definition", "So."),
    ]
