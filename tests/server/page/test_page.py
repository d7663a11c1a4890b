"""The search page as it leaves the server, read by a parser: what people without JavaScript get."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from indexer.document import Head, Passage
from rag.answer import Answer, AnswerBlock, Shape
from server.installation import Installation
from server.page.view import Asked, answer_blocks, answer_sources, pager, place_of
from tests.server.conftest import Indexed


def page(client: TestClient, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def test_start_page_has_one_labelled_search_form(client: TestClient) -> None:
    found = page(client, "/")
    form = found.select_one("form[role=search]")
    assert form is not None
    assert (form["action"], form["method"]) == ("/", "get")
    assert found.select_one("label[for=q]") is not None
    assert "13 pages" in found.get_text()


def test_results_link_to_the_passage_and_mark_the_words(client: TestClient, indexed: Indexed) -> None:
    found = page(client, "/?q=restore+a+single+file")
    first = found.select(".hits > li")[0]
    assert str(first.select("h2 a")[0]["href"]).startswith(f"{indexed.url}/guide/restore.html#")
    assert first.select("mark")
    assert found.select_one("#q")["value"] == "restore a single file"  # type: ignore[index]


def test_answer_is_in_the_page_where_it_is_asked_for(client: TestClient) -> None:
    found = page(client, "/?q=How+long+does+a+restore+of+200+GB+take?&answer=1")
    answer = found.select_one("#answer")
    assert answer is not None
    assert "forty minutes" in answer.get_text()
    assert answer.select_one("sup a")["href"] == answer.select_one(".sources a")["href"]  # type: ignore[index]
    assert "#" in str(answer.select_one("sup a")["href"])  # type: ignore[index]


def test_answer_is_left_to_the_script_otherwise(client: TestClient) -> None:
    section = page(client, "/?q=How+long+does+a+restore+take?").select_one("#answer")
    assert section is not None
    assert str(section["data-source"]).startswith("/api/v1/answer?q=How")
    assert section.has_attr("hidden")
    assert page(client, "/?q=restore").select_one("#answer") is None
    assert page(client, "/?q=restore+files&page=2").select_one("#answer") is None


def test_facets_narrow_and_chips_widen(client: TestClient) -> None:
    found = page(client, "/?q=tern")
    link = found.find("a", string=re.compile("^/guide")) or found.select_one("aside a[href*=guide]")
    assert link is not None
    narrowed = page(client, str(link["href"]))
    assert all("guide" in hit.get_text() for hit in narrowed.select(".hits .place"))
    chip = narrowed.select_one(".chips a")
    assert chip is not None
    assert chip["href"] == "/?q=tern"


def test_pages_hold_each_result_once(client: TestClient) -> None:
    first, second = page(client, "/?q=tern"), page(client, "/?q=tern&page=2")
    links = [str(a["href"]).partition("#")[0] for found in (first, second) for a in found.select(".hits h2 a")]
    assert len(links) == len(set(links)) > 10
    assert second.select_one(".pager [aria-current=page]").get_text() == "2"  # type: ignore[union-attr]
    assert second.select_one(".hits")["start"] == "11"  # type: ignore[index]


def test_nothing_found_says_so_and_what_to_do(client: TestClient) -> None:
    found = page(client, "/?q=%22no+such+phrase+anywhere%22&path=/guide")
    assert "Nothing found" in found.get_text()
    assert found.select_one(".notice a")["href"] == "/?q=%22no+such+phrase+anywhere%22"  # type: ignore[index]


def test_what_a_person_types_is_never_markup(client: TestClient) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><b>"):
        response = client.get("/", params={"q": query, "site": query, "sort": "newest"})
        assert "<script>alert" not in response.text
        assert "<img" not in response.text
        assert "</title><b>" not in response.text


@pytest.mark.parametrize("path", ["/?q=x&sort=best", "/?q=x&from=soon", "/?q=x&meta=team", "/?q=" + "x" * 10_001])
def test_a_wrong_address_is_told_on_the_page(client: TestClient, path: str) -> None:
    found = page(client, path, 400)
    assert found.select_one("[role=alert] h1") is not None
    assert found.select_one("form[role=search]") is not None


@pytest.mark.parametrize("number", ["0", "-1", "x", "٣", "999999999999999999999", "1e3", ""])
def test_odd_page_numbers_do_no_harm(client: TestClient, number: str) -> None:
    assert client.get("/", params={"q": "tern", "page": number}).status_code in (200, 400)


def test_files_may_be_kept_for_a_year_under_the_name_of_their_content(client: TestClient) -> None:
    found = page(client, "/")
    for tag, attribute in (("link[rel=stylesheet]", "href"), ("script", "src"), ("link[rel=icon]", "href")):
        response = client.get(str(found.select_one(tag)[attribute]))  # type: ignore[index]
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    assert "immutable" not in client.get("/static/000000000000/page.css").headers["cache-control"]
    assert client.get("/static/x/routes.py").status_code == 404
    assert client.get("/static/x/..%2froutes.py").status_code == 404


def test_the_page_is_light(client: TestClient) -> None:
    found = page(client, "/")
    sizes = [
        len(client.get(str(tag)).content)
        for tag in (found.select("script")[0]["src"], found.select("link[rel=stylesheet]")[0]["href"])
    ]
    assert sum(sizes) < 30_000


def test_browsers_can_add_the_search(client: TestClient) -> None:
    description = client.get("/opensearch.xml")
    assert description.headers["content-type"].startswith("application/opensearchdescription+xml")
    found = ElementTree.fromstring(description.text)
    names = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(found.findtext(f"{names}ShortName", "")) <= 16
    templates = [url.get("template") for url in found.findall(f"{names}Url")]
    assert templates == ["http://testserver/?q={searchTerms}", "http://testserver/opensearch/suggest?q={searchTerms}"]
    prefix, texts = client.get("/opensearch/suggest?q=rest").json()
    assert prefix == "rest"
    assert "Restore files" in texts


def test_a_long_path_is_cut_in_the_middle() -> None:
    from indexer.document import Head

    def place(path: str) -> tuple[str, ...]:
        return place_of(Head("1", "u", "t", "h", site="s", path=path))

    assert place("/") == ("s",)
    assert place("/a/b/c.html") == ("s", "a", "b", "c.html")
    assert place("/a/b/c/d/e.html") == ("s", "a", "…", "d", "e.html")


def test_pager_stays_around_the_present_page() -> None:
    def numbers(total: int, current: int) -> list[Any]:
        return [choice.label for choice in pager(total, Asked("x", page=current), 10)]

    assert numbers(10, 1) == []
    assert numbers(11, 1) == ["1", "2"]
    assert numbers(95, 1) == ["1", "2", "3", "4", "5"]
    assert numbers(95, 6) == ["4", "5", "6", "7", "8"]
    assert numbers(95, 10) == ["6", "7", "8", "9", "10"]


def test_a_follow_up_is_understood_without_a_script(client: TestClient) -> None:
    found = page(client, "/?q=How+long+does+a+restore+of+200+GB+take?&answer=1")
    form = found.select_one("#answer form.follow")
    assert form is not None
    fields = {str(field["name"]): str(field.get("value", "")) for field in form.select("input")}
    followed = client.get("/", params={**fields, "q": "And of a whole machine?"})
    answer = BeautifulSoup(followed.text, "html.parser").select_one("#answer")
    assert answer is not None
    again = answer.select_one("input[name=session]")
    assert again is not None
    assert again["value"] == fields["session"]


@pytest.mark.parametrize("session", ["", "short", "a" * 200, "'\"><script>"])
def test_a_session_that_is_none_is_made_anew(client: TestClient, session: str) -> None:
    asked = {"q": "How long does a restore of 200 GB take?", "answer": "1", "session": session}
    found = BeautifulSoup(client.get("/", params=asked).text, "html.parser").select_one("input[name=session]")
    assert found is not None
    assert re.fullmatch("[0-9a-f]{32}", str(found["value"]))


def test_a_word_on_an_answer_needs_no_script(client: TestClient, installation: Installation) -> None:
    found = page(client, "/?q=How+long+does+a+restore+of+200+GB+take?&answer=1")
    form = found.select_one("form.feedback")
    assert form is not None
    assert (form["action"], form["method"]) == ("/feedback", "post")
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    thanked = client.post("/feedback", data={**fields, "useful": "0"})
    assert "Thank you" in thanked.text
    link = BeautifulSoup(thanked.text, "html.parser").select_one(".notice a")
    assert link is not None
    assert client.get(str(link["href"])).status_code == 200
    log = installation.query_log()
    log.flush()
    assert (fields["query"], fields["url"], 0) in log.file.select("SELECT query, url, is_useful FROM feedback")


def test_a_form_of_another_site_counts_for_nothing(client: TestClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/feedback", data={"query": "tern", "useful": "1"}, headers=elsewhere).status_code == 403


def test_a_part_without_a_heading_stands_below_the_title_of_its_page() -> None:
    head = Head("1", "https://a.example/", "Serving", "h")
    passages = [Passage(head, 0, "One."), Passage(head, 1, "Two.", ("Serving", "Workers"))]
    blocks = tuple(AnswerBlock(Shape.LIST, passage, head.url, 0, 4, 1.0) for passage in passages)
    answer = Answer("Why?", "So.", (), (), blocks=blocks)
    shown = answer_blocks(answer, answer_sources(answer))
    assert [one.headings for one in shown] == [("Serving",), ("Workers",)]
