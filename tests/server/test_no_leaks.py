"""Random documents, groups, askers and questions over every path: nothing restricted shows to who may not see it."""

from collections.abc import Iterator

import pytest

from benchmarks.leaks import Tally, World, ask_once, world


@pytest.fixture(scope="module", params=[1, 2])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("leaks"), request.param) as found:
        yield found


@pytest.mark.parametrize("round_", range(4))
def test_nothing_restricted_shows(opened: World, round_: int) -> None:
    tally = Tally()
    ask_once(opened, tally)
    assert not tally.leaks
    assert tally.asked > 100
    # Refused for the site asked for, or a document that is not there for the asker.
    assert set(tally.statuses) <= {200, 403, 404}


def test_an_answer_kept_for_one_is_not_shown_to_another(opened: World) -> None:
    for one in opened.documents[:10]:
        question = {"q": f"What does {one.secrets[1]} eat?"}
        for asker in sorted(opened.askers, key=lambda asker: -len(asker.groups or ())):
            text = opened.client.get("/api/v1/answer", params=question, headers=asker.headers).text
            assert one.is_for(asker.groups, asker.sites) or one.secrets[0] not in text


def test_counts_are_those_of_what_each_may_see(opened: World) -> None:
    for asker in opened.askers:
        seen = sum(one.is_for(asker.groups, asker.sites) for one in opened.documents)
        health = opened.client.get("/health", headers=asker.headers).json()
        assert health["parts"]["store"]["documents"] == seen
        found = opened.client.get("/api/v1/search?q=&size=100&facet=site", headers=asker.headers).json()
        assert found["total"] == seen
        assert sum(value["count"] for value in found["facets"]["site"]) == seen
        assert f"{seen} page" in opened.client.get("/", headers=asker.headers).text
