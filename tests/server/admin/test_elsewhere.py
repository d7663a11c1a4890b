"""Signing in at an OpenID provider, and everything that must not let anybody in."""

import base64
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi.testclient import TestClient

from server.admin.desk import admin_file, make_desk
from server.admin.entry.guests import Guests
from server.admin.entry.ways import LONGEST_S, MOST, Ways
from server.admin.pages.elsewhere import WAY_COOKIE
from server.installation import Installation
from server.settings.doors import OidcConfig
from tests.server.admin.conftest import FILE, token_in
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, KEY, Provider, provider

STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
START = "/admin/login/elsewhere"
OURS = OidcConfig("https://login.example.com", "us", users=("ann@example.com",))


@pytest.fixture
def login() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def file(tmp_path: Path, login: Provider) -> Path:
    """The settings with the provider in them, for the fixtures that read them."""
    settings = f"""
  oidc:
    issuer: {login.issuer}
    client_id: {CLIENT_ID}
    client_secret: {CLIENT_SECRET}
    users: [ann@example.com]
    groups: [search-admins]
"""
    path = tmp_path / "recollect.yml"
    path.write_text(FILE.replace("serve: {query_log: full}", f"serve:\n  query_log: full{settings}"), "utf-8")
    return path


def there(client: TestClient, path: str = START) -> str:
    """Go to the provider; where it sends the browser back to."""
    begun = client.get(path)
    assert begun.status_code == 303
    answer = httpx.get(begun.headers["location"])
    assert answer.status_code == 302
    return answer.headers["location"].removeprefix("http://testserver")


def is_in(client: TestClient) -> bool:
    return bool(client.get("/admin/keys").status_code == 200)


def test_who_is_named_comes_in_and_goes_where_they_wanted(client: TestClient) -> None:
    assert f"{START}?next=/admin/keys" in client.get("/admin/login?next=/admin/keys").text
    arrived = client.get(there(client, f"{START}?next=/admin/keys"))
    assert arrived.status_code == 200
    assert 'content="0; url=/admin/keys"' in arrived.text
    assert WAY_COOKIE not in client.cookies
    shown = client.get("/admin/keys")
    assert shown.status_code == 200
    assert "ann@example.com (signed in elsewhere)" in shown.text


def test_what_they_change_is_noted_with_their_name(client: TestClient, login: Provider) -> None:
    client.get(there(client))
    token = token_in(client.get("/admin/keys").text)
    client.post("/admin/keys/create", data={"token": token, "name": "k", "scope": "search"})
    audit = client.app.state.desk.audit  # type: ignore[attr-defined]  # a FastAPI
    assert [one.who for one in audit.changes()] == ["ann@example.com (signed in elsewhere)"]
    assert login.refused == []


def test_a_group_opens_it_and_neither_does_not(client: TestClient, login: Provider) -> None:
    login.claims = {"email": "bob@example.com", "groups": ["search-admins"]}
    client.get(there(client))
    assert is_in(client)
    client.cookies.clear()
    login.claims = {"email": "eve@example.com", "groups": ["staff", "SEARCH-ADMINS"]}
    assert client.get(there(client)).status_code == 403
    assert not is_in(client)


def shared_secret(claims: dict[str, Any]) -> str:
    """The public key as the secret of a symmetric signature: what an old mistake of libraries let through."""
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    signing = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "k"}, claims))
    return f"{signing}.{encoded(hmac.digest(public, signing.encode(), 'sha256'))}"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another"},
    "no audience": {"aud": None},
    "several audiences": {"aud": [CLIENT_ID, "another"]},
    "party": {"azp": "another"},
    "party of several": {"aud": [CLIENT_ID, "another"], "azp": "another"},
    "issuer": {"iss": "http://127.0.0.1:9"},
    "no issuer": {"iss": None},
    "expired": {"exp": 1_000_000_000},
    "no expiry": {"exp": None},
    "not yet": {"nbf": 4_000_000_000},
    "unverified address": {"email_verified": False},
    "address of unknown standing": {"email_verified": None},
    "no address": {"email": None},
    "address as a list": {"email": ["ann@example.com"]},
    "address with a line": {"email": "ann@example.com\n"},
}
WRONG_SIGNATURES = {
    "none": lambda claims: jwt.encode(claims, "", "none", {"kid": "k"}),
    "another key": lambda claims: jwt.encode(claims, STRANGER, "RS256", {"kid": "k"}),
    "unknown key": lambda claims: jwt.encode(claims, STRANGER, "RS256", {"kid": "x"}),
    "shared secret": shared_secret,
    "no token": lambda claims: "",
    "no signature": lambda claims: jwt.encode(claims, KEY, "RS256", {"kid": "k"}).rpartition(".")[0] + ".",
}


def test_a_token_that_says_anything_else_lets_nobody_in(client: TestClient, login: Provider) -> None:
    for wrong, claims in WRONG_CLAIMS.items():
        login.claims = claims
        assert client.get(there(client)).status_code in (401, 403), wrong
        assert not is_in(client), wrong


def test_a_token_that_is_not_signed_by_the_provider_lets_nobody_in(client: TestClient, login: Provider) -> None:
    for wrong, sign in WRONG_SIGNATURES.items():
        login.sign = sign
        assert client.get(there(client)).status_code == 401, wrong
        assert not is_in(client), wrong


def test_an_answer_is_taken_once_from_the_browser_that_asked(client: TestClient, login: Provider) -> None:
    back = there(client)
    kept = client.cookies[WAY_COOKIE]
    client.cookies.clear()
    # Another browser, which an attacker sends the answer of a visit of their own.
    assert client.get(back).status_code == 401
    client.cookies.set(WAY_COOKIE, "guessed")
    assert client.get(back).status_code == 401
    client.cookies.set(WAY_COOKIE, kept)
    assert client.get(back).status_code == 200
    client.cookies.clear()
    client.cookies.set(WAY_COOKIE, kept)
    assert client.get(back).status_code == 401
    assert not is_in(client)
    assert login.refused == []


def test_a_code_of_another_visit_is_of_no_use(client: TestClient, login: Provider) -> None:
    stolen = httpx.URL(there(client)).params["code"]
    client.cookies.clear()
    back = httpx.URL(there(client)).copy_set_param("code", stolen)
    assert client.get(str(back)).status_code == 401
    assert login.refused == ["invalid_grant"]


def test_other_answers_sign_nobody_in(client: TestClient) -> None:
    for changed in ({"iss": "http://127.0.0.1:9"}, {"error": "access_denied"}, {"code": ""}, {"state": "guessed"}):
        back = httpx.URL(there(client)).copy_merge_params(changed)
        assert client.get(str(back)).status_code == 401, changed
        assert not is_in(client), changed


def test_nobody_is_sent_elsewhere_afterwards(client: TestClient) -> None:
    for path in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/admin/../..//evil.example",
        "javascript:1",
        '/admin/"><script>',
    ):
        arrived = client.get(there(client, str(httpx.URL(START).copy_set_param("next", path))))
        assert arrived.status_code == 200
        assert re.search(r'content="0; url=/admin/[^"]*"', arrived.text), path
        assert not any(wrong in arrived.text for wrong in ("://evil", "url=//", "javascript", "<script>")), path


@pytest.mark.parametrize(
    "described", [{"issuer": "https://evil.example"}, {"token_endpoint": "http://192.0.2.1/token"}, {"jwks_uri": ""}]
)
def test_a_provider_that_describes_another_one_is_not_asked(
    client: TestClient, login: Provider, described: dict[str, str]
) -> None:
    login.described = described
    answer = client.get(START)
    assert answer.status_code == 503
    assert "location" not in answer.headers


def test_who_is_allowed_no_more_is_out_when_the_settings_are_read_again(
    client: TestClient, installation: Installation
) -> None:
    client.get(there(client))
    assert is_in(client)
    file = admin_file(installation.config)
    Guests(file, replace(installation.config.serve.oidc, users=("bob@example.com",))).sweep()
    assert not is_in(client)


def test_without_a_provider_nothing_leads_there(client: TestClient) -> None:
    client.app.state.desk = replace(client.app.state.desk, provider=None)  # type: ignore[attr-defined]  # a FastAPI
    for path in (START, f"{START}/back"):
        answer = client.get(path)
        assert answer.headers["location"] == "/admin/login?next=%2Fadmin%2F"
    assert START not in client.get("/admin/login").text


def test_secrets_stand_in_no_cookie_that_scripts_read_and_in_no_file(
    client: TestClient, installation: Installation
) -> None:
    begun = client.get(START)
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and f"Path={START}" in cookie
    state = httpx.URL(begun.headers["location"]).params["state"]
    content = (installation.config.data / "admin.sqlite").read_bytes()
    assert state.encode() not in content
    assert client.cookies[WAY_COOKIE].encode() not in content


def test_a_visit_ends_by_itself_and_the_oldest_give_way(tmp_path: Path, installation: Installation) -> None:
    now = 1_000.0
    ways = Ways(admin_file(replace(installation.config, data=tmp_path / "other")), lambda: now)
    late = ways.begin("/admin/")
    now += LONGEST_S + 1
    assert ways.end(late.state, late.browser) is None
    first = ways.begin("/admin/")
    for _ in range(MOST):
        now += 0.001
        last = ways.begin("/admin/")
    now += 1
    assert ways.end(last.state, last.browser) == last
    assert first.next_path == "/admin/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.example.com"},
        {"issuer": "login.example.com"},
        {"client_id": ""},
        {"users": ()},
        {"scopes": ("email",)},
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="oidc"):
        replace(OURS, **wrong)


def test_a_desk_is_made_without_asking_the_provider(installation: Installation, client: TestClient) -> None:
    backend = client.app.state.backend  # type: ignore[attr-defined]  # a FastAPI
    assert make_desk(backend).provider is not None
