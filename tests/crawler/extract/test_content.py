"""Which part of a page is taken for its content; the floor of quality on real news pages."""

from pathlib import Path

import pytest

from benchmarks.extraction import compare, ours, pages_in, score_pages
from crawler.extract.extract import extract
from crawler.page import SECTION_SEPARATOR

SENTENCE = "This sentence belongs to the article and says something that a reader came for. "
TEASER = "<div><h3><a href=x>Other story</a></h3><p>Read what happened elsewhere in the world today.</p></div>"


def text_of(body: str) -> str:
    page = extract(f"<!doctype html><html><body>{body}</body></html>", "http://example.org/")
    return SECTION_SEPARATOR.join(section.text for section in page.sections)


def test_body_of_an_article_is_found_among_teasers() -> None:
    article = f'<div class="article-body"><p>{SENTENCE * 5}</p><p>{SENTENCE * 4}</p></div>'
    text = text_of(f"<div>{TEASER * 3}</div><div><div>{article}</div><div>{TEASER * 6}</div></div>")
    assert text == f"{(SENTENCE * 5).strip()}\n\n{(SENTENCE * 4).strip()}"


def test_body_without_a_telling_name_is_found_by_its_weight() -> None:
    body = f"<div><div><p>{SENTENCE * 5}</p><p>{SENTENCE * 4}</p></div></div>"
    assert "elsewhere" not in text_of(f"<div><div>{TEASER}</div><div>{body}</div></div>")


def test_article_in_several_pieces_is_kept_whole() -> None:
    piece = f'<div class="article-body-text"><p>{SENTENCE * 4}</p></div>'
    assert text_of(f"<article><h1>T</h1>{piece}<div>photo</div>{piece}</article>").count("This sentence") == 8


def test_sections_of_a_manual_are_all_kept_whatever_their_size() -> None:
    long = f"<div class=sect><h2>Long</h2><p>{SENTENCE * 30}</p></div>"
    short = f"<div class=sect><h2>Short</h2><p>{SENTENCE}</p></div>"
    assert text_of(f"<div id=manual>{long}{short}</div>").count("This sentence") == 31


def test_summary_beside_the_headline_is_kept() -> None:
    text = text_of(
        "<div id=header><h1>tool(1)</h1><h2>NAME</h2><p>tool - does the one thing that it was made to do</p></div>"
        f"<div id=content><h2>DESCRIPTION</h2><p>{SENTENCE * 9}</p></div>"
    )
    assert "the one thing" in text


def test_page_of_links_keeps_them() -> None:
    links = "".join(f"<li><a href={n}>Chapter {n}</a></li>" for n in range(20))
    assert text_of(f"<main><h1>Manual</h1><ul>{links}</ul></main><footer>{SENTENCE * 3}</footer>").startswith(
        "Chapter 0\n"
    )


def test_captions_leave_an_article_but_stay_in_documentation() -> None:
    figure = "<figure><img src=x><figcaption>What the picture shows</figcaption></figure>"
    assert "picture" not in text_of(f'<div class="article-body"><p>{SENTENCE * 5}</p>{figure}</div>')
    assert "picture" in text_of(f"<main><h1>Guide</h1><p>{SENTENCE * 5}</p><pre>tool -x</pre>{figure}</main>")


def test_metric_counts_runs_of_four_words() -> None:
    score = compare("a b c d e", "a b c d x")
    assert (score.precision, score.recall) == (0.5, 0.5)
    assert compare("", "").recall == 0.0


@pytest.mark.data
def test_news_pages_are_extracted_above_the_floor(public_data: Path) -> None:
    score, _ = score_pages(ours, pages_in(public_data / "conformance" / "article_extraction"))
    assert score.f1 >= 0.96
    assert score.precision >= 0.95
    assert score.recall >= 0.97


REPAIRS = "<p>We repair clocks and watches of every make, old and new, in our own workshop by the river.</p>"


@pytest.mark.parametrize(
    ("main", "beside"),
    [
        ("<main></main>", f"<div><h1>Repairs</h1>{REPAIRS}</div>"),
        ('<main id="app">\n  </main>', f"<div>{REPAIRS * 12}</div>"),
        ("<main><h1>Time well kept</h1><p>Since 1902.</p></main>", f"<div><h2>Repairs</h2>{REPAIRS * 8}</div>"),
        ("<div role=main><h1>Hello</h1></div>", f"<section><h2>Repairs</h2>{REPAIRS * 2}</section>"),
        ("<main><img src=a.jpg><a href=/b>Book now</a></main>", f"<div class=sections>{REPAIRS * 20}</div>"),
    ],
)
def test_text_beside_an_empty_main_or_one_with_only_a_hero_is_read(main: str, beside: str) -> None:
    found = extract(f"<body><nav><a href=/>Home</a></nav>{main}{beside}</body>", "http://example.org/")
    assert "in our own workshop" in found.text


def test_main_that_holds_most_is_believed() -> None:
    found = extract(f"<body><main><h1>Repairs</h1>{REPAIRS * 3}</main><div><p>Bye.</p></div>", "http://example.org/")
    assert "Bye." not in found.text
