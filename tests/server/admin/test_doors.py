"""Every route of the admin area: shut to everybody who is not signed in, and every form to other pages."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from server.admin.entry.accounts import MAX_FAILURES_OF_ADDRESS
from server.admin.guard import COOKIE, changing, safe_next, signed_in
from server.admin.routes import ROUTERS
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from tests.server.admin.conftest import NAME, PASSWORD, Signed, sign_in, token_in

OPEN = {
    "/admin",
    "/admin/login",
    "/admin/login/elsewhere",
    "/admin/login/elsewhere/back",
    "/admin/static/{digest}/{name}",
}


def routes() -> Iterator[tuple[str, APIRoute]]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods or ():
                yield method, route


SHUT = sorted((method, route.path) for method, route in routes() if route.path not in OPEN)
FORMS = [path for method, path in SHUT if method == "POST"]


def test_every_route_asks_who_is_signed_in_and_every_form_for_its_token() -> None:
    def asked(route: APIRoute) -> set[object]:
        found: set[object] = set()
        waiting = list(route.dependant.dependencies)
        while waiting:
            one = waiting.pop()
            found.add(one.call)
            waiting.extend(one.dependencies)
        return found

    for method, route in routes():
        if route.path in OPEN:
            continue
        assert signed_in in asked(route), route.path
        assert method in ("GET", "POST")
        assert (changing in asked(route)) == (method == "POST"), route.path
    assert len(FORMS) >= 7


@pytest.mark.parametrize(("method", "path"), SHUT)
def test_nobody_comes_in_without_a_session(method: str, path: str, client: TestClient) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    for headers in ({}, {"cookie": f"{COOKIE}=guessed"}, {"authorization": "Basic YW5uOmFubg=="}):
        answer = client.request(method, path, headers={**form, **headers})
        assert answer.status_code == 303, headers
        assert answer.headers["location"].startswith("/admin/login?next="), headers
        assert not answer.text


@pytest.mark.parametrize(("method", "path"), SHUT)
def test_no_api_key_opens_it(method: str, path: str, client: TestClient, installation: Installation) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    for scope in Scope:
        _, secret = key_file(installation.config).create(scope, [scope])
        answer = client.request(method, path, headers={**form, "authorization": f"Bearer {secret}"})
        assert answer.status_code == 303, scope
        assert not answer.text


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "wrong", "other session"])
def test_a_form_without_the_token_of_its_session_is_refused(path: str, token: str | None, signed: Signed) -> None:
    before = signed.changes()
    if token == "other session":
        with TestClient(signed.client.app, follow_redirects=False) as other:
            sign_in(other)
            token = token_in(other.get("/admin/keys").text)
    fields = {"site": "127.0.0.1", "name": "k", "q": "badger"} | ({} if token is None else {"token": token})
    answer = signed.client.post(path, data=fields)
    assert answer.status_code == 403
    assert "not from a page of this session" in answer.text
    assert signed.changes() == before
    assert signed.get("/keys").status_code == 200


@pytest.mark.parametrize("path", FORMS)
def test_only_forms_are_read(path: str, signed: Signed) -> None:
    assert signed.client.post(path, json={"token": signed.token}).status_code == 400
    assert signed.client.post(path, files={"token": ("token", signed.token)}).status_code == 400


def test_signing_in_leads_to_the_page_that_was_wanted(client: TestClient, signed: Signed) -> None:
    client.cookies.clear()
    wanted = client.get("/admin/queries?show=slow&span=7").headers["location"]
    asked = parse_qs(urlsplit(wanted).query)["next"][0]
    assert sign_in(client, next=asked).headers["location"] == "/admin/queries?show=slow&span=7"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "https://evil.example/",
        "//evil.example",
        "/admin",
        "/admin/\\evil",
        "/admin/\r\nSet-Cookie: a=b",
        "/api/",
    ],
)
def test_signing_in_leads_nowhere_else(path: str) -> None:
    assert safe_next(path) == "/admin/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, signed: Signed) -> None:
    client.cookies.clear()
    given = [one for one in sign_in(client).headers.get_list("set-cookie") if one.startswith(f"{COOKIE}=")]
    assert len(given) == 1
    parts = {part.strip().lower() for part in given[0].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/admin"} <= parts
    assert "secure" not in parts
    assert not any(part.startswith(("domain", "expires", "max-age")) for part in parts)


def test_the_cookie_is_for_https_alone_where_the_server_is(signed: Signed) -> None:
    with TestClient(signed.client.app, base_url="https://localhost", follow_redirects=False) as client:
        assert all("secure" in one.lower() for one in sign_in(client).headers.get_list("set-cookie")[:1])


def test_a_wrong_password_and_an_unknown_name_are_told_alike(client: TestClient, signed: Signed) -> None:
    client.cookies.clear()
    answers = [sign_in(client, name=name, password="wrong password") for name in (NAME, "nobody")]
    assert [answer.status_code for answer in answers] == [401, 401]
    texts = {answer.text.replace(token_in(answer.text), "") for answer in answers}
    assert len(texts) == 1
    assert client.get("/admin/keys").status_code == 303


def test_too_many_failures_are_told_with_the_time_to_wait(client: TestClient, signed: Signed) -> None:
    client.cookies.clear()
    for _ in range(MAX_FAILURES_OF_ADDRESS):
        sign_in(client, password="wrong password")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Try again in" in answer.text


@pytest.mark.parametrize("token", ["", "wrong"])
def test_another_site_cannot_sign_a_visitor_in(token: str, client: TestClient, signed: Signed) -> None:
    client.cookies.clear()
    fields = {"token": token, "name": NAME, "password": PASSWORD}
    assert client.post("/admin/login", data=fields).status_code == 403
    client.get("/admin/login")
    assert client.post("/admin/login", data=fields).status_code == 403
    assert client.get("/admin/keys").status_code == 303


def test_signing_out_ends_the_session_on_the_server(signed: Signed) -> None:
    secret = signed.client.cookies[COOKIE]
    assert signed.post("/logout").headers["location"] == "/admin/login"
    assert signed.client.get("/admin/keys", headers={"cookie": f"{COOKIE}={secret}"}).status_code == 303


def test_every_page_has_the_strict_policy_and_is_kept_by_nobody(signed: Signed) -> None:
    for path in ("/", "/queries", "/steering", "/judging", "/explain", "/keys", "/index", "/audit", "/login"):
        answer = signed.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "no-store", path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "<script>" not in answer.text
        assert ' style="' not in answer.text
        assert " onclick" not in answer.text


def test_files_of_the_pages_may_be_kept_and_no_others_are_given(client: TestClient) -> None:
    page = client.get("/admin/login").text
    for name, kind in (("admin.css", "text/css"), ("admin.js", "text/javascript")):
        (address,) = [part for part in page.split('"') if part.endswith(name)]
        answer = client.get(address)
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
        assert client.get(address.replace("/static/", "/static/0")).headers["cache-control"] == "no-cache"
    for name in ("base.html", "..%2frender.py", "admin.css%00"):
        assert client.get(f"/admin/static/0/{name}").status_code == 404


def test_the_area_has_one_address(client: TestClient) -> None:
    assert client.get("/admin").headers["location"] == "/admin/"


def test_it_is_in_no_description_of_the_api(client: TestClient) -> None:
    assert "/admin" not in client.get("/openapi.json").text
