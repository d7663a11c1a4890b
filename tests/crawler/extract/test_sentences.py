"""What stands in the way of a sentence or a row does not tear it."""

import pytest

from tests.support.inside import read, said


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<div>Use the <my-term>widget</my-term> to <x-tip><span>open</span></x-tip> it.</div>",
            "Use the widget to open it.",
        ),
        ("<div>Use the <term>widget</term> of the <foo>day</foo>.</div>", "Use the widget of the day."),
        ("<ul><li>See <citetitle>The Book</citetitle>, chapter 2</li></ul>", "See The Book, chapter 2"),
        ("<div><app-text>One block.</app-text><app-text>Another.</app-text></div>", "One block.\n\nAnother."),
        (
            "<table><tr><td>Delivery</td><td>" + "We deliver on all days of the week. " * 8 + "</td></tr></table>",
            "Delivery | " + ("We deliver on all days of the week. " * 8).strip(),
        ),
        (
            "<table><tr><td>Opening hours</td><td><div>Monday to Friday</div></td></tr></table>",
            "Opening hours | Monday to Friday",
        ),
    ],
)
def test_sentences_and_rows_stay_whole(markup: str, text: str) -> None:
    assert said(markup) == text


@pytest.mark.parametrize("level", [3, 5])
def test_a_heading_in_a_cell_of_data_is_words_of_its_row(level: int) -> None:
    text = "For small teams with all that they need. " * 6
    cell = f"<td><h{level}>Basic</h{level}><p>{text}</p></td>"
    page = read(f"<table><tr><th>Plan</th>{cell}</tr><tr><th>Price</th><td>5 euros</td></tr></table>")
    assert f"Plan | Basic {text}\nPrice | 5 euros".replace(" \n", "\n") in page.text
    assert [section.heading_path for section in page.sections] == [("Manual",)]


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><blockquote><p>To be or not to be.</p></blockquote></figure>",
        "<figure class=quote><p>To be or not to be.</p></figure>",
    ],
)
def test_a_figure_of_words_stays_in_an_article(figure: str) -> None:
    assert "To be or not to be." in said(f"<article><h2>News</h2>{figure}</article>")
