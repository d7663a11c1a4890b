"""Credentials and cookies over real sockets: who gets them, who never does, and sessions that expire."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from crawler.config import CrawlConfig
from crawler.errors import FetchError
from crawler.fetch.authentication import covers
from crawler.fetch.config import AuthConfig
from crawler.fetch.error import status_error
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.response import Response
from tests.support.site import Reply, Request, Site

HTML = {"Content-Type": "text/html"}


def fetch_all(urls: list[str], *entries: AuthConfig, own: list[str] | None = None) -> list[Response]:
    async def run() -> list[Response]:
        config = CrawlConfig(timeout_s=5.0, authentication=entries)
        async with Fetcher(config, Guard.for_urls(own or urls)) as fetcher:
            return [await fetcher.get(url) for url in urls]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("entry", "header", "value"),
    [
        ({"kind": "basic", "user": "änn", "password": "p:w"}, "authorization", "Basic w6RubjpwOnc="),
        ({"kind": "bearer", "token": "t0ken"}, "authorization", "Bearer t0ken"),
        ({"kind": "header", "header": "X-Api-Key", "token": "k3y"}, "x-api-key", "k3y"),
    ],
)
def test_credentials_go_to_their_path_and_no_other(site: Site, entry: dict[str, Any], header: str, value: str) -> None:
    config = AuthConfig(url=site.at("/guide/"), **entry)
    fetch_all([site.at("/guide/install.html"), site.at("/faq.html"), site.at("/guides")], config)
    assert [request.headers.get(header) for request in site.requests] == [value, None, None]


def test_credentials_and_cookies_never_reach_another_origin(
    site: Site, serve: Callable[[Path], Site], tmp_path: Path
) -> None:
    other = serve(tmp_path)
    site.respond("/away", Reply(302, b"", {"Location": other.at("/"), "Set-Cookie": "id=1; Domain=127.0.0.1; Path=/"}))
    entry = AuthConfig(url=site.at("/"), user="ann", password="pw")
    fetch_all([site.at("/away"), other.at("/"), site.at("/")], entry)
    assert site.requests[0].headers["authorization"]
    assert "authorization" not in other.requests[0].headers
    # Same host, another port: a browser would send the cookie.
    assert "cookie" not in other.requests[0].headers
    assert site.requests[1].headers["cookie"] == "id=1"


def test_cookies_are_given_back_as_their_path_and_age_say(site: Site) -> None:
    def set_cookies(_: Request) -> Reply:
        return Reply(200, b"", HTML | {"Set-Cookie": "a=1; Path=/guide"})

    site.respond("/set", set_cookies)
    site.respond("/end", Reply(200, b"", HTML | {"Set-Cookie": "a=; Path=/guide; Max-Age=0"}))
    paths = ("/set", "/faq.html", "/guide/install.html", "/end", "/guide/restore.html")
    fetch_all([site.at(path) for path in paths])
    assert [request.headers.get("cookie") for request in site.requests] == [None, None, "a=1", None, None]


@pytest.mark.parametrize(
    ("prefix", "url", "is_covered"),
    [
        ("https://e.org/", "https://e.org/a/b", True),
        ("https://e.org/team", "https://e.org/team", True),
        ("https://e.org/team", "https://e.org/team?x=1", True),
        ("https://e.org/team", "https://e.org/teams", False),
        ("https://e.org/", "http://e.org/", False),
        ("https://e.org/", "https://e.org.evil.net/", False),
        ("https://e.org/", "https://e.org:8443/", False),
    ],
)
def test_prefixes_end_at_a_segment(prefix: str, url: str, is_covered: bool) -> None:
    assert covers(prefix, url) is is_covered


class Members:
    """A members' area: a login form with a hidden token, a session cookie that can be ended, and its pages."""

    def __init__(self, site: Site, *, expired: str = "redirect") -> None:
        self.posts: list[dict[str, list[str]]] = []
        self.sessions: set[str] = set()
        self._expired = expired
        self.site = site
        site.respond("/login", self._form)
        site.respond("/in", Reply(200, b"<p>welcome", HTML))
        for name in ("/m/1", "/m/2", "/m/3"):
            site.respond(name, self._page)

    def entry(self, password: str = "pw") -> AuthConfig:
        fields = {"who": "ann", "pass": password}
        return AuthConfig(self.site.at("/m/"), "form", login_url=self.site.at("/login"), login_fields=fields)

    def _form(self, request: Request) -> Reply:
        if request.method == "GET":
            form = b"<form method=post><input type=hidden name=csrf value=c9><input name=who><input name=pass>"
            return Reply(200, form + b"<input type=checkbox name=stay checked><input type=submit name=go>", HTML)
        posted = parse_qs(request.body.decode())
        self.posts.append(posted)
        if posted.get("pass") != ["pw"]:
            return Reply(302, b"", {"Location": "/login?failed=1"})
        session = f"s{len(self.posts)}"
        self.sessions.add(session)
        return Reply(303, b"", {"Location": "/in", "Set-Cookie": f"sid={session}; HttpOnly; Path=/"})

    def _page(self, request: Request) -> Reply:
        if request.headers.get("cookie", "").removeprefix("sid=") in self.sessions:
            return Reply(200, b"<p>secret page", HTML)
        if self._expired == "401":
            return Reply(401, b"", HTML)
        return Reply(302, b"", {"Location": f"/login?next={request.path}"})


def test_form_is_posted_once_with_its_hidden_fields(site: Site) -> None:
    members = Members(site)
    answers = fetch_all([site.at("/m/1"), site.at("/m/2")], members.entry())
    assert [answer.body for answer in answers] == [b"<p>secret page"] * 2
    assert members.posts == [{"csrf": ["c9"], "who": ["ann"], "pass": ["pw"], "stay": ["on"]}]


@pytest.mark.parametrize("expired", ["redirect", "401"])
def test_expired_session_is_renewed(site: Site, expired: str) -> None:
    members = Members(site, expired=expired)

    async def run() -> list[int]:
        async with Fetcher(CrawlConfig(authentication=(members.entry(),)), Guard.for_urls([site.url])) as fetcher:
            first = await fetcher.get(site.at("/m/1"))
            members.sessions.clear()
            both = await asyncio.gather(fetcher.get(site.at("/m/2")), fetcher.get(site.at("/m/3")))
            return [first.status, *(answer.status for answer in both)]

    assert asyncio.run(run()) == [200, 200, 200]
    assert len(members.posts) == 2


def test_refused_login_is_told_once_and_never_with_the_password(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    members = Members(site)

    async def run() -> list[FetchError]:
        errors = []
        entry = members.entry("wr0ngpw")
        async with Fetcher(CrawlConfig(authentication=(entry,)), Guard.for_urls([site.url])) as fetcher:
            for path in ("/m/1", "/m/2"):
                with pytest.raises(FetchError) as caught:
                    await fetcher.get(site.at(path))
                errors.append(caught.value)
        return errors

    errors = asyncio.run(run())
    assert {error.reason for error in errors} == {"login"}
    assert "login_fields" in errors[0].cure
    assert len(members.posts) == 1
    assert "wr0ngpw" not in caplog.text + "".join(str(error) for error in errors)


def test_page_that_no_login_opens_ends_the_sign_ins(site: Site) -> None:
    members = Members(site)
    site.respond("/m/1", Reply(401, b"", HTML))
    answers = fetch_all([site.at("/m/1")] * 10, members.entry())
    assert {answer.status for answer in answers} == {401}
    assert len(members.posts) <= 5


def test_form_that_posts_elsewhere_gets_nothing(site: Site, serve: Callable[[Path], Site], tmp_path: Path) -> None:
    other = serve(tmp_path)
    form = f"<form method=post action='{other.at('/take')}'><input name=who><input name=pass></form>"
    members = Members(site)
    site.respond("/login", Reply(200, form.encode(), HTML))
    with pytest.raises(FetchError, match="own origin only"):
        fetch_all([site.at("/m/1")], members.entry(), own=[site.url, other.url])
    assert other.requests == []


def test_login_page_without_the_fields_is_named(site: Site) -> None:
    members = Members(site)
    site.respond("/login", Reply(200, b"<form><input name=q></form>", HTML))
    with pytest.raises(FetchError, match="no form with the fields who, pass"):
        fetch_all([site.at("/m/1")], members.entry())


@pytest.mark.parametrize("status", [401, 403])
def test_closed_pages_tell_what_to_do_with_and_without_credentials(site: Site, status: int) -> None:
    site.respond("/closed", Reply(status, b"", HTML))
    (without,) = fetch_all([site.at("/closed")])
    (having,) = fetch_all([site.at("/closed")], AuthConfig(url=site.url, user="ann", password="pw"))
    first, second = status_error(without), status_error(having)
    assert first.reason == second.reason == f"http_{status}"
    assert "crawl.authentication" in first.cure
    assert first.cure != second.cure and second.cure
    assert "pw" not in str(second)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"url": "example.org"}, "web address"),
        ({"url": "https://e.org/"}, "user is missing"),
        ({"url": "https://e.org/", "kind": "bearer"}, "token is missing"),
        ({"url": "https://e.org/", "kind": "header", "token": "x"}, "header is missing"),
        ({"url": "https://e.org/", "kind": "form", "login_url": "https://e.org/in"}, "login_fields is missing"),
        ({"url": "https://e.org/", "kind": "bearer", "token": "a\nb"}, "control character"),
        ({"url": "https://e.org/", "user": "a:b"}, "colon"),
        (
            {"url": "https://e.org/", "kind": "form", "login_url": "https://sso.org/", "login_fields": {"a": "b"}},
            "another origin",
        ),
    ],
)
def test_entries_that_cannot_be_meant_are_refused(entry: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        AuthConfig(**entry)


def test_secrets_do_not_show_in_a_repr() -> None:
    entry = AuthConfig("https://e.org/", "form", "u", "hush1", "hush2", "", "https://e.org/in", {"p": "hush3"})
    assert "hush" not in repr(entry) + repr(CrawlConfig(authentication=(entry,)))
