"""Numbers of sessions are found by what they bring, under any name; numbers of pages are not taken for such."""

import hashlib
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from crawler.outcome import Outcome
from crawler.urls.parameters import FAIR_TRIAL, Parameters, is_random
from tests.crawler.test_crawl import Recorder, html
from tests.support.site import Reply, Request, Site, serve, site

__all__ = ["serve", "site"]

FORUM = "http://a.example/viewtopic"


def drawn(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    "value",
    [
        drawn(1),
        "2B9F0C41-7D3E-4A55-9A10-0F1E2D3C4B5A",
        "k3Jd82hAqPz0XvB7mNw1",
        "eyJhbGciOiJIUzI1NiJ9.e30.Zm9vYmFyMTIz",
        "a8x2k9q4m1z7b3n6",
        "Q2FmZSBkZSBQYXJpcyAyMDI0%3D",
    ],
)
def test_values_drawn_by_chance_are_told(value: str) -> None:
    assert is_random(value)


@pytest.mark.parametrize(
    "value",
    [
        "1234567890123456789",
        "how-to-install-python-3-on-debian-12",
        "2024-01-05T12:30:00Z",
        "documentation",
        "abcdefabcdefabcdef",
        "en_US.UTF-8",
        "",
    ],
)
def test_values_that_mean_something_are_not(value: str) -> None:
    assert not is_random(value)


@pytest.mark.parametrize("name", ["sid", "s", "visitor"])
def test_a_random_value_that_brings_copies_is_a_session(name: str) -> None:
    watched = Parameters()
    for number in (1, 2, 3):
        assert not watched.is_repeated(f"{FORUM}?t=1&{name}={drawn(number)}")
        outcome = Outcome.FETCHED if number == 1 else Outcome.DUPLICATE
        watched.visited(f"{FORUM}?t=1&{name}={drawn(number)}", outcome)
    assert watched.cleaned(f"{FORUM}?t=9&{name}={drawn(9)}") == f"{FORUM}?t=9"
    assert watched.cleaned(f"http://b.example/x?{name}={drawn(9)}").endswith(drawn(9))
    assert watched.is_repeated(f"{FORUM}?{name}={drawn(4)}&t=1")
    assert watched.is_repeated(f"{FORUM}?t=1")
    assert not watched.is_repeated(f"{FORUM}?t=2&{name}={drawn(4)}")


def test_two_random_values_together_are_sessions() -> None:
    watched = Parameters()
    for number in (1, 2, 3):
        url = f"{FORUM}?a={drawn(number)}&t=1&b={drawn(-number)}"
        watched.visited(url, Outcome.FETCHED if number == 1 else Outcome.NEAR_DUPLICATE)
    assert watched.cleaned(f"{FORUM}?a={drawn(7)}&t=2&b={drawn(8)}") == f"{FORUM}?t=2"


def test_a_random_value_that_brings_pages_is_none() -> None:
    watched = Parameters()
    for number in range(50):
        watched.visited(f"{FORUM}?id={drawn(number)}", Outcome.DUPLICATE if number % 10 == 5 else Outcome.FETCHED)
    assert watched.cleaned(f"{FORUM}?id={drawn(99)}") == f"{FORUM}?id={drawn(99)}"
    assert not watched.is_repeated(f"{FORUM}?id={drawn(99)}")


def test_a_parameter_without_pages_is_refused_and_others_of_its_path_are_not() -> None:
    watched = Parameters()
    for number in range(FAIR_TRIAL):
        watched.visited(f"{FORUM}?t=1&view={number}", Outcome.DUPLICATE if number else Outcome.FETCHED)
    refused = watched.refusal(f"{FORUM}?t=1&view=new")
    assert refused is not None
    assert "other values of view" in refused[1]
    assert watched.refusal(f"{FORUM}?t=2") is None
    assert watched.refusal(f"{FORUM}?t=2&view=1") is None
    assert watched.refusal(f"{FORUM}?t=2&view=1") is None
    assert watched.refusal(f"{FORUM}?t=2&view=2") is not None


@pytest.mark.parametrize("name", ["sid", "PHPCOOKIE"])
def test_a_forum_with_another_session_in_every_link_is_crawled_once(site: Site, tmp_path: Path, name: str) -> None:
    topics = 60
    given: list[int] = []

    def link(path: str) -> str:
        given.append(0)
        mark = "&" if "?" in path else "?"
        return f"<a href='{path}{mark}{name}={drawn(len(given))}'>to {path}</a>"

    def topic(request: Request) -> Reply:
        number = int(parse_qs(request.path.partition("?")[2])["t"][0])
        words = " ".join(hashlib.md5(f"{number} {i}".encode(), usedforsecurity=False).hexdigest() for i in range(30))
        others = "".join(link(f"/topic?t={(number + step) % topics}") for step in range(1, 8))
        return html(f"<title>Topic {number}</title><h1>Topic {number}</h1><p>{words}.</p>{link('/')}{others}")

    def index(request: Request) -> Reply:
        listed = "".join(f"<li>{link(f'/topic?t={number}')}" for number in range(0, topics, 4))
        return html(f"<title>Forum</title><h1>Forum</h1><p>All that was ever said.</p><ul>{listed}</ul>")

    site.respond("/topic", topic)
    site.respond("/", index)
    crawled = Recorder(tmp_path / "frontier.db").crawl(site.at("/"), use_sitemaps=False)
    asked = [request for request in site.requests if request.path.startswith(("/topic", "/?"))]
    said = {page.title for page in crawled.pages.values()}
    assert {f"Topic {number}" for number in range(topics)} <= said
    assert len(asked) <= topics + 60
    site.requests.clear()
    Recorder(tmp_path / "frontier.db").crawl(site.at("/"), use_sitemaps=False)
    again = [request for request in site.requests if request.path.startswith(("/topic", "/?"))]
    assert len(again) <= topics + 60
