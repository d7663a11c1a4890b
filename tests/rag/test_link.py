"""Links that open a page at a quote."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Head, Passage
from rag.link import link, text_directive


def passage(url: str = "https://a.test/p", anchor: str | None = None, page_number: int | None = None) -> Passage:
    return Passage(Head("d", url, "T", ""), 0, "text", anchor=anchor, page_number=page_number)


def test_short_quote_is_given_whole_after_the_anchor() -> None:
    assert link(passage(anchor="sec"), "Keep order.") == "https://a.test/p#sec:~:text=Keep%20order."


def test_without_an_anchor_the_directive_follows_the_hash() -> None:
    assert link(passage(), "Keep order.") == "https://a.test/p#:~:text=Keep%20order."


def test_fragment_of_the_url_gives_way() -> None:
    assert link(passage("https://a.test/p#old", anchor="new"), "x y") == "https://a.test/p#new:~:text=x%20y"


def test_quote_in_a_pdf_opens_its_page() -> None:
    assert link(passage("https://a.test/p.pdf", page_number=7), "Keep order.") == "https://a.test/p.pdf#page=7"


def test_signs_of_the_directive_are_encoded() -> None:
    assert text_directive("re-use, a & b") == ":~:text=re%2Duse%2C%20a%20%26%20b"


def test_long_quote_is_given_by_its_ends() -> None:
    quote = " ".join(f"word{i}" for i in range(40))
    assert text_directive(quote) == (
        ":~:text=word0%20word1%20word2%20word3%20word4,word35%20word36%20word37%20word38%20word39"
    )


def test_quote_over_several_blocks_is_given_by_its_first_and_last() -> None:
    assert text_directive("Do this:\nfirst\nthen stop") == ":~:text=Do%20this%3A,then%20stop"


def test_cells_of_a_table_row_are_blocks() -> None:
    assert text_directive("'a' | open for writing | since 3.3") == ":~:text=%27a%27,since%203.3"


def test_long_quote_without_spaces_is_given_by_letters() -> None:
    start, end = text_directive("今天天气很好我们去公园" * 20).removeprefix(":~:text=").split(",")
    assert unquote(start) == "今天天气很好我们去公园今" and unquote(end) == "园今天天气很好我们去公园"[-12:]


@pytest.mark.parametrize("quote", ["", " \n\t"])
def test_quote_without_words_gives_no_directive(quote: str) -> None:
    assert link(passage(anchor="sec"), quote) == "https://a.test/p#sec"
    assert link(passage(), quote) == "https://a.test/p"


@given(st.text(max_size=300))
def test_any_directive_is_plain_ascii_with_at_most_one_bare_comma(quote: str) -> None:
    directive = text_directive(quote)
    assert re.fullmatch(
        r"(?::~:text=(?:[A-Za-z0-9_.~]|%[0-9A-F]{2})+(?:,(?:[A-Za-z0-9_.~]|%[0-9A-F]{2})+)?)?", directive
    )
