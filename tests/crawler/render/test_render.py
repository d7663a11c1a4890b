"""Pages that scripts build, in real Chromium: what is read of them, and what their scripts may not do."""

import os
import select
import shutil
import socket
from pathlib import Path
from typing import Any

import psutil
import pytest

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.errors import CrawlError
from crawler.extract.extract import extract
from crawler.frontier.sqlite import SqliteFrontier
from crawler.page import Gone, Page
from crawler.render.render import NAMES
from crawler.render.shell import is_shell
from crawler.report import CrawlEvent
from tests.support.need import missing
from tests.support.site import Reply, Request, Site

HTML = {"Content-Type": "text/html"}
SHELL = "<!doctype html><title>Shop</title><noscript>You need JavaScript.</noscript><div id=root></div>"
APP = """
fetch('/api/page.json?of=' + location.pathname).then(answer => answer.json()).then(page => {
  const root = document.getElementById('root');
  root.innerHTML = '<main><h1 id="top"></h1><p></p></main>';
  root.querySelector('h1').textContent = page.title;
  root.querySelector('p').textContent = page.text;
  for (const link of page.links) {
    const a = document.createElement('a');
    a.href = link; a.textContent = link;
    root.firstChild.append(a);
  }
});
"""


@pytest.fixture
def shop(serve: Any, tmp_path: Path) -> Site:
    """A shop whose pages are all the same shell; a script fills it from JSON."""
    if not any(map(shutil.which, NAMES)):
        missing("Chromium", "apt-get install chromium")
    folder = tmp_path / "shop"
    folder.mkdir()
    site: Site = serve(folder)

    def answer_with_agent(request: Request) -> Reply:
        name = request.path.rpartition("/")[2] or "start"
        links = '["/kettles", "/teapots"]' if name == "start" else "[]"
        text = (
            f'{{"title": "All about {name}", "text": "The {name} of this shop are sold in Leeds.", "links": {links}}}'
        )
        return Reply(200, text.encode(), {"Content-Type": "application/json"})

    for path in ("/", "/kettles", "/teapots"):
        body = f'{SHELL}<link rel=stylesheet href="/app.css"><script src="/app.js"></script>'.encode()
        site.respond(path, Reply(200, body, {**HTML, "ETag": '"1"'}))
    site.respond("/app.js", Reply(200, APP.encode(), {"Content-Type": "text/javascript"}))
    site.respond("/api/page.json", answer_with_agent)
    return site


def crawl(
    site: Site, folder: Path, path: str = "/", **settings: Any
) -> tuple[dict[str, Page | Gone], dict[str, CrawlEvent]]:
    config = CrawlConfig(**{"render": "auto", "use_sitemaps": False, **settings})
    events: list[CrawlEvent] = []
    frontier = SqliteFrontier(folder / "frontier.sqlite")
    crawler = Crawler(config, frontier)
    items = {}
    for item in crawler.crawl([site.at(path)], events.append):
        items[item.url.removeprefix(site.url)] = item
        crawler.acknowledge([item])
    frontier.close()
    return items, {event.url.removeprefix(site.url): event for event in events}


def scripted(site: Site, path: str, script: str) -> None:
    site.respond(path, Reply(200, f"{SHELL}<script>{script}</script>".encode(), HTML))


def text_of(page: Page | Gone) -> str:
    assert isinstance(page, Page)
    return " ".join(section.text for section in page.sections)


def test_what_scripts_build_is_read_and_its_links_are_followed(shop: Site, tmp_path: Path) -> None:
    pages, _ = crawl(shop, tmp_path)
    assert set(pages) == {"/", "/kettles", "/teapots"}
    kettles = pages["/kettles"]
    assert isinstance(kettles, Page)
    assert "The kettles of this shop are sold in Leeds." in text_of(kettles)
    assert kettles.sections[0].heading_path == ("All about kettles",)
    assert "JavaScript" not in text_of(kettles)
    assert kettles.etag is None
    assert len(shop.requests_for("/app.js")) == 1
    assert not shop.requests_for("/app.css")
    assert {request.headers["user-agent"] for request in shop.requests} == {"Recollect/0.1"}


def test_a_built_page_is_built_again_and_found_unchanged(shop: Site, tmp_path: Path) -> None:
    crawl(shop, tmp_path)
    before = len(shop.requests_for("/kettles"))
    pages, events = crawl(shop, tmp_path)
    assert not pages
    assert events["/kettles"].reason == "same_content"
    assert [request.headers.get("if-none-match") for request in shop.requests_for("/kettles")[before:]] == [None]


def test_never_leaves_scripts_alone(shop: Site, tmp_path: Path) -> None:
    pages, _ = crawl(shop, tmp_path, render="never")
    assert text_of(pages["/"]) == "You need JavaScript."
    assert not shop.requests_for("/app.js")


def test_auto_leaves_an_ordinary_page_alone(shop: Site, tmp_path: Path) -> None:
    text = "This page says all it has to say by itself, at some length. " * 6
    shop.respond("/", Reply(200, f"<h1>Plain</h1><p>{text}</p><script src=/app.js></script>".encode(), HTML))
    pages, _ = crawl(shop, tmp_path)
    assert text.strip() in text_of(pages["/"])
    assert not shop.requests_for("/app.js")


def test_only_included_urls_are_rendered(shop: Site, tmp_path: Path) -> None:
    pages, _ = crawl(shop, tmp_path, render="always", render_include=("/?ettles", "/"))
    assert "sold in Leeds" in text_of(pages["/kettles"])
    assert text_of(pages["/teapots"]) == "You need JavaScript."


def test_a_script_reaches_no_address_but_its_site(shop: Site, serve: Any, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    inside: Site = serve(tmp_path / "other")
    inside.respond("/secret", Reply(200, b"hush", {"Access-Control-Allow-Origin": "*"}))
    shop.redirect("/way-in", inside.at("/secret"))
    script = f"""
        const told = [];
        const ask = (url, options) => fetch(url, options).then(r => r.text()).catch(() => 'nothing')
          .then(text => told.push(text));
        new Image().src = '{inside.at("/image")}';
        const frame = document.createElement('iframe'); frame.src = '{inside.at("/frame")}';
        document.body.append(frame);
        try {{ new WebSocket('{inside.at("/socket").replace("http", "ws")}'); }} catch (error) {{}}
        navigator.sendBeacon('{inside.at("/beacon")}', 'x');
        Promise.all([
          ask('{inside.at("/secret")}'), ask('/way-in'), ask('http://169.254.169.254/latest/meta-data/'),
          ask('/api/page.json', {{method: 'DELETE'}}),
        ]).then(() => {{ document.getElementById('root').innerHTML = '<p>Told: ' + told.join(', '); }});
    """
    scripted(shop, "/", script)
    pages, events = crawl(shop, tmp_path)
    assert text_of(pages["/"]) == "Told: nothing, nothing, nothing, nothing"
    assert not inside.requests
    assert "address: " in events["/"].detail
    assert "169.254.169.254" in events["/"].detail
    assert {request.method for request in shop.requests} == {"GET"}


def test_calls_between_browsers_leave_nothing_out(shop: Site, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.create_server(("127.0.0.1", 0)) as tcp:
        udp.bind(("127.0.0.1", 0))
        servers = (
            f"{{urls: 'stun:127.0.0.1:{udp.getsockname()[1]}'}},"
            f"{{urls: 'turn:127.0.0.1:{tcp.getsockname()[1]}?transport=tcp', username: 'a', credential: 'b'}}"
        )
        script = f"""
            const call = new RTCPeerConnection({{iceServers: [{servers}]}});
            call.createDataChannel('x');
            call.createOffer().then(offer => call.setLocalDescription(offer)).then(() => root.append('Called. '));
            const ticking = setInterval(() => root.append(document.createElement('i')), 50);
            setTimeout(() => clearInterval(ticking), 1500);
        """
        scripted(shop, "/", script)
        pages, _ = crawl(shop, tmp_path)
        assert "Called." in text_of(pages["/"])
        assert select.select([udp, tcp], [], [], 0)[0] == []


def test_credentials_of_one_site_are_not_lent_to_another(shop: Site, serve: Any, tmp_path: Path) -> None:
    from crawler.fetch.config import AuthConfig

    (tmp_path / "wiki").mkdir()
    wiki: Site = serve(tmp_path / "wiki")
    wiki.respond("/data", Reply(200, b"private", {"Access-Control-Allow-Origin": "*"}))
    wiki.respond("/", Reply(200, b"<p>Welcome to the wiki.", HTML))
    scripted(
        shop,
        "/",
        f"fetch('{wiki.at('/data')}').then(r => r.text()).catch(() => 'nothing')"
        ".then(text => { root.innerHTML = '<p>Got ' + text; });",
    )
    config = CrawlConfig(
        render="auto", use_sitemaps=False, authentication=(AuthConfig(wiki.url, user="ann", password="hush"),)
    )
    frontier = SqliteFrontier(tmp_path / "frontier.sqlite")
    pages = {item.url: item for item in Crawler(config, frontier).crawl([shop.at("/"), wiki.at("/")])}
    frontier.close()
    assert text_of(pages[shop.at("/")]) == "Got nothing"
    assert not wiki.requests_for("/data")


def test_requests_obey_robots_and_the_limits(shop: Site, tmp_path: Path) -> None:
    shop.respond("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /closed", {"Content-Type": "text/plain"}))
    script = """
      Promise.allSettled(['/closed/a', '/api/page.json', '/api/page.json?2', '/api/page.json?3'].map(
        url => fetch(url))).then(all => {
          root.innerHTML = '<p>Answered: ' + all.filter(one => one.status == 'fulfilled').length; });
    """
    scripted(shop, "/", script)
    pages, events = crawl(shop, tmp_path, render_max_requests=3)
    assert text_of(pages["/"]) in ("Answered: 2", "Answered: 3")
    assert not shop.requests_for("/closed/a")
    assert "robots.txt forbids" in events["/"].detail
    assert "render_max_requests: " in events["/"].detail


def test_a_page_that_loops_for_ever_fails_and_the_others_do_not(shop: Site, tmp_path: Path) -> None:
    body = f"{SHELL}<a href=/kettles>K</a><a href=/loop>L</a><script src=/app.js></script>".encode()
    shop.respond("/", Reply(200, body, HTML))
    scripted(shop, "/loop", "while (true) {}")
    shop.respond("/api/page.json", Reply(200, b'{"title": "T", "text": "Some text.", "links": ["/kettles", "/loop"]}'))
    pages, events = crawl(shop, tmp_path, render_timeout_s=4.0)
    assert "/" in pages
    assert (events["/loop"].outcome, events["/loop"].reason) == ("failed", "render")
    assert "still works after 4 s" in events["/loop"].detail


def test_a_browser_that_dies_is_replaced(shop: Site, tmp_path: Path) -> None:
    def kill(_: Request) -> Reply:
        for child in psutil.Process().children(recursive=True):
            if "--headless" in (words := child.cmdline()) and not any(word.startswith("--type=") for word in words):
                child.kill()
        return Reply(200, b"{}", {"Content-Type": "application/json"})

    shop.respond("/kill", kill)
    scripted(shop, "/", "fetch('/kill')")
    shop.respond("/plain", Reply(200, b"<p>A plain page with links.</p><a href=/>1</a><a href=/kettles>2</a>", HTML))
    pages, events = crawl(shop, tmp_path, path="/plain", concurrency=1)
    assert (events["/"].outcome, events["/"].reason) == ("failed", "render")
    assert "The kettles of this shop are sold in Leeds." in text_of(pages["/kettles"])


def test_a_page_that_never_rests_is_read_as_it_stands(shop: Site, tmp_path: Path) -> None:
    scripted(
        shop,
        "/",
        "root.innerHTML = '<p>Here already.</p>'; setInterval(() => root.append(document.createElement('i')), 20)",
    )
    pages, _ = crawl(shop, tmp_path, render_timeout_s=2.0)
    assert "Here already." in text_of(pages["/"])


def test_where_a_script_leads_is_visited(shop: Site, tmp_path: Path) -> None:
    scripted(shop, "/", "location.replace('/kettles')")
    pages, _ = crawl(shop, tmp_path)
    assert set(pages) == {"/kettles"}


def test_a_browser_that_does_not_start_is_the_pages_failure(shop: Site, tmp_path: Path) -> None:
    shop.respond("/plain", Reply(200, b"<p>Plain text, with a link.</p><a href=/>shop</a>", HTML))
    pages, events = crawl(shop, tmp_path, path="/plain", render_browser=Path("/bin/false"))
    assert set(pages) == {"/plain"}
    assert events["/"].reason == "render"
    assert "/bin/false does not start" in events["/"].detail


def test_chromium_keeps_its_sandbox_for_everybody_but_root(
    shop: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for = tmp_path / "told"
    browser = tmp_path / "browser"
    is_root = os.geteuid() == 0
    # As root, the wrapper starts the browser as nobody, who can use the sandbox.
    start = "setpriv --reuid=65534 --regid=65534 --clear-groups" if is_root else ""
    own = 'chown -R 65534 "${option#--user-data-dir=}"' if is_root else ":"
    browser.write_text(
        f'#!/bin/sh\necho "$@" >> {asked_for}\n'
        f'for option in "$@"; do case $option in --user-data-dir=*) {own};; esac; done\n'
        f'HOME=/tmp exec {start} {next(filter(None, map(shutil.which, NAMES)))} "$@"\n'
    )
    browser.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 65534)
    pages, _ = crawl(shop, tmp_path, path="/teapots", render_browser=browser)
    assert "The teapots of this shop" in text_of(pages["/teapots"])
    assert "--no-sandbox" not in asked_for.read_text()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    crawl(shop, tmp_path / "root", path="/teapots", render_browser=browser)
    assert "--no-sandbox" in asked_for.read_text()


def test_a_missing_browser_is_told_before_the_crawl(shop: Site, tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"crawl\.render_browser .* cannot be run"):
        crawl(shop, tmp_path, render_browser=tmp_path / "none")
    assert not shop.requests


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<div id="root"></div><script src=a.js></script>', True),
        ('<p>Our shop in short words.</p><div id="app"><!--app-html--></div><script src=a.js></script>', True),
        ("<h1>Shop and more</h1><app-root></app-root><script src=a.js></script>", True),
        ("<p>A line of some length.</p><noscript><p>Please enable <b>JavaScript</b></noscript><script></script>", True),
        ("<p>A short page of one sentence.</p><script src=a.js></script>", False),
        ('<div id="root"></div>', False),
        (f'<p>{"Many words. " * 40}</p><div id="root"></div><script src=a.js></script>', False),
    ],
)
def test_shells_are_told_from_pages(body: str, expected: bool) -> None:
    assert is_shell(body.encode(), extract(body, "http://a.example/")) is expected
