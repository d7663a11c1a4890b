"""What the connectors of Elastic's Search UI send, and what they are refused."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


def search(client: TestClient, **state: Any) -> dict[str, Any]:
    body = {"state": {"searchTerm": "tern", **state}, "queryConfig": {"facets": {"path": {"type": "value"}}}}
    response = client.post("/search-ui/search", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_pages_are_counted_as_the_paging_info_shows_them(client: TestClient) -> None:
    first, last = search(client, resultsPerPage=4), search(client, resultsPerPage=4, current=3)
    assert (first["pagingStart"], first["pagingEnd"]) == (1, 4)
    assert last["pagingEnd"] == last["totalResults"] == first["totalResults"]
    assert first["totalPages"] == 3
    empty = search(client, searchTerm='"no such phrase anywhere"')
    assert (empty["pagingStart"], empty["pagingEnd"], empty["results"]) == (0, 0, [])


def test_a_span_of_time_narrows_and_newest_comes_first(client: TestClient) -> None:
    span = {"from": "2001-01-01T00:00:00Z", "to": "2002-01-01T00:00:00Z", "name": "2001"}
    assert search(client, filters=[{"field": "modified_at", "values": [span], "type": "any"}])["totalResults"] == 0
    newest = search(client, sortList=[{"field": "modified_at", "direction": "desc"}])["results"]
    dates = [one["modified_at"]["raw"] for one in newest if one["modified_at"]["raw"]]
    assert dates == sorted(dates, reverse=True)


def test_all_and_any_differ(client: TestClient) -> None:
    both = {"field": "path", "values": ["/guide", "/reference"]}
    assert search(client, filters=[{**both, "type": "all"}])["totalResults"] == 0
    assert search(client, filters=[{**both, "type": "any"}])["totalResults"] > 0


@pytest.mark.parametrize(
    "state",
    [
        {"filters": [{"field": "path", "values": ["/guide"], "type": "none"}]},
        {"filters": [{"field": "path", "values": [{"from": 1}], "type": "all"}]},
        {"filters": [{"field": "modified_at", "values": ["2024"], "type": "all"}]},
        {"sortList": [{"field": "title", "direction": "asc"}]},
        {"resultsPerPage": 0},
        {"current": 0},
    ],
)
def test_what_is_not_possible_is_refused(client: TestClient, state: dict[str, Any]) -> None:
    body = {"state": {"searchTerm": "tern", **state}, "queryConfig": {}}
    assert client.post("/search-ui/search", json=body).status_code in (400, 422)


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ({"path": "/guide"}, 200),
        ({"path": ["/guide", "/reference"]}, 200),
        ({"all": [{"path": "/guide"}, {"any": [{"language": "en"}, {"language": "de"}]}]}, 200),
        ({"none": [{"path": "/guide"}]}, 400),
        ({"any": [{"path": "/guide"}, {"language": "en"}]}, 400),
    ],
)
def test_filters_of_app_search(client: TestClient, filters: dict[str, Any], status: int) -> None:
    answer = client.post("/api/as/v1/engines/pages/search.json", json={"query": "tern", "filters": filters})
    assert answer.status_code == status
    if status == 200:
        assert 0 < answer.json()["meta"]["page"]["total_results"] < 11
