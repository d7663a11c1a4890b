"""Lists of links keep their beginning; pages that say something stay whole."""

import pytest

from crawler.config import CrawlConfig
from crawler.extract.extract import extract
from crawler.extract.link_list import KEPT_CHARS, MIN_LINKS


def page(items: list[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f"<!doctype html><html lang=en><title>Index</title><main><h1>Index</h1><ul>{listed}</ul></main></html>"


def links(count: int, beside: str = "") -> list[str]:
    return [
        f'<a href="/page-{n}.html#function">function_{n}() (in module number {n})</a>{beside}' for n in range(count)
    ]


def test_list_of_links_keeps_its_beginning_and_all_its_links() -> None:
    extracted = extract(page(links(400)), "http://a.example/genindex.html")
    (section,) = extracted.sections
    assert section.heading_path == ("Index",)
    assert section.text.startswith("function_0() (in module number 0)\nfunction_1()")
    assert KEPT_CHARS - 50 < len(section.text) <= KEPT_CHARS
    assert (section.start_char, section.end_char) == (0, len(section.text))
    assert len(extracted.links) == 400
    assert "a list of 400 links" in extracted.notes[0]


def test_list_of_links_stays_whole_where_that_is_wanted() -> None:
    for config in (CrawlConfig(whole_link_lists=True), CrawlConfig(content_selector="main")):
        extracted = extract(page(links(400)), "http://a.example/genindex.html", config=config)
        assert "function_399()" in extracted.sections[-1].text
        assert extracted.notes == ()


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(links(MIN_LINKS - 1), id="short"),
        pytest.param(links(400, " gives what was asked for, or nothing where there is none of it."), id="described"),
        pytest.param(
            [*links(200), "<p>" + "A long text follows the list of its parts. " * 400], id="contents-and-text"
        ),
        pytest.param(["Plain line"] * 400, id="no-links"),
    ],
)
def test_page_that_says_something_stays_whole(items: list[str]) -> None:
    extracted = extract(page(items), "http://a.example/page.html")
    assert sum(len(section.text) for section in extracted.sections) > 3 * KEPT_CHARS
    assert extracted.notes == ()


def test_one_endless_line_is_kept() -> None:
    body = "".join(f'<a href="/{n}">word{n}</a> ' for n in range(400))
    extracted = extract(f"<html lang=en><title>All</title><main><p>{body}</main>", "http://a.example/")
    assert len(extracted.sections) == 1
    assert "word0 word1" in extracted.sections[0].text
