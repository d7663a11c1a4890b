"""recollect key, and what recollect serve says where nobody has a key."""

from tests.server.conftest import Recollect


def test_a_key_is_told_once_listed_and_revoked(recollect: Recollect) -> None:
    made = recollect("key", "create", "--name", "builds", "--scope", "push", "--days", "30", "--json")
    assert made.status == 0
    key = made.json
    assert key["key"].startswith(f"rk_{key['id']}_")
    assert (key["scopes"], key["state"]) == (["push"], "usable")
    secret = recollect("key", "create", "--name", "visitors").out.strip()
    listed = recollect("key", "list", "--json")
    assert [one["name"] for one in listed.json["keys"]] == ["builds", "visitors"]
    assert listed.json["keys"][1]["scopes"] == ["search", "answer"]
    for text in (listed.out, recollect("key", "list").out):
        assert secret not in text
        assert key["key"] not in text
    assert recollect("key", "revoke", key["id"]).status == 0
    assert recollect("key", "list", "--json").json["keys"][0]["state"] == "revoked"
    assert "revoked   builds: push" in recollect("key", "list").out


def test_wrong_wishes_are_reported(recollect: Recollect) -> None:
    ran = recollect("key", "create", "--name", "web", "--origin", "https://a.example", "--scope", "push")
    assert (ran.status, "everybody can read it" in ran.err) == (1, True)
    assert recollect("key", "revoke", "0123").status == 1
    assert "is over" in recollect("key", "create", "--name", "x", "--expires", "2020-01-01").err
    assert "both given" in recollect("key", "create", "--name", "x", "--expires", "2099-01-01", "--days", "1").err
    assert recollect("key", "create", "--name", "x", "--scope", "all").status == 2
    assert recollect("key", "list", "--json").json == {"keys": []}


def test_a_server_open_to_others_does_not_start_without_keys(recollect: Recollect) -> None:
    ran = recollect("serve", "--host", "0.0.0.0", "--port", "0")
    assert ran.status == 2
    assert "recollect key create" in ran.err
    assert "serve.public" in ran.err
