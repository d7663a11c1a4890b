"""Whatever a page or a text is made of, its blocks are in order, do not overlap and leave out no word."""

import json
import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.block import BlockKind
from crawler.block_values import blocks_from_values, blocks_to_values
from crawler.documents.text_blocks import text_blocks
from crawler.extract.extract import extract
from crawler.page import Section, place_sections
from indexer.config import IndexConfig
from indexer.document import Document, Head
from indexer.split import split

TAGS = st.sampled_from(
    [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "pre",
        "code",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "span",
        "b",
        "a",
        "figure",
        "figcaption",
        "br",
        "x-y",
    ]
)
WORDS = st.sampled_from(["fox", "hen | owl", " ", "\n", "東京", "\u00ad", "- x", "1. y"])
TREES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, attribute, children: f"<{tag}{attribute}>{''.join(children)}</{tag}>",
        TAGS,
        st.sampled_from(["", " id=a", " rowspan=3", " colspan=2", " value=7 start=3", " reversed"]),
        st.lists(inner, max_size=5),
    ),
    max_leaves=40,
)
LINES = st.sampled_from(
    [
        "fox",
        "- item",
        "  - inner",
        "3. three",
        "    code",
        "```",
        "```py",
        "~~~",
        "",
        "",
        "\t",
        "•",
        "-",
        "* *",
        "  more",
    ]
)


def require_whole(sections: tuple[Section, ...], marks: str = "") -> None:
    """Every character but white space and ``marks`` stands in one block."""
    for section in sections:
        at = section.start_char
        between = []
        for block in section.blocks:
            assert at <= block.start_char <= block.end_char <= section.end_char
            assert (block.start_char == block.end_char) == (block.kind is BlockKind.HEADING)
            between.append(section.text[at - section.start_char : block.start_char - section.start_char])
            at = block.end_char
        between.append(section.text[at - section.start_char :])
        assert "".join("".join(between).split()).strip(marks) == ""


@given(st.lists(TREES, max_size=4))
@settings(max_examples=200, deadline=None)
def test_the_blocks_of_any_page_are_its_text(trees: list[str]) -> None:
    page = extract(f"<html><body><main>{''.join(trees)}</main></body></html>".encode(), "https://example.com/")
    require_whole(page.sections)
    for section in page.sections:
        values = json.loads(json.dumps(blocks_to_values(section.blocks, section.start_char)))
        assert blocks_from_values(values, section.start_char) == section.blocks
        assert pickle.loads(pickle.dumps(section)) == section


@given(st.lists(LINES, max_size=30).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_the_blocks_of_any_text_are_its_words(text: str) -> None:
    require_whole(place_sections([Section(text, blocks=text_blocks(text))]), marks="-*•`~py3.")


@given(st.lists(TREES, min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_the_blocks_of_passages_are_their_text(trees: list[str]) -> None:
    body = "".join(f"{tree}<p>A fox. A hen. An owl.</p>" for tree in trees)
    page = extract(f"<html><body><main>{body}</main></body></html>".encode(), "https://example.com/")
    head = Head("0" * 32, "https://example.com/", "", "1")
    for passage in split(Document(head, page.sections), IndexConfig(passage_tokens=8, max_passage_tokens=12)):
        cut = Section(passage.text, (), None, passage.start_char, passage.end_char, blocks=tuple(passage.blocks))
        require_whole((cut,))
