"""Rules by the API: read, tried out on a query, saved with the file's comments, and noted."""

from typing import Any

import pytest

from server.assemble import key_file
from server.doors.scope import Scope
from server.settings.config import load
from tests.server.admin.conftest import Signed

PATH = "/api/v1/rules"
NONE: dict[str, Any] = {"synonyms": [], "stop_words": [], "pins": [], "boosts": []}


class Program:
    """A caller with an admin key."""

    def __init__(self, signed: Signed, sites: list[str] | None = None) -> None:
        self.key, secret = key_file(signed.installation.config).create("rules", [Scope.ADMIN], sites=sites or [])
        self.client, self.headers = signed.client, {"X-API-Key": secret}

    def get(self) -> Any:
        return self.client.get(PATH, headers=self.headers)

    def put(self, rules: Any, version: str | None = None) -> Any:
        known = version if version is not None else self.get().json()["version"]
        return self.client.put(PATH, json={"rules": rules, "version": known}, headers=self.headers)

    def preview(self, rules: Any, **more: Any) -> Any:
        body = {"query": "badger", "rules": rules, **more}
        return self.client.post(f"{PATH}/preview", json=body, headers=self.headers)


@pytest.fixture
def program(signed: Signed) -> Program:
    return Program(signed)


def found(signed: Signed) -> list[str]:
    return [hit["url"] for hit in signed.client.get("/api/v1/search?q=badger").json()["hits"]]


def test_rules_are_read_as_they_are_sent(program: Program) -> None:
    sent = {
        "synonyms": [{"words": ["badger", "brock"], "means": ["sett"], "language": "en", "site": "a.example"}],
        "stop_words": ["the"],
        "pins": [{"queries": ["badger"], "first": ["u"], "hidden": ["v"], "language": "", "site": ""}],
        "boosts": [
            {"times": 2.0, "site": "", "path": "/docs", "language": "", "source": "", "metadata": "a=b"}
            | {"half_life_days": 365.0}
        ],
    }
    assert program.put(sent).json()["rules"] == sent
    answer = program.get().json()
    assert answer["rules"] == sent
    assert program.put(answer["rules"], answer["version"]).status_code == 200


def test_saved_rules_hold_at_once_are_noted_and_comments_stay(program: Program, signed: Signed) -> None:
    order = found(signed)
    rules = {"pins": [{"queries": ["badger"], "first": [order[-1]], "hidden": [order[0]]}]}
    rules |= {"synonyms": [{"words": ["badger", "brock"]}, {"words": ["js"], "means": ["javascript"]}]}
    assert program.put(rules).status_code == 200
    assert found(signed)[0] == order[-1]
    assert order[0] not in found(signed)
    assert "# in stories" in signed.file.read_text("utf-8")
    assert "# what people say" in signed.file.read_text("utf-8")
    assert load(signed.file, environ={}).rank.steer == signed.installation.config.rank.steer
    (change,) = signed.changes()
    assert (change["who"], change["what"]) == (f"key {program.key.key_id}", "change rank.steer")
    assert change["before"] == {"synonyms": [{"words": ["badger", "brock"]}]}
    assert change["after"]["pins"] == rules["pins"]


def test_a_preview_shows_both_orders_and_saves_nothing(program: Program, signed: Signed) -> None:
    before, order = signed.file.read_text("utf-8"), found(signed)
    answer = program.preview({"pins": [{"queries": ["badger"], "first": [order[-1]], "hidden": [order[0]]}]}).json()
    last = len(order)
    places = [(one["url"], one["before"], one["after"], one["moved"]) for one in answer["placed"]]
    assert places[0] == (order[-1], last, 1, "up")
    assert places[-1] == (order[0], 1, None, "gone")
    assert [place[:3] for place in places[1:-1]] == [(url, i, i) for i, url in enumerate(order[1:-1], start=2)]
    assert (signed.file.read_text("utf-8"), found(signed), signed.changes()) == (before, order, [])


def test_a_preview_is_as_long_as_is_asked_and_within_the_filters(program: Program) -> None:
    assert len(program.preview(NONE, size=1).json()["placed"]) == 1
    assert program.preview(NONE, filters={"site": ["b.example"]}).json()["placed"] == []
    assert program.preview(NONE, size=0).status_code == 400


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"synonyms": [{"words": ["alone"]}]}, "synonyms need words"),
        ({"synonyms": [{"words": ["a", "b"]}, {"words": [1]}]}, "synonyms[1].words"),
        ({"pins": [{"queries": ["a"], "first": ["u"], "hidden": ["u"]}]}, "both first and hidden"),
        ({"pins": [{"queries": ["a"]}]}, "pages that are first or hidden"),
        ({"boosts": [{"times": 0}]}, "not above 0"),
        ({"boosts": [{"path": "/docs"}]}, "has no times"),
        ({"boosts": [{"times": 2, "half_life": 3}]}, "half_life_days"),
        ({"pinned": []}, "rules: unknown key 'pinned'"),
        (["pins"], "a mapping of settings"),
    ],
)
def test_a_rule_that_is_wrong_is_named_and_nothing_is_written(
    rules: Any, says: str, program: Program, signed: Signed
) -> None:
    before = signed.file.read_text("utf-8")
    for answer in (program.put(rules), program.preview(rules)):
        assert answer.status_code == 400
        assert says in answer.text
    assert signed.file.read_text("utf-8") == before


def test_what_was_saved_meanwhile_is_not_written_over(program: Program, signed: Signed) -> None:
    known = program.get().json()["version"]
    signed.file.write_text(signed.file.read_text("utf-8") + "# by somebody else\n", "utf-8")
    answer = program.put(NONE, known)
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert "# by somebody else" in signed.file.read_text("utf-8")


def test_a_key_of_some_sites_changes_no_rules(signed: Signed) -> None:
    held = Program(signed, sites=["a.example"])
    assert (held.get().status_code, held.put(NONE, "none").status_code) == (403, 403)
    assert held.preview(NONE).status_code == 200
    assert Program(signed, sites=["b.example"]).preview(NONE).json()["placed"] == []
