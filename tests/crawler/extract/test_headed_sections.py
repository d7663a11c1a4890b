"""Sections with a heading of their own are content, whatever they are called; furniture with one is still furniture."""

import pytest

from tests.support.inside import read

TEXT = "What this part of the manual says about its subject."


def headings(markup: str) -> list[str]:
    return [section.heading_path[-1] for section in read(markup).sections if TEXT in section.text]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<section id=pagination>", "</section>"),
        ("<section class=tags>", "</section>"),
        ("<section id=comments>", "</section>"),
        ("<section class='doc-section menu'><header>", "</header></section>"),
        ("<div id=cookies>", "</div>"),
        ("<div class=widget>", "</div>"),
        ("<div id=languages>", "</div>"),
        ("<section class=subscription>", "</section>"),
        ("<section class=breadcrumbs><div>", "</div></section>"),
        ("<aside class=sidebar>", "</aside>"),
    ],
)
def test_a_section_with_a_heading_is_content(opening: str, closing: str) -> None:
    assert headings(f"{opening}<h2>Its subject</h2><p>{TEXT}</p>{closing}") == ["Its subject"]


def test_what_is_named_like_furniture_only_is_content_beside_sections_like_it() -> None:
    chapters = [f"<div id={name}><h2>On {name}</h2><p>{TEXT}</p></div>" for name in ("modal", "social", "queries")]
    assert headings("".join(chapters)) == ["On modal", "On social", "On queries"]
    assert headings(chapters[0]) == headings(chapters[1]) == []


@pytest.mark.parametrize(
    ("name", "beside"), [("navigation", "sharing"), ("trending", "pagination"), ("footer", "menu")]
)
def test_chapters_that_are_all_named_like_furniture_are_content(name: str, beside: str) -> None:
    chapters = [f"<section id={one}><h2>On {one}</h2><p>{TEXT}</p></section>" for one in (name, beside)]
    assert headings("".join(chapters)) == [f"On {name}", f"On {beside}"]
    assert headings(chapters[0]) == []


@pytest.mark.parametrize(
    "furniture",
    [
        f"<section id=comments><h2>Comments</h2><article><p>{TEXT}</p></article></section>",
        f"<section class=comments><h2>Comments</h2><p>{TEXT}</p><form><textarea></textarea></form></section>",
        f"<section class=subscribe><h2>Stay tuned</h2><p>{TEXT}</p><input type=email></section>",
        f"<section class=newsletter><h2>Our newsletter</h2><p>{TEXT}</p></section>",
        f"<div class='cookie-banner'><h2>We use cookies</h2><p>{TEXT}</p></div>",
        f"<div class=widget><h2>Recent posts</h2><ul><li><a href=/a>{TEXT}</a></li></ul></div>",
        f"<section class=related><h2>Related</h2><p><a href=/a>{TEXT}</a></p></section>",
        f"<div class=sidebar><p>{TEXT}</p><h2>More</h2></div>",
    ],
)
def test_furniture_with_a_heading_is_left_out(furniture: str) -> None:
    assert headings(furniture) == []


@pytest.mark.parametrize("name", ["notice", "info-box", "callout", "definition"])
def test_asides_that_are_read_with_the_text_are_content(name: str) -> None:
    assert TEXT in read(f"<aside class={name}><p>{TEXT}</p></aside>").text
    assert TEXT not in read(f"<aside class=x-{name}s-x><p>{TEXT}</p></aside>").text
