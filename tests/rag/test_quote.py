"""Finding a sentence word for word."""

import pytest

from rag.quote import find_quote, without_footnotes


@pytest.mark.parametrize(
    ("sentence", "text", "quote"),
    [
        ("Order is kept.", "First. Order is kept. Last.", "Order is kept."),
        ("Order is kept.", "Order\n   is kept.", "Order\n   is kept."),
        ("Order is kept.", "Order is[12] kept.", "Order is[12] kept."),
        ("Order is kept. [3]", "Order is kept.", "Order is kept."),
        ("a(b) + c?", "x a(b)\t+ c? y", "a(b)\t+ c?"),
    ],
)
def test_quote_is_found_whatever_its_spaces_and_footnotes(sentence: str, text: str, quote: str) -> None:
    span = find_quote(sentence, text)
    assert span is not None and text[slice(*span)] == quote


@pytest.mark.parametrize("sentence", ["", "  ", "Order was kept."])
def test_what_is_not_there_is_not_found(sentence: str) -> None:
    assert find_quote(sentence, "Order is kept.") is None


def test_footnotes_go_and_subscripts_stay() -> None:
    assert without_footnotes("It is so.[1]\nUse a[1] here [22].") == "It is so. Use a[1] here ."
