"""Words that a browser shows apart are read apart."""

import pytest

from tests.support.inside import said


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<p><span style='display:block'>Monday</span><span style='display:block'>Tuesday</span></p>",
            "Monday\nTuesday",
        ),
        ("<li><b style='display: block;color:red'>Opens</b>at nine</li>", "Opens\nat nine"),
        (
            "<div><span style='display:inline-block'>Mon</span><span style='display:inline-block'>Tue</span></div>",
            "Mon Tue",
        ),
        ("<p><span class='d-block'>Mon</span><span class='x d-block'>Tue</span></p>", "Mon\nTue"),
        ("<p>From<span class='inline-block px-2'>nine</span>to</p>", "From nine to"),
        ("<p><span style='color:red'>Mon</span><span style='color:red'>day</span></p>", "Monday"),
        ("<p><span style='display:inline'>Mon</span><span style='display:inline'>day</span></p>", "Monday"),
    ],
)
def test_spans_that_are_shown_as_blocks_are_set_apart(markup: str, text: str) -> None:
    assert said(markup) == text


def test_the_style_sheet_of_the_page_counts_too() -> None:
    style = "<style>.day { color: red; display: block } .hour{display:inline-block}</style>"
    assert said("<p><span class=day>Mon</span><span class=day>Tue</span></p>", style) == "Mon\nTue"
    assert said("<p><span class=hour>9</span><span class=hour>10</span></p>", style) == "9 10"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Take ibuprofen<sup>2</sup> daily.", "Take ibuprofen[2] daily."),
        ("The river<sup><a href='#fn12'>12</a></sup> is long.", "The river[12] is long."),
        ("The end.<a href='#n1'><sup>1</sup></a> Next", "The end.[1] Next"),
        ("Built 1998<sup class=footnote-ref>a</sup> here", "Built 1998[a] here"),
        ("Known<sup class=reference><a href='#cite-3'>[3]</a></sup> well", "Known[3] well"),
        ("About 10<sup>3</sup> or 2<sup>n</sup> times", "About 10^3 or 2^n times"),
        ("On the 21<sup>st</sup> day, the 1<sup>er</sup> mai", "On the 21st day, the 1er mai"),
        ("An area of 5 m<sup>2</sup> or 3 square-meter<sup>2</sup>", "An area of 5 m2 or 3 square-meter2"),
    ],
)
def test_marks_of_notes_and_powers_are_not_glued_to_words(markup: str, text: str) -> None:
    assert said(f"<p>{markup}</p>") == text


@pytest.mark.timeout(30)
@pytest.mark.parametrize("style", [".a,.a,.a," * 100_000 + "display:block", ".a{" * 100_000])
def test_a_style_sheet_without_end_is_read_in_no_time(style: str) -> None:
    assert said("<p><span class=a>Monday</span></p>", f"<style>{style}</style>") == "Monday"
