"""Buttons that say something are read, those that do something are not."""

import pytest

from tests.support.inside import said

ANSWER = "We refund all orders within thirty days of purchase, and pay for the way back."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"<ul><li><button>How do I cancel?</button><div>{ANSWER}</div></li></ul>", f"How do I cancel?\n{ANSWER}"),
        (f"<dl><dt><span><button>Refunds</button></span></dt><dd>{ANSWER}</dd></dl>", f"Refunds\n\n{ANSWER}"),
        (f"<div><button class=accordion>Refunds</button></div><div>{ANSWER}</div>", f"Refunds\n\n{ANSWER}"),
        (f"<div><button aria-expanded=false>Refunds</button><div>{ANSWER}</div></div>", f"Refunds\n\n{ANSWER}"),
        (f"<p><button>When do you pay refunds</button></p><p>{ANSWER}</p>", f"When do you pay refunds\n\n{ANSWER}"),
        (
            f"<div><button>One</button><div>{ANSWER}</div></div><div><button>Two</button><div>{ANSWER}</div></div>",
            f"One\n\n{ANSWER}\n\nTwo\n\n{ANSWER}",
        ),
        ("<p>Press the <button>Save</button> button, then <button>OK</button>.</p>", "Press the Save button, then OK."),
        ("<p>To end, press <button>Log out</button></p>", "To end, press Log out"),
        (f"<button><h3>Refunds</h3><p>{ANSWER}</p></button>", ANSWER),
        (f"<button>{ANSWER}</button>", ANSWER),
    ],
)
def test_what_buttons_say_is_read(markup: str, text: str) -> None:
    assert said(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{ANSWER}</p><div><button>Save</button><button>Cancel</button></div>",
        f"<p>{ANSWER}</p><button>Subscribe</button>",
        f"<button aria-expanded=false>Show more</button><p>{ANSWER}</p>",
        f"<button aria-controls=m>Menu</button><p>{ANSWER}</p>",
        f"<ul><li>{ANSWER} <button>Delete</button></li></ul>",
        f"<p>{ANSWER}</p><button>Reply</button><p></p><button>Reply</button>",
        f"<div role=toolbar><button aria-expanded=false>Format</button></div><p>{ANSWER}</p>",
    ],
)
def test_what_buttons_do_is_not_read(markup: str) -> None:
    assert said(markup) == ANSWER
