"""The search box in a foreign page with a strict policy, by keyboard alone, and as assistive technology sees it."""

import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from server.assemble import key_file
from server.doors.scope import Scope
from server.settings.config import Config
from server.widget.routes import FILES
from tests.browser.conftest import HOSTILE, Foreign, violations
from tests.support.site import Site

pytestmark = pytest.mark.browser

QUESTION = "How long does a restore of 200 GB take?"
NARROW = {"viewport": {"width": 360, "height": 740}}

LISTEN = """() => { window.told = [];
for (const name of ["search", "results", "open"]) document.addEventListener(`recollect-${name}`, (event) => {
  told.push(name); if (name === "open") event.preventDefault(); }); }"""
INSIDE = """() => { const host = document.querySelector("recollect-search"), root = host.shadowRoot;
return document.activeElement === host && root.querySelector("dialog").contains(root.activeElement); }"""
WORDS = """async (address) => { const { LANGUAGES, NAMES, labelsFor } = await import(`${address}widget/labels.js`);
const isOwn = (language, name) => labelsFor(language).say(name) !== labelsFor("en").say(name);
return LANGUAGES.map((language) => [language, NAMES.filter((name) => !isOwn(language, name))]); }"""
LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ru", "zh", "ja", "ko", "ar"]
SHARED_WORDS = {"sources", "source", "filters", "code", "no", "suggestions"}
"""The same in English and in some other languages."""


def active(page: Page) -> str:
    """The text of the option that assistive technology is told of; empty where there is none."""
    return str(
        page.evaluate(
            """() => { const root = document.querySelector("recollect-search").shadowRoot;
            const id = root.querySelector("[role=combobox]").getAttribute("aria-activedescendant");
            return id ? root.getElementById(id).textContent : ""; }"""
        )
    )


def test_found_and_opened_by_keyboard_alone(foreign: Foreign, documents: tuple[Site, Path]) -> None:
    page = foreign()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("restore a single file")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Restore files")
    expect(first.locator("mark").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("results")
    # Nothing is chosen by itself, so Enter would not open a page.
    assert active(page) == ""
    page.keyboard.press("ArrowDown")
    assert "Restore files" in active(page)
    page.keyboard.press("ArrowUp")
    assert active(page) == ""
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("restore a single file")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{documents[0].url}/guide/restore.html*")


def test_pages_stand_as_groups_with_their_sections(foreign: Foreign) -> None:
    page = foreign()
    page.get_by_role("combobox").fill("restore")
    group = page.get_by_role("group", name="Restore files")
    expect(group.get_by_role("option")).not_to_have_count(1)
    urls = [str(option.get_attribute("href")) for option in page.get_by_role("option").all()]
    assert len(urls) == len(set(urls))


def test_dialog_opens_by_shortcut_keeps_the_focus_and_gives_it_back(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    opener = page.get_by_role("button", name="Search")
    opener.focus()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("restore drill")
    expect(page.get_by_role("option").first).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        # The browser's own bar may have the focus between two rounds; the page behind never has it.
        assert page.evaluate(INSIDE) or page.evaluate("document.activeElement === document.body")
    box.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_shortcuts_type_themselves_in_fields_and_can_be_changed_or_taken_away(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.locator("#other").press("/")
    expect(page.locator("#other")).to_have_value("/")
    page.locator("#other").press("Control+k")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("""document.querySelector("recollect-search").setAttribute("shortcut", "Alt+s")""")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("""document.querySelector("recollect-search").setAttribute("shortcut", "")""")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_question_is_answered_with_sources_and_followed_up(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.keyboard.press("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answer = page.get_by_role("region", name="Answer")
    expect(answer.locator("[part=answer-text]")).to_contain_text("forty minutes")
    expect(answer.locator(".sources li").first).to_contain_text("Restore files")
    number = answer.get_by_role("link", name="Source 1").first
    assert "#whole-machine:~:text=" in str(number.get_attribute("href"))
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    box.fill("And of a whole machine?")
    with page.expect_request(lambda request: "/api/v1/answer" in request.url) as asked:
        page.keyboard.press("Enter")
    assert "session=" in asked.value.url
    expect(answer.locator(".asked")).to_have_text("And of a whole machine?")
    expect(answer).to_have_attribute("aria-busy", "false")
    response = asked.value.response()
    assert response is not None
    assert response.status == 200


def test_code_is_shown_whole_once_and_can_be_copied(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.keyboard.press("/")
    page.keyboard.type("How do I install tern on Debian?")
    page.keyboard.press("Enter")
    code = page.locator("recollect-search pre").first
    expect(code).to_contain_text("apt install tern")
    expect(page.get_by_role("region", name="Answer").get_by_text("sudo apt install tern")).to_have_count(1)
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("copied") == code.inner_text()


def test_what_is_typed_and_found_runs_nothing(foreign: Foreign, address: str) -> None:
    page = foreign()
    bad = {
        "url": "javascript:hit()",
        "link": "javascript:hit()",
        "title": "<img src=x onerror=hit()>",
        "heading_path": [],
        "snippet": "&lt;b&gt;<mark>x</mark><img src=x onerror=hit()>",
        "more": [],
    }
    body = {"total": 1, "hits": [bad], "facets": {}}
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    page.route("**/api/v1/search**", lambda route: route.fulfill(status=200, body=json.dumps(body), headers=headers))
    page.get_by_role("combobox").fill("<img src=x onerror=hit()>")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("<img src=x onerror=hit()>")
    expect(option).to_contain_text("<b>x")
    assert option.get_attribute("href") is None
    assert option.locator("img").count() == 0


def test_events_tell_the_page_and_may_stop_it(foreign: Foreign) -> None:
    page = foreign()
    page.evaluate(LISTEN)
    before = page.url
    page.get_by_role("combobox").fill("restore")
    page.get_by_role("option").first.click()
    assert page.evaluate("told") == ["search", "results", "open"]
    assert page.url == before


def test_filters_narrow_the_results(foreign: Foreign) -> None:
    page = foreign('facets="path"')
    page.get_by_role("combobox").fill("tern")
    chip = page.get_by_role("button", name="/guide")
    chip.click()
    expect(page.get_by_role("button", name="/guide")).to_have_attribute("aria-pressed", "true")
    for option in page.get_by_role("option").all():
        expect(option).to_have_attribute("href", re.compile("/guide/"))


def test_recent_searches_are_kept_only_where_the_page_asks(foreign: Foreign) -> None:
    page = foreign()
    page.get_by_role("combobox").fill("restore")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page = foreign("recent")
    page.get_by_role("combobox").fill("restore")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_be_visible()
    page.reload()
    page.get_by_role("combobox").focus()
    expect(page.get_by_role("group", name="Recent searches").get_by_role("option")).to_have_text(["restore"])
    assert page.context.cookies() == []


def test_a_key_of_another_site_is_told_of(foreign: Foreign, documents: tuple[Site, Path], other_site: Site) -> None:
    keys = key_file(Config(data=documents[1]))
    keys.create("cors", [Scope.SEARCH], origins=[other_site.url])
    _, elsewhere = keys.create("elsewhere", [Scope.SEARCH], origins=["https://other.example"])
    page = foreign(key=elsewhere)
    page.get_by_role("combobox").fill("restore")
    expect(page.locator("recollect-search")).to_contain_text("pages of another address")


def test_without_javascript_there_is_a_plain_form(foreign: Foreign, address: str) -> None:
    page = foreign(java_script_enabled=False)
    page.get_by_label("Search").fill("restore")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}?q=restore")
    expect(page.locator(".hits h2").first).to_have_text("Restore files")


def test_styles_of_the_page_stay_outside(foreign: Foreign) -> None:
    page = foreign(style=HOSTILE)
    page.get_by_role("combobox").fill("restore")
    place = page.locator("recollect-search .place").first
    expect(place).to_be_visible()
    assert place.evaluate("element => getComputedStyle(element).float") == "none"
    assert place.evaluate("element => getComputedStyle(element).color") != "rgb(255, 0, 0)"
    panel = page.locator("recollect-search .panel")
    assert panel.evaluate("element => getComputedStyle(element).position") == "absolute"


@pytest.mark.parametrize("mode", ["inline", "modal"])
@pytest.mark.parametrize(
    "look",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"color_scheme": "light", **NARROW},
        {"reduced_motion": "reduce", "language": "ar"},
    ],
    ids=["light", "dark", "forced", "narrow", "rtl"],
)
def test_nothing_stands_in_the_way_of_assistive_technology(
    foreign: Foreign, look: dict[str, object], mode: str
) -> None:
    page = foreign(f'mode="{mode}" facets="path"', **look)
    assert violations(page) == []
    page.evaluate("""document.querySelector("recollect-search").open()""")
    page.get_by_role("combobox").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("recollect-search .sources li").first).to_be_visible()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("language", "said"), [("de-AT", "Suchen"), ("ja", "検索"), ("xx", "Search"), ("pt-BR", "Pesquisar")]
)
def test_it_speaks_the_language_of_the_page(foreign: Foreign, language: str, said: str) -> None:
    page = foreign('mode="modal"', language=language)
    expect(page.get_by_role("button", name=said)).to_be_visible()
    page.evaluate("""document.querySelector("recollect-search").labels = { search: "Find" }""")
    expect(page.get_by_role("button", name="Find")).to_be_visible()


def test_every_language_has_every_word(foreign: Foreign, address: str) -> None:
    found = dict(foreign().evaluate(WORDS, address))
    assert sorted(found) == sorted(LANGUAGES)
    lacking = {language: set(words) - SHARED_WORDS for language, words in found.items() if language != "en"}
    assert not any(lacking.values())


def test_it_is_small(address: str) -> None:
    packed = [httpx.get(f"{address}widget/{name}").headers["content-length"] for name in FILES]
    assert sum(map(int, packed)) < 21_500
