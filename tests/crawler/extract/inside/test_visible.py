"""What can be opened is read, what nobody sees is not."""

import pytest

from crawler.extract.extract import extract
from tests.support.inside import AROUND, said

ANSWER = "We refund all orders within thirty days of purchase."


@pytest.mark.parametrize(
    "markup",
    [
        f"<div role=tabpanel hidden><p>{ANSWER}</p></div>",
        f"<div role=tabpanel aria-hidden=true style='display:none'><p>{ANSWER}</p></div>",
        f"<div hidden=until-found><p>{ANSWER}</p></div>",
        f"<section hidden='UNTIL-FOUND'>{ANSWER}</section>",
        f"<h3><button aria-controls=a>Refunds</button></h3><div id=a hidden><p>{ANSWER}</p></div>",
        f"<button aria-controls='b a'>Show more</button><p>Text.</p><div id=a style='display:none'>{ANSWER}</div>",
        f"<p><a href='#a'>Refunds</a></p><div id=a style='display: none'>{ANSWER}</div>",
        f"<a data-bs-target='#a'>Refunds</a><div id=a hidden>{ANSWER}</div>",
        f"<dl><dt>Refunds?</dt><dd style='display:none'>{ANSWER}</dd></dl>",
        f"<div onclick='t(this)'>Refunds?</div><div style='display:none'>{ANSWER}</div>",
        f"<div><span role=button>Refunds?</span></div><div hidden>{ANSWER}</div>",
        f"<div class=faq-answer style='visibility: hidden'>{ANSWER}</div>",
        f"<div class=accordion><p>Refunds</p><div aria-hidden=true>{ANSWER}</div></div>",
        f"<h3>Refunds</h3><div hidden>{ANSWER}</div><h3>Other</h3><div style='display:none'>More text.</div>",
        f"<details><summary>Refunds</summary><p>{ANSWER}</p></details>",
        f"<p style='visibility:hidden;animation-name:none'>{ANSWER}</p>",
    ],
)
def test_what_a_reader_can_open_is_read(markup: str) -> None:
    assert ANSWER in said(markup)


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>Seen <span hidden>{ANSWER}</span>well.</p>",
        f"<p>Seen <b style='display:none'>{ANSWER}</b>well.</p>",
        f"<p>Seen <span style='VISIBILITY: Hidden'>{ANSWER}</span>well.</p>",
        f"<p>Seen <span style='font-size:0'>{ANSWER}</span>well.</p>",
        f"<p>Seen <span style='position:absolute; left:-9999px'>{ANSWER}</span>well.</p>",
        f"<p>Seen <em style='position:absolute;clip:rect(0 0 0 0);width:1px'>{ANSWER}</em>well.</p>",
        f"<p>Seen well.</p><div style='display:none !important'>{ANSWER}</div>",
        f"<p>Seen well.</p><ul><li hidden>{ANSWER}</li></ul>",
        f"<div role=tabpanel hidden><p>Seen well.<span hidden>{ANSWER}</span></p></div>",
        f"<p>Seen well.</p><button>Save</button><div hidden><a href=/a>{ANSWER}</a></div>",
    ],
)
def test_what_nobody_sees_is_not_read(markup: str) -> None:
    assert "".join(said(markup).split()) == "Seenwell."


def test_lists_that_close_gaps_by_size_are_read() -> None:
    assert said("<ul style='font-size:0'><li style='font-size:16px'>One</li><li>Two</li></ul>") == "One\nTwo"


@pytest.mark.parametrize(
    "page", [f"<body style='visibility:hidden'>{AROUND}", f"<body><main style='display:none'><h1>T</h1>{AROUND}</main>"]
)
def test_a_page_that_hides_itself_until_its_script_runs_is_read(page: str) -> None:
    assert "belongs to the manual" in extract(f"<html lang=en>{page}", "http://example.org/").text
