"""The admin area in a real browser: by keyboard, without scripts, in light and dark, on a phone."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.admin.desk import admin_file
from server.admin.entry.accounts import Accounts
from server.admin.entry.sessions import Sessions
from server.admin.guard import COOKIE, PREFIX
from server.assemble import query_file
from server.querylog.record import Entered, RequestKind
from server.settings.config import Config, load
from tests.browser.conftest import Open, serving, violations
from tests.support.site import Site
from tests.support.until import until

pytestmark = pytest.mark.browser

NAME, PASSWORD = "ann", "correct horse battery"
PAGES = (
    "",
    "queries",
    "steering",
    "judging",
    "judging?q=restore",
    "explain?q=restore",
    "keys",
    "index",
    "audit",
    "refused",
    "timing?site=docs",
)
PHONE = {"viewport": {"width": 360, "height": 740}}
SITES = """
data: {data}
sites:
  - {{name: docs, seeds: "{seed}"}}
  - {{name: wiki, seeds: "http://127.0.0.1:9/", crawl: {{max_retries: 0}}}}
"""


@pytest.fixture(scope="module")
def file(documents: tuple[Site, Path]) -> Path:
    """A config file beside the index, with an account and a query log."""
    site, data = documents
    path = data.parent / "recollect.yml"
    path.write_text(SITES.format(data=data, seed=site.at("/")), "utf-8")
    config = Config(data=data)
    Accounts(admin_file(config)).create(NAME, PASSWORD)
    now = int(datetime.now(UTC).timestamp())
    query_file(config).add([Entered(now, RequestKind.SEARCH, f"restore {number}", number, 12.0) for number in range(3)])
    return path


@pytest.fixture(scope="module")
def address(file: Path, documents: tuple[Site, Path]) -> Iterator[str]:
    with serving(documents[1], "--config", file) as found:
        yield found


@pytest.fixture
def signed(open_page: Open, address: str, file: Path) -> Callable[..., Page]:
    """Open a page as somebody who has signed in."""

    def open_(path: str = "", **options: object) -> Page:
        page = open_page("/admin/login", **options)
        secret = Sessions(admin_file(load(file, environ={}))).begin(NAME)
        page.context.add_cookies([{"name": COOKIE, "value": secret, "domain": "127.0.0.1", "path": PREFIX}])
        page.goto(f"{address}admin/{path}")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    return open_


def test_signing_in_and_out_by_keyboard(open_page: Open) -> None:
    page = open_page("/admin/keys")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="API keys")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(page.url.replace("login", "keys"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(scheme: str, open_page: Open, signed: Callable[..., Page]) -> None:
    assert violations(open_page("/admin/login", color_scheme=scheme)) == []
    page = signed(color_scheme=scheme)
    for path in PAGES:
        page.goto(page.url.partition("/admin/")[0] + f"/admin/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert violations(page) == [], path


def test_no_page_is_wider_than_a_phone(signed: Callable[..., Page]) -> None:
    page = signed(**PHONE)
    for path in PAGES:
        page.goto(page.url.partition("/admin/")[0] + f"/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_order_is_changed_after_both_were_seen(has_scripts: bool, signed: Callable[..., Page], file: Path) -> None:
    """Pins a page for a query, sees where it goes, saves, and takes it back."""
    page = signed("steering", java_script_enabled=has_scripts)
    page.get_by_label("Try them on the query").fill("restore a single file")
    page.keyboard.press("Enter")
    rows = page.get_by_role("region", name="Both orders").locator("tbody tr")
    last = rows.last.get_by_role("link").get_attribute("href")
    page.get_by_label("Queries, one in a line").last.fill("restore a single file")
    page.get_by_label("Pages that come first").last.fill(str(last))
    page.get_by_role("button", name="Show both orders").press("Enter")
    expect(rows.first).to_contain_text("up")
    expect(rows.first.get_by_role("link")).to_have_attribute("href", str(last))
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved, and in use")
    assert load(file, environ={}).rank.steer.pins[0].first == (last,)
    page.get_by_label("Queries, one in a line").first.fill("")
    page.get_by_label("Pages that come first").first.fill("")
    page.get_by_label("Try them on the query").fill("restore a single file")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("saved")
    assert load(file, environ={}).rank.steer.pins == ()


def test_pages_are_judged_by_keyboard(signed: Callable[..., Page]) -> None:
    page = signed("judging")
    page.get_by_label("Query").fill("restore files")
    page.keyboard.press("Enter")
    grade = page.get_by_label("How relevant?").first
    grade.focus()
    page.keyboard.press("3")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.get_by_label("How relevant?").first).to_have_value("3")
    page.get_by_role("link", name="Judging").click()
    expect(page.get_by_text("1 pages, 1 relevant")).to_be_visible()


def test_a_key_is_made_and_ended_after_a_question(signed: Callable[..., Page]) -> None:
    page = signed("keys")
    page.get_by_label("Name, to know it again").fill("our website")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator(".secret")).to_contain_text("rk_")
    answers = iter([False, True])

    def answer(dialog: object) -> None:
        accept = next(answers)
        dialog.accept() if accept else dialog.dismiss()  # type: ignore[attr-defined]  # Playwright's Dialog

    page.on("dialog", answer)
    revoke = page.get_by_role("button", name="Revoke our website")
    revoke.click()
    expect(revoke).to_be_visible()
    revoke.click()
    expect(page.get_by_role("status")).to_contain_text("opens nothing any more")
    expect(page.get_by_text("revoked")).to_be_visible()


def test_a_crawl_is_started_and_its_end_shows_by_itself(signed: Callable[..., Page]) -> None:
    page = signed()
    row = page.get_by_role("row", name="wiki")
    row.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The crawl begins")

    # Nothing listens there, so the crawl fails soon after the process for it has begun.
    def is_over() -> bool:
        page.reload()
        return "failed" in row.inner_text()

    until(is_over)
    expect(row.get_by_role("button", name="Start")).to_be_visible()


def test_progress_is_shown_in_place(signed: Callable[..., Page]) -> None:
    """The script asks for the page again while a crawl is under way, and keeps the focus where it was."""
    page = signed()
    parts = {"state": "running", "count": 1}

    def answer(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]  # Playwright's Route
        text = response.text().replace(
            '<span class="state idle">idle</span>', f'<span class="state running">{parts["count"]} seen</span>'
        )
        parts["count"] = int(str(parts["count"])) + 1
        route.fulfill(response=response, body=text.replace('id="live"', 'id="live" data-again="0.05"'))  # type: ignore[attr-defined]

    page.route("**/admin/", answer)
    page.reload()
    start = page.get_by_role("button", name="Start the crawl of docs")
    start.focus()
    expect(page.locator(".state").first).to_contain_text(re.compile(r"([3-9]|\d\d) seen"))
    expect(start).to_be_focused()


def test_a_schedule_is_changed_by_keyboard_without_scripts(signed: Callable[..., Page]) -> None:
    page = signed("", java_script_enabled=False)
    page.get_by_role("link", name="Change the schedule of docs").focus()
    page.keyboard.press("Enter")
    own = page.get_by_label("By these patterns")
    own.focus()
    page.keyboard.press("Space")
    page.get_by_label("Patterns, one a line").fill("every day")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("0 3 * * *")
    page.go_back()
    own.check()
    page.get_by_label("Patterns, one a line").fill("30 4 * * *")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("It holds from now on.")
    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text("04:30")
    page.get_by_label("As in the settings").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("When somebody starts it.")
