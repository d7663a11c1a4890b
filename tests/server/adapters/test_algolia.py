"""Algolia's shape, as its clients send and read it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from server.adapters.marks import Marks


def ask(client: TestClient, **query: Any) -> dict[str, Any]:
    body = {"requests": [{"indexName": "pages", **query}]}
    response = client.post("/1/indexes/*/queries?x-algolia-application-id=app", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["results"][0]
    return found


def test_a_record_has_what_instantsearch_and_docsearch_show(client: TestClient) -> None:
    found = ask(client, query="restore a single file", highlightPreTag="<mark>", highlightPostTag="</mark>")
    first = found["hits"][0]
    assert (first["title"], first["hierarchy"]["lvl1"]) == ("Restore files", "Restore files")
    assert first["_highlightResult"]["title"]["value"].startswith("<mark>Restore</mark> <mark>file")
    assert "<mark>" in first["_snippetResult"]["content"]["value"]
    assert first["url"].partition("#")[0] == first["url_without_anchor"]
    assert first["objectID"]


def test_pages_count_from_zero_and_hold_each_page_once(client: TestClient) -> None:
    pages = [ask(client, query="tern", page=page, hitsPerPage=4) for page in range(3)]
    urls = [hit["url_without_anchor"] for page in pages for hit in page["hits"]]
    assert len(urls) == len(set(urls)) == pages[0]["nbHits"]
    assert (pages[0]["nbPages"], pages[2]["page"]) == (3, 2)


def test_facets_are_counted_without_hits_and_narrow(client: TestClient) -> None:
    counts = ask(client, query="tern", hitsPerPage=0, facets=["path"])
    assert (counts["hits"], counts["nbPages"]) == ([], 0)
    narrowed = ask(client, query="tern", facetFilters=[["path:/guide"]])
    assert narrowed["nbHits"] == counts["facets"]["path"]["/guide"]
    assert ask(client, query="tern", filters='path:"/guide" AND language:en')["nbHits"] == narrowed["nbHits"]
    either = ask(client, query="tern", filters="path:/guide OR path:/reference")
    assert either["nbHits"] == narrowed["nbHits"] + counts["facets"]["path"]["/reference"]
    assert ask(client, query="tern", facetFilters=["path:/guide", "path:/reference"])["nbHits"] == 0


def test_values_of_a_facet_are_searched_for(client: TestClient) -> None:
    found = client.post("/1/indexes/pages/facets/path/query", json={"facetQuery": "GUI", "params": "query=tern"}).json()
    assert [hit["value"] for hit in found["facetHits"]] == ["/guide"]


def test_parameters_of_older_clients_come_as_a_query_string(client: TestClient) -> None:
    params = urlencode({"query": "tern", "hitsPerPage": 2, "facetFilters": '[["path:/guide"]]', "facets": '["path"]'})
    found = client.post("/1/indexes/pages/query", content=f'{{"params": "{params}"}}').json()
    assert len(found["hits"]) == 2
    assert all("/guide/" in hit["url"] for hit in found["hits"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"facetFilters": ["path:-/guide"]},
        {"filters": "NOT path:/guide"},
        {"filters": "path:/guide OR site:x"},
        {"filters": "modified > 3"},
        {"numericFilters": ["price > 3"]},
        {"page": -1},
        {"hitsPerPage": "many"},
    ],
)
def test_what_would_widen_the_search_if_left_out_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    answer = client.post("/1/indexes/*/queries", json={"requests": [{"query": "tern", **wrong}]})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", ["x", "[]x", '{"requests": 3}', '{"requests": [3]}', '"x"'])
def test_what_is_no_request_is_refused(client: TestClient, body: str) -> None:
    assert client.post("/1/indexes/*/queries", content=body).status_code == 400


def test_marks_that_are_tags_come_in_escaped_text_and_others_in_plain_text() -> None:
    text = "a <b> restore"
    assert Marks().whole(text, "restore", "en") == "a &lt;b&gt; <em>restore</em>"
    assert Marks("__ais-highlight__", "__/ais-highlight__").whole(text, "restore", "en") == (
        "a <b> __ais-highlight__restore__/ais-highlight__"
    )
