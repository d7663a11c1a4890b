"""Clients of other search services, unmodified from npm, with nothing changed but the address they ask."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from server.assemble import key_file
from server.doors.scope import Scope
from server.settings.config import Config
from tests.browser.conftest import PATIENCE_MS
from tests.support import npm
from tests.support.npm import packages
from tests.support.site import Reply, Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A page with other clients</title>
<div id="docs"></div><div id="box"></div><div id="paths"></div><div id="hits"></div><div id="pages"></div>
<script src="/node_modules/algoliasearch/dist/lite/builds/browser.umd.js"></script>
<script src="/node_modules/instantsearch.js/dist/instantsearch.production.min.js"></script>
<script src="/node_modules/@docsearch/js/dist/umd/index.js"></script>
<script>{script}</script></html>"""
# Its own patience ends after two seconds, which a busy machine may need.
CLIENT = """const hosts = [{{ url: "{host}", protocol: "http", accept: "readWrite" }}];
const timeouts = {{ connect: 60000, read: 60000, write: 60000 }};
const client = window["algoliasearch/lite"].liteClient("app", "{key}", {{ hosts, timeouts }});"""
INSTANT_SEARCH = """const search = instantsearch({ indexName: "pages", searchClient: client });
const { searchBox, hits, refinementList, pagination, configure } = instantsearch.widgets;
const item = (hit, { html, components }) => html`<a href="${hit.url}">
  ${components.Highlight({ hit, attribute: "title" })}</a><p>${components.Snippet({ hit, attribute: "content" })}</p>`;
search.addWidgets([configure({ hitsPerPage: 5 }), searchBox({ container: "#box" }),
  hits({ container: "#hits", templates: { item } }), refinementList({ container: "#paths", attribute: "path" }),
  pagination({ container: "#pages" })]);
search.start();"""
DOC_SEARCH = """docsearch({ container: "#docs",
  appId: "app", apiKey: "key", indexName: "pages", transformSearchClient: () => client });"""


@pytest.fixture(scope="module")
def npm_site() -> Iterator[Site]:
    """The packages, served as a site would serve them."""
    site = Site(packages())
    yield site
    site.close()


@pytest.fixture(scope="module")
def key(npm_site: Site, documents: tuple[Site, Path]) -> str:
    """A public key of that site."""
    origin = npm_site.url.rstrip("/")
    return key_file(Config(data=documents[1])).create("clients", [Scope.SEARCH], origins=[origin])[1]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a fresh context."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def show(page: Page, site: Site, address: str, key: str, script: str) -> None:
    client = CLIENT.format(host=address.removeprefix("http://").rstrip("/"), key=key)
    site.respond("/", Reply(200, PAGE.replace("{script}", client + script).encode(), {"Content-Type": "text/html"}))
    page.goto(site.url)


def test_instantsearch_finds_highlights_narrows_and_pages(page: Page, npm_site: Site, address: str, key: str) -> None:
    show(page, npm_site, address, key, INSTANT_SEARCH)
    expect(page.locator(".ais-Hits-item")).to_have_count(5)
    page.locator(".ais-Pagination").get_by_role("link", name="Page 2", exact=True).click()
    expect(page.locator(".ais-Pagination-item--selected")).to_have_text("2")
    page.get_by_role("searchbox").fill("restore a sing")
    first = page.locator(".ais-Hits-item").first
    expect(first).to_contain_text("Restore files")
    expect(first.locator("mark").first).to_be_visible()
    page.get_by_role("searchbox").fill("tern")
    page.locator("#paths").get_by_text("/guide").click()
    expect(page.locator(".ais-RefinementList-item--selected")).to_contain_text("/guide")
    expect(page.locator(".ais-Hits-item a:not([href*='/guide/'])")).to_have_count(0)
    expect(page.locator(".ais-Hits-item").first).to_be_visible()


def test_docsearch_opens_the_page_by_keyboard(
    page: Page, npm_site: Site, address: str, key: str, documents: tuple[Site, Path]
) -> None:
    show(page, npm_site, address, key, DOC_SEARCH)
    expect(page.locator(".DocSearch-Button")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator(".DocSearch-Input")).to_be_focused()
    page.keyboard.type("practise a restore")
    hit = page.locator(".DocSearch-Hit", has_text="Practise a restore").first
    expect(hit.locator("mark").first).to_be_visible()
    page.locator(".DocSearch-Hit").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{documents[0].url}/**")


@pytest.mark.parametrize("connector", ["proxy", "app-search"])
def test_search_ui_finds_narrows_and_completes(connector: str, address: str) -> None:
    command: list[str | Path] = ["node", Path(npm.__file__).with_name("search_ui.mjs")]
    arguments = [address.rstrip("/"), connector, "restore", "path", "/guide"]
    ran = subprocess.run(
        [*command, *arguments], cwd=packages(), capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    every, some, typed = told["all"], told["some"], told["typed"]
    assert every["results"][0]["title"]["snippet"] == "<em>Restore</em> files"
    counts = {one["value"]: one["count"] for one in every["facets"]["path"][0]["data"]}
    assert some["totalResults"] == counts["/guide"] < every["totalResults"]
    assert all(result["path"]["raw"].startswith("/guide/") for result in some["results"])
    assert "Restore files" in [one["suggestion"] for one in typed["autocompletedSuggestions"]["documents"]]
    assert len(typed["autocompletedResults"]) == 2
