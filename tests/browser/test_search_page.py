"""The search page in a real browser: typed into, read, and used by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, violations

pytestmark = pytest.mark.browser

QUESTION = "How long does a restore of 200 GB take?"
ANSWERED = "/?q=How+long+does+a+restore+of+200+GB+take%3F"
NARROW = {"viewport": {"width": 360, "height": 740}}


def search(page: Page, text: str) -> None:
    page.get_by_role("combobox").fill(text)
    page.keyboard.press("Enter")


def active_option(page: Page) -> str:
    """The text of the option that assistive technology is told of; empty where there is none."""
    chosen = page.get_by_role("combobox").get_attribute("aria-activedescendant")
    return str(page.locator(f"#{chosen}").get_attribute("data-text")) if chosen else ""


def test_a_search_shows_results_without_loading_the_page_anew(open_page: Open) -> None:
    page = open_page()
    page.evaluate("window.stays = true")
    search(page, "restore a single file")
    first = page.locator(".hits > li").first
    expect(first.get_by_role("link").first).to_have_text("Restore files")
    expect(first.locator("mark").first).to_be_visible()
    assert "q=restore+a+single+file" in page.url
    assert page.title().startswith("restore a single file")
    assert page.evaluate("window.stays")
    expect(page.get_by_role("status")).to_contain_text("results")


def test_answer_comes_above_the_results_with_citations_that_lead_to_the_words(open_page: Open) -> None:
    page = open_page()
    search(page, QUESTION)
    answer = page.locator("#answer")
    expect(answer.locator(".text")).to_contain_text("forty minutes")
    expect(answer.locator(".sources li").first).to_contain_text("Restore files")
    number = answer.get_by_role("link", name="Source 1").first
    assert "#whole-machine:~:text=" in str(number.get_attribute("href"))
    assert answer.bounding_box()["y"] < page.locator(".hits").bounding_box()["y"]  # type: ignore[index]
    number.click()
    expect(page.get_by_role("heading", name="A whole machine")).to_be_in_viewport()


def test_follow_ups_and_a_word_on_the_answer_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    search(page, QUESTION)
    answer = page.locator("#answer")
    expect(answer.get_by_role("group", name="Was this useful?")).to_be_visible()
    yes = answer.get_by_role("button", name="Yes")
    yes.focus()
    with page.expect_response(lambda response: "/api/v1/feedback" in response.url) as taken:
        page.keyboard.press("Enter")
    assert taken.value.status == 204
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(answer).to_contain_text("Thank you")
    follow = answer.get_by_role("searchbox", name="Ask a follow-up question")
    follow.focus()
    page.keyboard.type("And of a whole machine?")
    page.keyboard.press("Enter")
    expect(answer.locator(".talk .asked")).to_have_text("And of a whole machine?")
    expect(answer.locator(".talk")).to_have_attribute("aria-busy", "false")
    expect(follow).to_be_focused()
    expect(follow).to_have_value("")
    assert violations(page) == []


def test_follow_ups_and_a_word_on_the_answer_without_javascript(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#follow").fill("And of a whole machine?")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Yes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Back to the results").click()
    expect(page.locator(".hits h2").first).to_have_text("Restore files")


def test_unanswerable_question_is_told_so_and_where_to_look(open_page: Open) -> None:
    page = open_page()
    search(page, "Who won the chess olympiad of 1972 with a backup?")
    answer = page.locator("#answer")
    expect(answer.locator(".refused")).to_contain_text("No answer found")
    expect(answer.locator(".refused")).to_contain_text("best pages were read; the closest:")
    closest = answer.locator(".sources a").first
    assert str(closest.get_attribute("href")).startswith("http")
    expect(closest).to_be_visible()
    expect(page.locator(".hits")).to_be_visible()


def test_words_that_ask_nothing_and_have_no_answer_are_only_searched_for(open_page: Open) -> None:
    page = open_page()
    search(page, "chess olympiad 1972 backup")
    expect(page.locator("#answer[data-state=none]")).to_be_attached()
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.locator(".hits")).to_be_visible()


def test_suggestions_follow_the_combobox_pattern(open_page: Open) -> None:
    page = open_page()
    box = page.get_by_role("combobox")
    box.press_sequentially("rest")
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_visible()
    expect(page.get_by_role("option").first.locator("b").first).to_have_text("ore files")
    expect(box).to_have_attribute("aria-expanded", "true")
    # Nothing is chosen by itself: Enter would search for what was typed.
    assert active_option(page) == ""
    expect(box).to_have_value("rest")
    options = listbox.get_by_role("option")
    count = options.count()
    first = options.first.get_attribute("data-text")
    box.press("ArrowDown")
    assert active_option(page) == first
    expect(box).to_have_value(str(first))
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    assert active_option(page) == ""
    expect(box).to_have_value("rest")
    box.press("ArrowUp")
    assert active_option(page) == options.nth(count - 1).get_attribute("data-text")
    box.press("Escape")
    expect(listbox).to_be_hidden()
    expect(box).to_have_value("rest")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Escape")
    expect(box).to_have_value("")


def test_a_suggestion_is_searched_by_enter_or_click(open_page: Open) -> None:
    page = open_page()
    box = page.get_by_role("combobox")
    box.press_sequentially("restore f")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(".hits h2").first).to_have_text("Restore files")
    assert "q=Restore+files" in page.url
    box.fill("")
    box.press_sequentially("restore f")
    page.get_by_role("option", name="Restore files").click()
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_back_and_forward_lead_through_the_searches(open_page: Open) -> None:
    page = open_page()
    search(page, "restore drill")
    expect(page.locator(".hits h2").first).to_have_text("Restore files")
    search(page, "options of tern.toml")
    expect(page.locator(".hits h2").first).to_have_text("Options of tern.toml")
    page.go_back()
    expect(page.locator(".hits h2").first).to_have_text("Restore files")
    expect(page.get_by_role("combobox")).to_have_value("restore drill")
    page.go_back()
    expect(page.locator(".hits")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_value("")
    page.go_forward()
    expect(page.locator(".hits h2").first).to_have_text("Restore files")


def test_filters_and_pages_work_by_click(open_page: Open) -> None:
    page = open_page("/?q=tern")
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator(".hits")).to_have_attribute("start", "11")
    page.get_by_role("complementary").get_by_role("link", name="/guide").click()
    expect(page.get_by_role("link", name="Remove filter /guide")).to_be_visible()
    for place in page.locator(".hits .place").all():
        expect(place).to_contain_text("guide")
    # A new search keeps the filter; the chip takes it away.
    search(page, "backup")
    expect(page.get_by_role("link", name="Remove filter /guide")).to_be_visible()
    page.get_by_role("link", name="Remove filter /guide").click()
    expect(page.locator(".chips")).to_have_count(0)


def test_slash_leads_to_the_box_but_types_itself_inside_it(open_page: Open) -> None:
    page = open_page("/?q=tern")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.get_by_role("combobox").fill("")
    page.keyboard.type("a/b")
    expect(page.get_by_role("combobox")).to_have_value("a/b")


def test_the_keyboard_alone_reaches_everything(open_page: Open) -> None:
    page = open_page("/?q=tern")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to results")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main a:focus")).to_have_count(1)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_without_javascript_everything_is_there(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.locator("#q").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#answer .text")).to_contain_text("forty minutes")
    expect(page.locator("#answer sup a").first).to_be_visible()
    expect(page.locator(".hits h2").first).to_have_text("Restore files")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.goto(page.url.partition("?")[0] + "?q=tern")
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator(".hits")).to_have_attribute("start", "11")
    page.get_by_role("link", name="Newest").click()
    expect(page.locator(".bar [aria-current]")).to_have_text("Newest")


def test_what_a_person_types_runs_nothing(open_page: Open) -> None:
    page = open_page()
    search(page, "<img src=x onerror=window.hit=1> restore")
    expect(page.locator("main")).to_contain_text("result")
    assert page.evaluate("window.hit") is None


def test_a_server_that_goes_away_is_shown_by_the_browser_itself(open_page: Open) -> None:
    page = open_page("/?q=tern")
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.resource_type))
    page.route("**/?q=other", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: request.resource_type == "document"):
        search(page, "other")
    assert failed == ["fetch", "document"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?q=tern", ANSWERED, "/?q=%22none+such%22+at+all"])
def test_nothing_stands_in_the_way_of_assistive_technology(open_page: Open, path: str, scheme: str) -> None:
    page = open_page(path, color_scheme=scheme)
    if path == ANSWERED:
        expect(page.locator("#answer .sources")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_open_suggestions_are_accessible_too(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("combobox").press_sequentially("rest")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", ["/", "/?q=tern", ANSWERED])
def test_a_telephone_never_scrolls_sideways(open_page: Open, path: str) -> None:
    page = open_page(path, **NARROW)
    expect(page.get_by_role("combobox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_filters_are_folded_on_a_telephone_and_open_by_touch(open_page: Open) -> None:
    page = open_page("/?q=tern", **NARROW)
    expect(page.get_by_role("link", name="/guide")).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    expect(page.get_by_role("complementary").get_by_role("link", name="/guide")).to_be_visible()


def test_text_from_right_to_left_keeps_its_direction(open_page: Open) -> None:
    page = open_page("/?q=tern")
    page.get_by_role("combobox").fill("مرحبا بالعالم")
    assert page.evaluate("getComputedStyle(document.querySelector('#q')).direction") == "rtl"
