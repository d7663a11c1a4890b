"""Results as other programs and people see them."""

import io
import json

import pytest
from rich.console import Console

from indexer.document import Head, Passage
from rag.answer import Answer
from rag.events import Notice
from ranker.degradation import Degradation, Part
from ranker.hit import Evidence, Hit, Results
from server.api.answer import event_json
from server.api.compatible.chat_bodies import facts
from server.page.render import rendered
from server.page.routes import PageResults
from server.page.routes import shown as page
from server.page.view import Asked
from server.shapes import answer_json, headings_below_title, passage_link, results_json
from server.terminal.shown import marked_text, print_results


def passage(title: str = "Guide", headings: tuple[str, ...] = (), anchor: str | None = None) -> Passage:
    head = Head("0" * 32, "https://example.com/a", title, "hash", site="example.com", path="/a")
    return Passage(head, 3, "Some text.", headings, anchor)


@pytest.mark.parametrize(
    ("title", "headings", "shown"),
    [
        ("Guide", ("Guide", "Install"), ("Install",)),
        ("Guide — Example Docs", ("Guide", "Install"), ("Install",)),
        ("guide | Example", ("Guide",), ()),
        ("Guide to everything", ("Guide", "Install"), ("Guide", "Install")),
        ("Example", ("Guide", "Guide"), ("Guide", "Guide")),
        ("C++ (draft)", ("C++ (draft)", "C++ (draft)"), ("C++ (draft)",)),
        ("Guide", (), ()),
    ],
)
def test_a_heading_that_the_title_says_is_not_shown_again(
    title: str, headings: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert headings_below_title(passage(title, headings)) == shown


def test_a_link_opens_the_page_at_the_passage() -> None:
    assert passage_link(passage()) == "https://example.com/a"
    assert passage_link(passage(anchor="install")) == "https://example.com/a#install"


def test_results_have_the_promised_keys() -> None:
    hit = Hit(passage(), 0.5, Evidence(lexical_rank=1, lexical_score=2.0), "<mark>Some</mark> text.", (passage(),))
    document = results_json(Results("some", (hit,), 11, {"site": [("example.com", 11)]}, {"fuse": 0.1}), first_rank=11)
    assert set(document) == {"query", "total", "took_ms", "hits", "corrections", "facets", "stages", "degraded"}
    assert document["facets"] == {"site": [{"value": "example.com", "count": 11}]}
    shown = document["hits"][0]
    assert (shown["rank"], shown["score"], shown["url"]) == (11, 0.5, "https://example.com/a")
    assert shown["evidence"]["dense_rank"] is None
    assert shown["passage_id"] == "0" * 32 + "-00003"
    assert json.loads(json.dumps(document)) == document


def test_pages_that_say_the_same_are_listed_under_a_hit() -> None:
    hit = Hit(passage(), 0.5, Evidence(), "Some text.", similar=(passage("Guide (print)", anchor="top"),))
    results = Results("some", (hit,), 1)
    (similar,) = results_json(results)["hits"][0]["similar"]
    assert (similar["link"], similar["title"]) == ("https://example.com/a#top", "Guide (print)")
    (shown,) = page(Asked(q="some"), PageResults(results), wants_stream=False)["hits"]
    assert shown.similar == (("https://example.com/a#top", "example.com › a"),)
    html = str(rendered("search.html", page(Asked(q="some"), PageResults(results), wants_stream=False)).body)
    assert "1 similar" in html
    printed = io.StringIO()
    print_results(Console(file=printed, width=80), results, 1, explain=False)
    assert "1 similar:" in printed.getvalue()


@pytest.mark.parametrize("part", Part)
def test_what_was_done_without_is_shown_alike_everywhere(part: Part) -> None:
    degradation = Degradation(part, "away, words only")
    shown = {"part": part.value, "what": "away, words only"}
    assert json.loads(json.dumps(results_json(Results("q", (), 0, degraded=(degradation,)))))["degraded"] == [shown]
    answer = Answer("q", "", (), (), refused=True, degraded=(degradation,))
    assert answer_json(answer)["degraded"] == facts(answer)["degraded"] == [shown]
    assert event_json(Notice(degradation)) == shown


def test_the_page_names_what_does_not_work_and_nothing_else() -> None:
    degraded = tuple(Degradation(part, "so it is") for part in Part)
    named = page(Asked(q="q"), PageResults(Results("q", (), 0, degraded=degraded)), wants_stream=False)["degraded"]
    assert named == [f"{part}: so it is" for part in ("encoder", "scorer", "reader", "generator", "dialogue", "memory")]


def test_marks_become_colours_in_a_terminal() -> None:
    text = marked_text("a &lt;b&gt; <mark>c &amp; d</mark> e")
    assert text.plain == "a <b> c & d e"
    assert [text.plain[span.start : span.end] for span in text.spans] == ["c & d"]
