"""Labels of links and buttons are no words of headings and code."""

import pytest

from tests.support.inside import read, said


@pytest.mark.parametrize(
    "heading",
    [
        '<h2 id=x>Title <a href="#x">Link to this heading</a></h2>',
        '<h2 id=x>Title <a href="/page.html#x">Permalink</a></h2>',
        '<h2 id=x><a href="#x">Section titled “Title”</a> Title</h2>',
        '<section id=x><h2>Title <a href="#x">Copy link to heading</a></h2></section>',
        '<h2 id=x>Title <a href="#x">Lien vers cette rubrique</a></h2>',
        '<h2 id=x>Title <a href="/page.html#x">¶</a></h2>',
        "<h2 id=x>Title <span class=pilcrow>¶</span></h2>",
    ],
)
def test_a_heading_is_without_the_label_of_its_address(heading: str) -> None:
    section = read(f"{heading}<p>What it says.</p>").sections[-1]
    assert (section.heading_path[-1], section.anchor) == ("Title", "x")


def test_the_same_words_in_several_headings_are_a_label_in_any_language() -> None:
    headings = "".join(f'<h2 id=x{n}>Kapitel {n} <a href="#x{n}">Ankare</a></h2><p>Text.</p>' for n in range(2))
    assert [section.heading_path[-1] for section in read(headings).sections[1:]] == ["Kapitel 0", "Kapitel 1"]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ('<h2 id=x>4.1 <a href="#x">Size</a></h2>', "4.1 Size"),
        ('<h2 id=x><a href="#x">Permalink</a></h2>', "Permalink"),
        ('<h2 id=x>About <a href="/other#y">Permalinks</a></h2>', "About Permalinks"),
        ("<h2>C#</h2>", "C#"),
    ],
)
def test_links_that_are_words_of_a_heading_stay(heading: str, title: str) -> None:
    assert read(f"{heading}<p>What it says.</p>").sections[-1].heading_path[-1] == title


@pytest.mark.parametrize(
    "markup",
    [
        "<div><span class=copy-btn>Copy</span><pre>a = 1</pre></div>",
        "<div><pre>a = 1</pre><a href=#>Copy to clipboard</a></div>",
        "<div><div><span>Copy code</span></div><pre>a = 1</pre></div>",
        "<div><div>Kopieren</div><div><pre>a = 1</pre></div></div>",
        "<pre><code>a = 1</code><span>Copied!</span></pre>",
        "<pre>a = 1</pre><clipboard-copy>Copy</clipboard-copy>",
    ],
)
def test_what_copies_code_is_no_text(markup: str) -> None:
    assert said(markup) == "a = 1"


def test_copy_is_a_word_like_any_other_away_from_code_and_in_it() -> None:
    assert said("<ul><li>Copy</li><li>Paste</li></ul>") == "Copy\nPaste"
    assert said("<p>Copy</p><pre>copy a b</pre>") == "Copy\n\ncopy a b"
