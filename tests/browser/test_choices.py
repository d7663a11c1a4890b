"""A question that may be about either of two products: answered, and asked back by a button for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from server.commands.crawl import crawl_into_index
from server.settings.config import Config
from tests.browser.conftest import Foreign, Open, violations
from tests.support.site import Site

pytestmark = pytest.mark.browser

QUESTION = "How do I reset the kettle?"
NAME = "Do you mean one of these?"
PAGE = """<!doctype html><html lang="en"><title>Kettle {model} manual</title><main><h1>Kettle {model} manual</h1>
<p>This manual is about the Kettle {model}, which heats water for tea and coffee in your kitchen at home.</p>
<h2>Reset</h2><p>To reset the kettle, hold its red button for {seconds} seconds.</p></main></html>"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """Two manuals that differ in their product alone, instead of tests/site."""
    folder, data = tmp_path_factory.mktemp("kettles"), tmp_path_factory.mktemp("choices") / "index"
    for model, seconds in (("Pro", "ten"), ("Lite", "three")):
        (folder / f"{model}.html").write_text(PAGE.format(model=model, seconds=seconds), "utf-8")
    (folder / "index.html").write_text('<a href="/Pro.html">Pro</a> <a href="/Lite.html">Lite</a>', "utf-8")
    site = Site(folder)
    crawl_into_index(Config(data=data), [site.at("/")])
    yield site, data
    site.close()


def test_the_box_asks_the_narrower_question_by_keyboard_alone(foreign: Foreign) -> None:
    page = foreign('mode="modal"')
    page.keyboard.press("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator("[part=answer]")
    offered = answer.get_by_role("group", name=NAME).get_by_role("button")
    expect(offered).to_have_count(2)
    assert violations(page) == []
    other, seconds = narrower(answer)
    other.focus()
    page.keyboard.press("Enter")
    expect(answer.locator(".asked")).to_contain_text("(Kettle")
    expect(answer).to_have_attribute("aria-busy", "false")
    expect(answer.locator("[part=answer-text]").last).to_contain_text(f"{seconds} seconds")
    expect(page.get_by_role("combobox")).to_have_value(answer.locator(".asked").inner_text())
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(answer.locator("summary")).to_have_text(QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])
def test_the_search_page_asks_the_narrower_question(open_page: Open, has_script: bool) -> None:
    page = open_page(f"/?q={QUESTION}&answer=1", java_script_enabled=has_script)
    answer = page.locator("#answer")
    offered = answer.get_by_role("group", name=NAME).get_by_role("link")
    expect(offered).to_have_count(2)
    if has_script:
        assert violations(page) == []
    offered.filter(has_text="Lite").click()
    expect(page.locator("#q")).to_have_value("How do I reset the kettle (Kettle Lite manual)?")


def test_a_follow_up_on_the_search_page_is_asked_back_too(open_page: Open) -> None:
    page = open_page("/?q=What is the Kettle Pro?")
    follow = page.locator("#answer").get_by_role("searchbox")
    follow.fill(QUESTION)
    follow.press("Enter")
    other, seconds = narrower(page.locator("#answer .talk"))
    other.click()
    asked = page.locator("#answer .talk .asked")
    expect(asked).to_contain_text("(Kettle")
    expect(page.locator("#answer .talk")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#answer .talk .text").last).to_contain_text(f"{seconds} seconds")


def narrower(answer: Locator) -> tuple[Locator, str]:
    """The button of the product that the answer is not about, and how long its button is held."""
    expect(answer.get_by_role("group", name=NAME)).to_be_visible()
    is_pro = "ten seconds" in answer.locator(".text").last.inner_text()
    model, seconds = ("Lite", "three") if is_pro else ("Pro", "ten")
    return answer.get_by_role("button", name=f"Kettle {model} manual"), seconds
