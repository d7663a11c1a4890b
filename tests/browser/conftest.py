"""Chromium, and ``recollect serve`` over an index of tests/site."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from server.assemble import key_file
from server.commands.crawl import crawl_into_index
from server.doors.scope import Scope
from server.settings.config import Config
from tests.support.need import missing
from tests.support.site import SITE_FOLDER, Reply, Site

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")

PATIENCE_MS = 120_000
"""How long a test waits for what must come; on an idle machine it is there at once."""

Open = Callable[..., Page]

PAGE = """<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A foreign page</title>{style}
<script type="module" src="{server}/widget/recollect.js"></script>
<main><h1>A foreign page</h1><label>Name <input id="other"></label>
<recollect-search key="{key}" {attributes}>
<form action="{server}/"><input name="q" aria-label="Search"></form></recollect-search>
<p>Text below.</p></main></html>"""
POLICY = (
    "default-src 'none'; script-src {server}; connect-src {server}; form-action {server}; base-uri 'none'; "
    "style-src {styles}; require-trusted-types-for 'script'"
)

HOSTILE = (
    "* { color: red !important; font-size: 40px !important; display: block !important; position: static !important }"
)

Foreign = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A running browser. Playwright runs an event loop until it ends, and other modules' tests start their own."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        missing("Chromium", "apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """tests/site, still being served, so that links lead somewhere, and its index."""
    site = Site(SITE_FOLDER)
    data = tmp_path_factory.mktemp("browser") / "index"
    crawl_into_index(Config(data=data), [site.at("/")])
    yield site, data
    site.close()


@pytest.fixture(scope="module")
def address(documents: tuple[Site, Path]) -> Iterator[str]:
    """Where ``recollect serve`` listens, as it says itself."""
    with serving(documents[1]) as found:
        yield found


@contextmanager
def serving(data: Path, *options: str | Path) -> Iterator[str]:
    """``recollect serve`` over an index; where it listens. It has answered once, so that its models are loaded.

    An index that is not there yet is made by what is pushed.
    """
    command: list[str | Path] = [Path(sys.executable).with_name("recollect"), "serve", "--port", "0", "--data", data]
    is_indexed = data.exists()  # a server makes the folder, too
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line, "recollect serve did not start"
            found = line.split()[-1]
            if is_indexed:
                httpx.get(f"{found}api/v1/answer", params={"q": "Is all loaded?"}, timeout=120).raise_for_status()
            yield found
        finally:
            server.terminate()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Open]:
    """Open a path of the server in a fresh context; any error in the page's script fails the test."""
    contexts, errors = [], []

    def note_error(message: ConsoleMessage) -> None:
        # Pages that results lead to are not ours, and a request that a test breaks is meant to fail.
        is_ours = str(message.location.get("url", "")).startswith(address)
        if message.type == "error" and is_ours and not message.text.startswith("Failed to load resource"):
            errors.append(message.text)

    def open_(path: str = "/", **options: object) -> Page:
        context = chromium.new_context(**options)  # type: ignore[arg-type]  # Playwright's own option names
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", note_error)
        page.goto(address + path.lstrip("/"))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not errors


def violations(page: Page) -> list[str]:
    """What axe finds, and where; its own report cannot name places in shadow roots."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[(n['target'], n['failureSummary']) for n in one['nodes']]}" for one in found]


@pytest.fixture(scope="module")
def other_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("foreign"))
    yield site
    site.close()


@pytest.fixture
def foreign(chromium: Browser, address: str, documents: tuple[Site, Path], other_site: Site) -> Iterator[Foreign]:
    """Open a page of another origin with the box in it. Nothing is allowed there but our server; any breach fails."""
    origin = other_site.url.rstrip("/")
    _, key = key_file(Config(data=documents[1])).create("box", [Scope.SEARCH, Scope.ANSWER], origins=[origin])
    contexts, problems = [], []

    def note(message: ConsoleMessage) -> None:
        # The browser asks every site for its icon, and this one has none; refusals are what some tests are about.
        place = str(message.location.get("url", ""))
        if message.type == "error" and "favicon" not in place and "403" not in message.text:
            problems.append(f"{message.text} {place}")

    def open_(attributes: str = "", *, key: str = key, style: str = "", **options: object) -> Page:
        server, language = address.rstrip("/"), str(options.pop("language", "en"))
        direction = "rtl" if language == "ar" else "ltr"
        styles = "'unsafe-inline'" if style else "'none'"
        html = PAGE.format(
            language=language,
            direction=direction,
            server=server,
            key=key,
            attributes=attributes,
            style=f"<style>{style}</style>" * bool(style),
        )
        policy = POLICY.format(server=server, styles=styles)
        reply = Reply(200, html.encode(), {"Content-Type": "text/html", "Content-Security-Policy": policy})
        other_site.respond("/", reply)
        context = chromium.new_context(**options)  # type: ignore[arg-type]  # Playwright's own option names
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", note)
        page.goto(f"{origin}/")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []
