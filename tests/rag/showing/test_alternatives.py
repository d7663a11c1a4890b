"""What is asked back where several products or versions may be meant."""

import pytest

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.answer import Alternative
from rag.choosing.choice import Pick
from rag.choosing.pieces import Piece
from rag.showing.alternatives import alternatives

QUESTION = "How do I reset it?"


def pick(title: str, *headings: str, path: str = "/a", score: float = 0.99) -> Pick:
    """A paragraph below these headings, of a page of its own title and path."""
    text = f"Hold the button of {title}."
    head = Head(doc_id=title + path, url=f"https://a.example{path}", title=title, content_hash="", path=path)
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    piece = Piece(0, BlockKind.PARAGRAPH, 0, len(text), (block,), "", text)
    return Pick(Passage(head, 0, text, heading_path=headings), piece, score, {})


def test_each_product_is_a_choice() -> None:
    found = alternatives(QUESTION, [pick("Kettle Pro manual", "3. Reset"), pick("Kettle Lite manual", "7. Reset")])
    assert found == (
        Alternative("Kettle Pro manual", "How do I reset it (Kettle Pro manual)?"),
        Alternative("Kettle Lite manual", "How do I reset it (Kettle Lite manual)?"),
    )


def test_each_version_is_a_choice() -> None:
    pages = [pick("Installing Teapot 3.3"), pick("Installing Teapot 3.2"), pick("Installing Teapot 3.1")]
    assert [one.label for one in alternatives("How do I install it?", pages)] == [
        page.passage.head.title for page in pages
    ]


def test_versions_may_stand_in_the_address_alone() -> None:
    pages = [pick("Reset", path="/docs/v3/reset"), pick("Reset", path="/docs/v2/reset")]
    assert [one.label for one in alternatives(QUESTION, pages)] == ["v3", "v2"]


def test_versions_may_be_told_on_one_page() -> None:
    pages = [pick("Kettle manual", "Reset since version 4"), pick("Kettle manual", "Reset since version 3")]
    assert [one.label for one in alternatives(QUESTION, pages)] == ["Reset since version 4", "Reset since version 3"]


def test_things_of_one_page_are_no_versions() -> None:
    pages = [pick("Kettle API", "kettle.boil(water, quiet)"), pick("Kettle API", "kettle.drain(water, quiet)")]
    assert alternatives("What takes water?", pages) == ()


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("How do I reset the Kettle Pro?", [pick("Kettle Lite manual", "Reset")]),
        ("How do I reset the Kettle Lite?", [pick("Kettle Lite manual", "Reset")]),
        (QUESTION, [pick("Kettle Pro manual", "Cleaning")]),
        (QUESTION, [pick("Kettle Pro manual", "Reset clock")]),
        (QUESTION, [pick("Kettle Lite manual", "Cleaning")]),
        (QUESTION, [pick("How water is heated at home and elsewhere", "Reset")]),
        (QUESTION, [pick("Kettle Lite manual", "Reset", score=0.7)]),
        (QUESTION, [pick("Kettle Pro manual", "Reset")]),
        (QUESTION, []),
    ],
)
def test_what_is_clear_is_not_asked(question: str, others: list[Pick]) -> None:
    assert alternatives(question, [pick("Kettle Pro manual", "Reset"), *others]) == ()


def test_nothing_is_asked_of_no_answer() -> None:
    assert alternatives(QUESTION, []) == ()
