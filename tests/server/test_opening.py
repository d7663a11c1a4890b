"""Where links of an answer lead: web pages to themselves, everything else to a page of ours."""

from indexer.document import Head, Passage
from rag.answer import Answer, AnswerBlock, Citation, Shape
from rag.events import Chunk, Done, Event, Phase, Sources
from rag.link import link
from ranker.hit import Evidence, Hit, Results
from server.opening import opened_answer, opened_events, opened_results
from server.shapes import answer_json, passage_link, results_json

TEXT = "Badgers dig long setts."


def passage(url: str, **place: object) -> Passage:
    return Passage(Head("d1", url, "Badgers", ""), 0, TEXT, **place)  # type: ignore[arg-type]


def answer(found: Passage) -> Answer:
    url = link(found, TEXT)
    hit = Hit(found, 0.5, Evidence(), more=(found,))
    citation = Citation(TEXT, 0, len(TEXT), found, url, TEXT, 0, len(TEXT), 0.9)
    return Answer("?", TEXT, (citation,), (hit,), blocks=(AnswerBlock(Shape.PARAGRAPH, found, url, 0, len(TEXT), 0.9),))


def test_pages_of_the_web_open_at_their_own_address() -> None:
    for url in ("https://docs.test/a?b#c", "record:orders"):
        given = answer(passage(url, anchor="setts"))
        assert opened_answer(given, "http://us") == given


def test_files_open_at_ours_and_at_the_place() -> None:
    for url in (
        "file:///srv/handbook/badgers.md",
        "file:///srv/animals.ndjson#7",
        "record:orders/7",
        "javascript:alert(1)",
    ):
        opened = opened_answer(answer(passage(url, anchor="setts")), "http://us")
        assert opened.citations[0].url == "http://us/documents/d1#setts:~:text=Badgers%20dig%20long%20setts."
        assert opened.blocks[0].url == opened.citations[0].url
        assert (
            passage_link(opened.hits[0].passage)
            == passage_link(opened.hits[0].more[0])
            == "http://us/documents/d1#setts"
        )
        assert url not in str(answer_json(opened))
    opened = opened_answer(answer(passage("file:///srv/a.pdf", page_number=3)), "")
    assert opened.citations[0].url == passage_link(opened.hits[0].passage) == "/documents/d1#page=3"


def test_a_file_without_anchors_opens_at_the_passage() -> None:
    opened = opened_answer(answer(passage("file:///srv/a.txt")), "")
    assert opened.citations[0].url == "/documents/d1#p0:~:text=Badgers%20dig%20long%20setts."
    assert passage_link(opened.hits[0].passage) == "/documents/d1#p0"


def test_results_and_streams_open_the_same_way() -> None:
    given = answer(passage("file:///srv/a.md"))
    assert "file:" not in str(results_json(opened_results(Results("q", given.hits, 1), "http://us")))
    events: list[Event] = [Phase("search"), Sources(given.hits), Chunk(TEXT, given.citations), Done(given)]
    opened = list(opened_events(iter(events), "http://us"))
    assert opened[0] == events[0] and "file:" not in str(opened)
    assert opened[3] == Done(opened_answer(given, "http://us"))
