"""Paragraphs that are titles in bold."""

import pytest

from crawler.block import BlockKind
from crawler.extract.extract import Extracted, extract

TEXT = "What this part of the manual says about its subject, in a sentence."


def read(markup: str) -> Extracted:
    return extract(f"<!doctype html><html lang=en><body><main>{markup}</main></body></html>", "http://example.org/")


def trails(markup: str) -> list[tuple[tuple[str, ...], str]]:
    return [(section.heading_path, section.text) for section in read(markup).sections]


def test_a_title_in_an_item_heads_the_item_and_nothing_after_it() -> None:
    markup = (
        f"<h2>Limits</h2><ol><li><p><b>Most cups</b></p><p>{TEXT}</p><pre>cups 7</pre></li>"
        f"<li><p><strong>Most <i>pots</i></strong>:</p><p>{TEXT}</p></li><li><p>Others.</p></li></ol><p>After.</p>"
    )
    assert trails(markup) == [
        (("Limits", "Most cups"), f"Most cups\n{TEXT}\n\ncups 7"),
        (("Limits", "Most pots"), f"Most pots:\n{TEXT}"),
        (("Limits",), "Others.\n\nAfter."),
    ]
    items = [block for s in read(markup).sections for block in s.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [item.number for item in items] == [1, 2, 3]


def test_a_title_among_paragraphs_heads_what_follows_up_to_the_next() -> None:
    markup = (
        f"<h2 id=use>Use</h2><p>Before.</p><p><b>Filling</b></p><p>{TEXT}</p><ul><li>one</li></ul>"
        f"<p><b>Boiling</b></p><p>{TEXT}</p><h2>Care</h2><p>{TEXT}</p>"
    )
    assert trails(markup) == [
        (("Use",), "Before."),
        (("Use", "Filling"), f"Filling\n\n{TEXT}\n\none"),
        (("Use", "Boiling"), f"Boiling\n\n{TEXT}"),
        (("Care",), TEXT),
    ]
    assert [section.anchor for section in read(markup).sections] == ["use", "use", "use", None]


def test_a_title_with_an_address_is_linked_by_it() -> None:
    sections = read(f"<h2 id=use>Use</h2><p id=filling><b>Filling</b></p><p>{TEXT}</p>").sections
    assert [(section.heading_path[-1], section.anchor) for section in sections] == [("Filling", "filling")]


@pytest.mark.parametrize(
    "markup",
    [
        f"<p><b>Never boil it dry.</b></p><p>{TEXT}</p>",
        f"<p><b>Note</b> that it is hot</p><p>{TEXT}</p>",
        f"<p>It is <b>hot</b></p><p>{TEXT}</p>",
        f"<p><b>{'long ' * 13}</b></p><p>{TEXT}</p>",
        f"<p><b>2026</b></p><p>{TEXT}</p>",
        f"<div><p><b>Figure 2.7. A kettle</b></p><div><img alt='A kettle on a stove'></div></div><p>{TEXT}</p>",
        f"<p><b>Abbildung 3: Ein Kessel</b></p><p>{TEXT}</p>",
        f"<p>{TEXT}</p><p><b>The end</b></p>",
        f"<p>{TEXT}</p><p><b>Tea</b></p><p><b>Coffee</b></p>",
        f"<dl><dt>cup<dd><p><b>Size</b></p><p>{TEXT}</p></dl>",
        f"<blockquote><p><b>A saying</b></p><p>{TEXT}</p></blockquote>",
        f"<ul><li>Outer<ul><li><p><b>Inner</b></p><p>{TEXT}</p></li></ul></li></ul>",
        f"<ul><li>First. <p><b>Second</b></p><p>{TEXT}</p></li></ul>",
    ],
)
def test_other_bold_paragraphs_are_text(markup: str) -> None:
    assert {path for path, _ in trails(f"<h2>Use</h2>{markup}")} == {("Use",)}
