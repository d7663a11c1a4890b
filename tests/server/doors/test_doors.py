"""From headers to an Asker: who may do what, from where, and how often."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.store import Filters
from server.doors.asker import Asker
from server.doors.doors import Doors
from server.doors.keys import KeyFile
from server.doors.limits import LocalLimiter
from server.doors.scope import LOCAL, VISITOR, Scope
from server.errors import BadInput, ConfigError, Forbidden, NotAllowed, TooMany
from server.settings.choices import ServeConfig
from server.settings.doors import LimitsConfig, ProxyConfig

PEER = "203.0.113.9"
SITE = "https://www.example.com"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.sqlite")


def doors(keys: KeyFile, **serve: Any) -> Doors:
    return Doors(ServeConfig(**serve), keys, LocalLimiter(lambda: 0.0))


def bearer(key: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", **more}


@pytest.mark.parametrize(
    ("serve", "has_keys", "opened"),
    [
        ({}, False, LOCAL),
        ({}, True, VISITOR),
        ({"api_keys": {"k": ()}}, False, VISITOR),
        ({"public": True}, False, VISITOR),
        ({"require_api_key": True}, True, frozenset()),
        ({"host": "0.0.0.0"}, True, frozenset()),
        ({"host": "0.0.0.0"}, False, frozenset()),
        ({"host": "0.0.0.0", "public": True}, True, VISITOR),
        ({"host": "localhost"}, False, LOCAL),
        ({"host": "::1"}, False, LOCAL),
        ({"host": "::"}, False, frozenset()),
        ({"host": ""}, False, frozenset()),
    ],
)
def test_what_is_open_without_a_key(
    keys: KeyFile, serve: dict[str, Any], has_keys: bool, opened: frozenset[Scope]
) -> None:
    if has_keys:
        keys.create("one", [Scope.SEARCH])
    asker = doors(keys, **serve).asker({}, PEER)
    assert asker.scopes == opened
    assert asker.groups is None
    assert not opened & {Scope.PUSH, Scope.ADMIN}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "search.example.com"])
def test_a_server_open_to_others_starts_only_with_keys_or_when_told_so(keys: KeyFile, host: str) -> None:
    with pytest.raises(ConfigError, match=r"recollect key create.*serve.public"):
        doors(keys, host=host).check_open()
    doors(keys, host=host, public=True).check_open()
    doors(keys, host=host, api_keys={"k": ()}).check_open()
    key, _ = keys.create("one", [Scope.SEARCH])
    doors(keys, host=host).check_open()
    keys.revoke(key.key_id)
    with pytest.raises(ConfigError):
        doors(keys, host=host).check_open()


def test_a_key_gives_its_scopes_groups_and_sites(keys: KeyFile) -> None:
    _, key = keys.create("staff", [Scope.SEARCH, Scope.PUSH], groups=["staff"], sites=["Docs.Example.com"])
    for headers in (bearer(key), {"x-api-key": key}, {"authorization": f"bearer  {key} "}):
        asker = doors(keys, host="0.0.0.0").asker(headers, PEER)
        assert (asker.scopes, asker.groups, asker.sites) == (
            {Scope.SEARCH, Scope.PUSH},
            ("staff",),
            ("docs.example.com",),
        )


def test_what_is_no_valid_key_is_refused(keys: KeyFile) -> None:
    _, key = keys.create("one", [Scope.SEARCH])
    last = "A" if key[-1] != "A" else "B"
    key_id = key.split("_")[1]
    for wrong in (
        "k",
        key[:-1],
        key[:-1] + last,
        key + "x",
        key.upper(),
        f"rk_{key_id}_",
        "ключ",
        key.replace(key_id, "0" * 12),
    ):
        with pytest.raises(NotAllowed):
            doors(keys).asker(bearer(wrong), PEER)
    assert doors(keys).asker({"authorization": "Basic azE6"}, PEER).key_id == ""


def test_expired_and_revoked_keys_open_nothing(keys: KeyFile) -> None:
    _, old = keys.create("old", [Scope.SEARCH], expires_at=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(NotAllowed, match="expired"):
        doors(keys).asker(bearer(old), PEER)
    key, new = keys.create("new", [Scope.SEARCH], expires_at=datetime.now(UTC) + timedelta(days=1))
    served = doors(keys)
    assert served.asker(bearer(new), PEER).may(Scope.SEARCH)
    keys.revoke(key.key_id)
    with pytest.raises(NotAllowed):
        served.asker(bearer(new), PEER)


def test_a_public_key_works_from_pages_of_its_origin_alone(keys: KeyFile) -> None:
    _, key = keys.create("web", [Scope.SEARCH], origins=["HTTPS://www.Example.com:443/"])
    served = doors(keys, host="0.0.0.0")
    assert served.asker(bearer(key, origin=SITE), PEER).may(Scope.SEARCH)
    # Browsers send no Origin where a page asks its own server by GET.
    assert served.asker(bearer(key, referer=f"{SITE}/a/b?c"), PEER).may(Scope.SEARCH)
    for headers in (
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://www.example.com"},
        {"origin": f"{SITE}.evil.example"},
        {"origin": f"{SITE}:8443"},
        {"referer": f"https://evil.example/{SITE}"},
        {"referer": f"{SITE}@evil.example/"},
        {"origin": "https://evil.example", "referer": f"{SITE}/"},
    ):
        with pytest.raises(Forbidden, match="pages of another address"):
            served.asker(bearer(key, **headers), PEER)
    assert served.is_known_origin(SITE)
    assert not served.is_known_origin("https://evil.example")


@pytest.mark.parametrize("rights", [{"scopes": [Scope.PUSH]}, {"scopes": [Scope.ADMIN]}, {"groups": ["staff"]}])
def test_a_public_key_cannot_hold_what_is_not_public(keys: KeyFile, rights: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="everybody can read it"):
        keys.create("web", **({"scopes": [Scope.SEARCH]} | rights), origins=[SITE])


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "null",
        "www.example.com",
        "ftp://a.example",
        "https://a.example/path",
        "https://u@a.example",
        "https://a.example:x",
    ],
)
def test_what_is_no_origin_is_refused(keys: KeyFile, origin: str) -> None:
    with pytest.raises(BadInput, match="origin"):
        keys.create("web", [Scope.SEARCH], origins=[origin])


def test_keys_are_hashed_at_rest_and_for_their_owner_alone(keys: KeyFile, tmp_path: Path) -> None:
    key, secret = keys.create("one", [Scope.SEARCH])
    file = tmp_path / "keys.sqlite"
    assert secret.split("_")[2].encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert keys.all() == [key]


def test_clients_of_other_services_may_send_any_key_where_none_is_needed(keys: KeyFile) -> None:
    assert doors(keys).asker(bearer("sk-unused"), PEER, is_lenient=True).scopes == LOCAL
    assert doors(keys, require_api_key=True).asker(bearer("sk-unused"), PEER, is_lenient=True).scopes == frozenset()
    _, key = keys.create("one", [Scope.SEARCH])
    with pytest.raises(NotAllowed):
        doors(keys).asker(bearer(key[:-2] + "xx"), PEER, is_lenient=True)


def test_only_a_named_proxy_may_name_groups_and_addresses(keys: KeyFile) -> None:
    proxy = ProxyConfig(("10.0.0.0/24", "::1"), "X-Groups")
    served = doors(keys, public=True, proxy=proxy)
    said = {"x-groups": "staff, board,,", "x-forwarded-for": "6.6.6.6, 198.51.100.7, 10.0.0.9"}
    behind = served.asker(said, "10.0.0.5")
    assert (behind.groups, behind.payer) == (("staff", "board"), "198.51.100.7")
    straight = served.asker(said, PEER)
    assert (straight.groups, straight.payer) == (None, PEER)
    assert served.asker({}, "10.0.0.5").groups is None
    assert doors(keys, public=True).asker(said, "10.0.0.5").groups is None
    with pytest.raises(ValueError, match="only a named proxy"):
        ProxyConfig(groups_header="X-Groups")


def test_scopes_are_checked_as_401_without_a_key_and_403_with_one(keys: KeyFile) -> None:
    _, key = keys.create("one", [Scope.SEARCH])
    served = doors(keys, host="0.0.0.0")
    with pytest.raises(NotAllowed):
        served.admit(served.asker({}, PEER), Scope.SEARCH)
    with pytest.raises(Forbidden, match="may not answer"):
        served.admit(served.asker(bearer(key), PEER), Scope.ANSWER)
    served.admit(served.asker(bearer(key), PEER), Scope.SEARCH)


def test_callers_are_counted_each_for_itself(keys: KeyFile) -> None:
    limits = LimitsConfig(per_minute=3, answers_per_minute=1)
    served = doors(keys, public=True, limits=limits)
    _, mine = keys.create("mine", [Scope.SEARCH, Scope.ANSWER])
    _, web = keys.create("web", [Scope.SEARCH], origins=[SITE])
    callers = [({}, PEER), ({}, "203.0.113.10"), (bearer(mine), PEER)]
    callers += [(bearer(web, origin=SITE), PEER), (bearer(web, origin=SITE), "203.0.113.10")]
    for headers, peer in callers:
        for _ in range(3):
            served.admit(served.asker(headers, peer), Scope.SEARCH)
        with pytest.raises(TooMany) as refused:
            served.admit(served.asker(headers, peer), Scope.SEARCH)
        assert 0 < refused.value.wait_s <= 20
    # A secret key is one caller wherever it is used.
    with pytest.raises(TooMany):
        served.admit(served.asker(bearer(mine), "203.0.113.77"), Scope.SEARCH)
    served.admit(served.asker({}, "203.0.113.88"), Scope.ANSWER)
    with pytest.raises(TooMany):
        served.admit(served.asker({}, "203.0.113.88"), Scope.ANSWER)


def test_one_who_tries_keys_is_counted(keys: KeyFile) -> None:
    served = doors(keys, public=True, limits=LimitsConfig(per_minute=2))
    for error in (NotAllowed, NotAllowed, TooMany):
        with pytest.raises(error):
            served.asker(bearer("guess"), PEER)


@pytest.mark.parametrize(("host", "limited"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_limits_hold_by_default_where_others_come_in(keys: KeyFile, host: str, limited: bool) -> None:
    served = doors(keys, host=host, public=True)
    asker = served.asker({}, PEER)
    for _ in range(600):
        served.admit(asker, Scope.SEARCH)
    if limited:
        with pytest.raises(TooMany):
            served.admit(asker, Scope.SEARCH)
    else:
        served.admit(asker, Scope.SEARCH)


def test_sites_of_a_key_narrow_the_filters() -> None:
    asker = Asker(VISITOR, ("staff",), ("a", "b"))
    assert asker.narrowed(Filters()) == Filters(site=("a", "b"), groups=("staff",))
    assert asker.narrowed(Filters(site=("b", "c"))) == Filters(site=("b",), groups=("staff",))
    with pytest.raises(Forbidden, match="for a, b, not for c"):
        asker.narrowed(Filters(site=("c",)))
    # Whatever groups a filter names, those of the caller hold.
    assert Asker(VISITOR).narrowed(Filters(groups=("board",))).groups is None
