"""What a visitor does with the search box beyond finding a page: by keyboard alone, on a foreign page."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import HOSTILE, Foreign, violations
from tests.support.site import Site

pytestmark = pytest.mark.browser

QUESTION = "How long does a restore of 200 GB take?"
UNANSWERED = "Who won the chess olympiad of 1972 with a backup?"
WITHIN = """(place) => Boolean(document.querySelector("recollect-search").shadowRoot.activeElement?.closest(place))"""
REFUSE = """() => { window.held = {};
const problem = JSON.stringify({ detail: "The doors are shut" });
window.fetch = (url) => new Promise((resolve) => {
  const kind = new URL(url).searchParams.has("unfinished") ? "typed" : new URL(url).pathname.split("/").at(-1);
  held[kind] = () => resolve(new Response(problem, { status: 403 })); }); }"""
"""Each request waits until it is refused."""

OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of this name has the focus."""
    wanted = page.get_by_role("button", name=name)
    for _ in range(30):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element.getRootNode().activeElement === element"):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def ask(page: Page, question: str) -> None:
    page.get_by_role("combobox").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Answer")).to_have_attribute("aria-busy", "false")


def tab_into(page: Page, place: str) -> None:
    """Press Tab until something in this part of the box has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(WITHIN, place):
            return
    raise AssertionError(f"Tab does not lead into {place}")


@pytest.mark.parametrize(
    "look",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"viewport": {"width": 360, "height": 740}},
        {"language": "ar", "reduced_motion": "reduce"},
        {"style": HOSTILE},
    ],
    ids=["light", "dark", "forced", "phone", "rtl", "hostile"],
)
def test_a_whole_visit_by_keyboard(foreign: Foreign, look: dict[str, Any], documents: tuple[Site, Path]) -> None:
    page = foreign('mode="modal" facets="path"', **look)
    page.keyboard.press("Control+k")
    box, answer = page.get_by_role("combobox"), page.locator("[part=answer]")
    expect(box).to_be_focused()
    page.keyboard.type("tern")
    expect(page.locator("[part=filters] button").first).to_be_visible()
    tab_into(page, "[part=filters]")
    page.keyboard.press("Space")
    expect(page.locator("[part=filters] [aria-pressed=true]")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[part=filters] [aria-pressed=true]")).to_have_count(0)
    box.focus()
    ask_by_keyboard(page, QUESTION)
    expect(answer.locator("[part=answer-text]")).to_contain_text("forty minutes")
    tab_into(page, "[part=feedback]")
    with page.expect_response(lambda response: "/api/v1/feedback" in response.url) as taken:
        page.keyboard.press("Enter")
    assert taken.value.status == 204
    expect(answer.locator("[part=feedback] [aria-pressed=true]")).to_be_focused()
    assert violations(page) == []
    box.focus()
    ask_by_keyboard(page, "And of a whole machine?")
    expect(answer.locator("summary")).to_have_text(QUESTION)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    box.fill("restore drill")
    expect(page.get_by_role("option").first).to_contain_text("Restore files")
    page.keyboard.press("ArrowDown")
    with page.expect_request(lambda request: "/api/v1/click" in request.url) as told:
        page.keyboard.press("Enter")
    page.wait_for_url(f"{documents[0].url}/guide/restore.html**")
    click = told.value.post_data_json or {}
    assert (click["query"], click["position"]) == ("restore drill", 1)


def ask_by_keyboard(page: Page, question: str) -> None:
    """Type a question over what is there, and wait for its answer."""
    page.keyboard.press("Control+a")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(page.locator("[part=answer] .asked")).to_have_text(question)
    expect(page.locator("[part=answer]")).to_have_attribute("aria-busy", "false")


def test_what_was_mistyped_is_told_and_can_be_searched_as_typed(foreign: Foreign) -> None:
    page = foreign()
    page.get_by_role("combobox").fill("restroe")
    note = page.locator("[part=correction]")
    expect(note).to_have_text("Showing results for restore. Search instead for restroe")
    expect(page.get_by_role("option").first).to_contain_text("Restore files")
    with page.expect_request(lambda request: "corrects=false" in request.url):
        tab_to(page, "restroe")
        page.keyboard.press("Enter")
    expect(note).to_have_count(0)
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("combobox")).to_have_value("restroe")


def test_a_refusal_names_the_closest_pages(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.keyboard.press("/")
    ask(page, UNANSWERED)
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("The pages do not answer this")
    expect(answer.locator("[part=closest] a").first).to_have_attribute("href", re.compile("^http"))


@pytest.mark.parametrize("kinds", [("search", "answer"), ("answer", "search")], ids=lambda kinds: kinds[0])
def test_why_nothing_comes_is_said_once(kinds: tuple[str, str], foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.evaluate(REFUSE)
    page.keyboard.press("/")
    ask = page.get_by_role("combobox")
    ask.fill("what is shut")
    ask.press("Enter")
    page.wait_for_function("() => held.search && held.answer")
    told = page.locator(".panel").get_by_text("The doors are shut")
    for kind in kinds:
        page.evaluate("kind => held[kind]()", kind)
        expect(told).to_have_count(1)
    expect(page.locator("[part=answer]")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("status")).to_have_text("The doors are shut")
    expect(told).to_have_count(1)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('"zyzzx qwrtp"', "Nothing found for “zyzzx qwrtp”"),
        ("“zyzzx qwrtp”", "Nothing found for “zyzzx qwrtp”"),
        ('zyzzx "qwrtp"', 'Nothing found for “zyzzx "qwrtp"”'),
        ('"zyzzx" "qwrtp"', 'Nothing found for “"zyzzx" "qwrtp"”'),
    ],
)
def test_quotation_marks_are_not_doubled(typed: str, told: str, foreign: Foreign, address: str) -> None:
    page = foreign()
    page.get_by_role("combobox").fill(typed)
    expect(page.locator("[part=note]")).to_have_text(told)
    found = httpx.get(address, params={"q": typed}, timeout=120)
    assert told in unescape(found.text)


def test_questions_before_are_folded_above_the_newest(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.keyboard.press("/")
    ask(page, QUESTION)
    expect(page.get_by_role("combobox")).to_have_attribute("placeholder", "Ask a follow-up question")
    ask(page, "And of a whole machine?")
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator(".asked")).to_have_text("And of a whole machine?")
    before = answer.locator("summary")
    expect(before).to_have_text(QUESTION)
    expect(answer.get_by_text("forty minutes").first).to_be_hidden()
    before.focus()
    page.keyboard.press("Enter")
    expect(answer.get_by_text("forty minutes").first).to_be_visible()
    # Closing ends the conversation.
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(answer.locator("summary")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_attribute("placeholder", "Search or ask a question")


def test_suggestions_stand_below_the_results_where_the_page_wants_them(foreign: Foreign) -> None:
    page = foreign('suggestions="3"')
    page.get_by_role("combobox").fill("rest")
    offered = page.get_by_role("group", name="Suggestions").get_by_role("option")
    expect(offered.first).to_be_visible()
    text = offered.last.inner_text()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox")).to_have_value(text)


def test_a_long_text_is_searched_for_where_suggestions_are_wanted(foreign: Foreign) -> None:
    page = foreign('suggestions="3"')
    page.get_by_role("combobox").fill("restore files from a backup, please tell me how " * 3)
    expect(page.get_by_role("option").first).to_contain_text("Restore files")
    expect(page.get_by_role("group", name="Suggestions")).to_have_count(0)


def test_pages_that_say_the_same_unfold_by_keyboard(foreign: Foreign) -> None:
    page = foreign()
    one = {"url": "https://a.example/", "link": "https://a.example/", "title": "A", "heading_path": [], "more": []}
    same = [{**one, "url": f"https://{name}.example/", "link": f"https://{name}.example/"} for name in "bc"]
    body = {"total": 1, "hits": [{**one, "snippet": "text", "similar": same}], "facets": {}, "corrections": []}
    page.route("**/api/v1/search**", lambda route: answered(route, body))
    page.get_by_role("combobox").fill("a")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.last).to_have_text("2 similar")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(options).to_have_count(3)
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(1)).to_have_attribute("href", "https://b.example/")


def test_recent_searches_can_be_forgotten(foreign: Foreign) -> None:
    page = foreign("recent")
    page.get_by_role("combobox").fill("restore")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_be_visible()
    page.get_by_role("combobox").fill("")
    expect(page.get_by_role("group", name="Recent searches")).to_be_visible()
    tab_to(page, "Forget recent searches")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Recent searches")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_be_focused()
    assert page.evaluate("localStorage.length") == 0


def test_a_filter_keeps_the_focus_while_results_change(foreign: Foreign) -> None:
    page = foreign('facets="path"')
    page.get_by_role("combobox").fill("tern")
    chip = page.get_by_role("button", name="/guide")
    expect(chip).to_be_visible()
    tab_to(page, "/guide")
    page.keyboard.press("Space")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_be_focused()
    page.keyboard.press("Space")
    expect(chip).to_have_attribute("aria-pressed", "false")


def test_a_page_of_results_is_linked_to_and_asks(foreign: Foreign) -> None:
    page = foreign('mode="page"')
    page.get_by_role("combobox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("[part=answer-text]")).to_contain_text("forty minutes")
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == QUESTION
    page.reload()
    expect(page.get_by_role("combobox")).to_have_value(QUESTION)
    expect(page.locator("[part=answer-text]")).to_contain_text("forty minutes")
    page.locator("h1").click()
    expect(page.get_by_role("option").first).to_be_visible()


def answered(route: Route, body: object) -> None:
    route.fulfill(status=200, body=json.dumps(body), headers=OPEN_TO_ALL)
