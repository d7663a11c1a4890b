"""What pages of documentation hold that furniture is named like, and how the hand-checked pages are scored."""

from pathlib import Path

import pytest

from benchmarks.extraction_docs.pages import Block, CheckedPage, checked_pages
from benchmarks.extraction_docs.score import readable, score
from crawler.extract.extract import Extracted, extract

SENTENCE = "This sentence belongs to the manual and says something that a reader came for. "


def page(body: str) -> Extracted:
    html = f"<!doctype html><html><body><main><h1>Manual</h1><p>{SENTENCE * 9}</p>{body}</main></body></html>"
    return extract(html, "http://example.org/")


@pytest.mark.parametrize("name", ["table-contents", "example-contents", "page_contents"])
def test_contents_of_a_table_or_an_example_are_no_table_of_contents(name: str) -> None:
    assert "SELECT 1" in readable(page(f"<div class='{name}'><pre>SELECT 1</pre></div>"))


@pytest.mark.parametrize("name", ["contents", "contents topic", "table-of-contents", "tableofcontents"])
def test_table_of_contents_is_left_out(name: str) -> None:
    assert "Chapter" not in readable(page(f"<div class='{name}'><p>Chapter one</p></div>"))


def test_table_of_what_is_related_is_content_and_a_list_of_related_pages_is_not() -> None:
    rows = "<tr><th>Module</th><th>Directive</th></tr><tr><td>mod_userdir</td><td>UserDir</td></tr>"
    assert "mod_userdir | UserDir" in readable(page(f"<table class=related>{rows}</table>"))
    assert "Elsewhere" not in readable(page("<div class=related><p>Elsewhere</p></div>"))


@pytest.mark.parametrize("name", ["geoip-path", "credits", "comments", "s-geoip-path"])
def test_section_named_after_its_own_heading_is_content(name: str) -> None:
    link = f"<a class=headerlink href='#{name.removeprefix('s-')}'>¶</a>"
    found = readable(page(f"<section id={name}><h2>Heading{link}</h2><p>What it says.</p></section>"))
    assert "Heading\nWhat it says." in found


def test_comments_below_a_page_are_left_out() -> None:
    assert "Nice" not in readable(page("<div id=comments><h2>Comments</h2><p>Nice page.</p></div>"))


def test_table_of_one_column_with_a_head_keeps_a_line_for_a_row() -> None:
    cell = "<td><p>first(any)</p><p>The first value.</p></td>"
    table = f"<table><thead><tr><th>Function</th></tr></thead><tbody><tr>{cell}</tr></tbody></table>"
    assert "Function\nfirst(any) The first value." in readable(page(table))


def test_a_page_found_as_it_is_has_full_marks() -> None:
    blocks = (
        Block("text", "Manual"),
        Block("text", SENTENCE * 9),
        Block("code", "if x:\n    y()"),
        Block("table", rows=(("a", "b"), ("1", "2"))),
    )
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    shares = score(blocks, page(f"<pre>if x:  \n    y()</pre>{table}"))
    assert (shares.text_f1, shares.code, shares.tables) == (1.0, 1.0, 1.0)


def test_lost_indentation_a_cell_in_another_row_and_words_besides_cost_marks() -> None:
    blocks = (
        Block("text", "Manual"),
        Block("text", SENTENCE * 9),
        Block("code", "if x:\n    y()"),
        Block("table", rows=(("a", "b"), ("1", "2"))),
    )
    table = "<table><tr><th>a</th><th>2</th></tr><tr><td>1</td><td>b</td></tr></table>"
    shares = score(blocks, page(f"<pre>if x:\ny()</pre>{table}<p>And words that stand nowhere on the page.</p>"))
    assert shares.text_f1 < 1.0
    assert (shares.code, shares.tables) == (0.0, 0.5)


def test_page_without_code_and_tables_has_no_share_of_them() -> None:
    shares = score((Block("text", "Manual"), Block("text", SENTENCE * 9)), page(""))
    assert (shares.text_f1, shares.code, shares.tables) == (1.0, None, None)


def test_thirty_pages_are_checked_and_another_version_of_one_is_not_measured(
    tmp_path: Path,
) -> None:
    pages = list(checked_pages())
    assert len(pages) == 30
    assert len({one.package for one in pages}) == 6
    other: CheckedPage = pages[0]
    file = tmp_path / other.path
    file.parent.mkdir(parents=True)
    file.write_text("another version", encoding="utf-8")
    assert other.html(tmp_path) is None


def test_directives_after_the_introduction_with_the_headline_are_kept() -> None:
    introduction = f"<div id=preamble><h1>Module</h1><p>{SENTENCE * 20}</p></div>"
    directive = f"<div class=directive-section><h2>Size</h2><p>{SENTENCE * 2}</p></div>"
    body = f"<div id=page>{introduction}<div id=top></div>{directive}</div>"
    text = readable(extract(f"<html><body>{body}</body></html>", "http://example.org/"))
    assert text.count("This sentence") == 22


def test_short_lines_below_the_headline_stay_beside_the_only_section() -> None:
    items = "".join(f"<li>{SENTENCE}</li>" for _ in range(20))
    fixes = f"<div class=section><h2>Fixes</h2><ul>{items}</ul></div>"
    html = f"<html><body><div><div class=section><h1>Release 2</h1><p>In May.</p>{fixes}</div></div></body></html>"
    assert "Release 2\nIn May." in readable(extract(html, "http://example.org/"))


def test_section_of_docbook_is_content_whatever_its_id_says() -> None:
    section = f"<div class=sect2 id=REPLICATION-SUBSCRIPTION-SLOT><h3>Slots</h3><p>{SENTENCE}</p></div>"
    assert "Slots" in readable(page(section))


def test_boxed_topic_is_content_and_another_aside_is_not() -> None:
    found = readable(page("<aside class=topic><p>Abstract</p></aside><aside class=extra><p>Elsewhere</p></aside>"))
    assert "Abstract" in found
    assert "Elsewhere" not in found
