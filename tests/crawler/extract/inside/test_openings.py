"""Names before a passage open it; names of notes, indexes and programs do not tear a text apart."""

import pytest

from tests.support.inside import read

TEXT = "We refund all orders within thirty days."


def anchor_of(markup: str) -> str | None:
    return next(section.anchor for section in read(f"<h2 id=orders>Orders</h2><p>Before.</p>{markup}").sections[::-1])


@pytest.mark.parametrize(
    "markup",
    [
        f'<a name="refunds"></a><p>{TEXT}</p>',
        f'<a id="refunds"></a>{TEXT}<br>More.',
        f'<p><a name="refunds"></a>{TEXT}</p>',
        f'<p id="refunds">{TEXT}</p>',
        f'<a name="refunds"></a><ul><li>{TEXT}</li></ul>',
        f'<a name="refunds"></a><table><tr><td>Refunds</td><td>{TEXT}</td></tr></table>',
        f'<blockquote id="refunds">{TEXT}</blockquote>',
        f'<p><a href="#refunds">To refunds</a></p><div id="refunds">{TEXT}</div>',
        f'<h3>Refunds</h3><p id="refunds">{TEXT}</p>',
    ],
)
def test_a_name_before_a_passage_opens_it(markup: str) -> None:
    assert anchor_of(markup) == "refunds"


@pytest.mark.parametrize("name", ["p12-34", "x4"])
def test_a_number_opens_what_the_page_itself_leads_to(name: str) -> None:
    assert anchor_of(f'<p id="{name}">{TEXT}</p>') == "orders"
    assert anchor_of(f'<p><a href="#{name}">See there</a></p><p id="{name}">{TEXT}</p>') == name


@pytest.mark.parametrize(
    "markup",
    [
        f'<p><a href="#fn1">1</a></p><p id="fn1">{TEXT}</p>',
        f'<a name="index-refund"></a><p>{TEXT}</p>',
        f'<div id="wrapper">{TEXT}</div>',
        f'<p>A sentence with <a name="refunds"></a>a mark. {TEXT}</p>',
        f'<h3 id="orders">Orders</h3><p id="intro">{TEXT}</p>',
        f'<ul><li>One</li><li id="refunds">{TEXT}</li></ul>',
    ],
)
def test_other_names_do_not(markup: str) -> None:
    assert anchor_of(markup) == "orders"
