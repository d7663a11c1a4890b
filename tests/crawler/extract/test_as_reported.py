"""Pages on which readers of web pages are reported to lose text, to say it twice, or to be led astray."""

import pytest

from crawler.extract.extract import extract
from tests.support.inside import read, said

URL = "http://example.org/a/b.html"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<table><tr><th>Day</th><th>Open</th></tr><tr><td>Mon</td><td><ul><li>10 to 12<li>14 to 18</ul></td></tr>"
            "<tr><td>Tue</td><td><ul><li>9 to 11</ul></td></tr></table>",
            "Day | Open\nMon | 10 to 12 14 to 18\nTue | 9 to 11",
        ),
        (
            "<table><tr><td>Mon</td><td><div><time>10 AM</time> - <time>8 PM</time></div></td></tr>"
            "<tr><td>Tue</td><td>Closed</td></tr></table>",
            "Mon | 10 AM - 8 PM\nTue | Closed",
        ),
        (
            "<table><tr><th>Name<th>Hash</tr><tr><td><a href=/1>alpha</a></td><td><a href=/2>aa11</a></td></tr>"
            "<tr><td><a href=/3>beta</a></td><td><a href=/4>bb22</a></td></tr></table>",
            "Name | Hash\nalpha | aa11\nbeta | bb22",
        ),
        ("<div>Before the list<ul><li>one</ul>and behind it.</div>", "Before the list\n\none\n\nand behind it."),
        ("<ol><li>Run it:<pre>make\n  all</pre>then wait.</ol>", "Run it:\n\nmake\n  all\n\nthen wait."),
    ],
)
def test_cells_of_lists_links_and_times_and_the_text_behind_lists_are_kept(markup: str, text: str) -> None:
    assert said(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<dl class=accordion><dt><a href='#'>Who digs?</a></dt><dd style='display:none'>Badgers dig.</dd></dl>",
        "<div class=accordion><h5><button data-toggle=collapse data-target='#c'>Who digs?</button></h5>"
        "<div id=c class=collapse>Badgers dig.</div></div>",
        "<div class=accordion><h3>Who digs?</h3><div class='descr is-collapsed' hidden><p>Badgers dig.</div></div>",
        "<input type=checkbox id=q><label for=q>Who digs?</label><div class=panel-content hidden>Badgers dig.</div>",
    ],
)
def test_collapsed_answers_are_read_with_their_questions(markup: str) -> None:
    page = read(markup)
    assert "Badgers dig." in page.text
    assert "Who digs?" in page.text or any("Who digs?" in section.heading_path for section in page.sections)


@pytest.mark.parametrize("tag", ["article", "main", "div"])
def test_a_short_page_is_said_once(tag: str) -> None:
    body = f"<nav>menu</nav><{tag}><h1>Setts</h1><p>They are deep.</p><p>They are old.</p></{tag}><footer>end</footer>"
    assert extract(f"<html><body>{body}</body></html>", URL).text == "They are deep.\n\nThey are old."


@pytest.mark.parametrize(
    ("head", "target"),
    [
        ("<meta content='0;url=x.html' http-equiv=refresh>", "http://example.org/a/x.html"),
        ("<base href=/sub/><meta http-equiv=Refresh content='0; url=x.html'>", "http://example.org/sub/x.html"),
        ("<meta http-equiv=refresh content='1; URL = ../y.html'>", "http://example.org/y.html"),
        ("<meta http-equiv=refresh content=\"0,url='x.html'\">", "http://example.org/a/x.html"),
    ],
)
def test_a_refresh_is_understood_however_it_is_written(head: str, target: str) -> None:
    refresh = extract(f"<html><head>{head}</head><body></body></html>", URL).refresh
    assert refresh is not None
    assert refresh.target == target
