"""The worked examples run by one command each and are used in Chromium as a person would."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
UNHURRIED_MS = 200_000
"""A machine that does other things, too, takes its time to answer."""


@contextmanager
def example(name: str) -> Iterator[str]:
    """The example as a process of its own; where its page is, as it says itself."""
    command = [sys.executable, f"docs/examples/{name}.py", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            lines = iter(process.stdout.readline, "")
            line = next((line for line in lines if "The manual" not in line and "http://127.0.0.1" in line), "")
            assert line, f"{name} ended with {process.wait()}"
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


@pytest.fixture
def play(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the example that the test names."""
    with example(request.param) as url:
        page = chromium.new_page(base_url=url)
        page.set_default_timeout(UNHURRIED_MS)
        page.goto("/")
        yield page
        page.close()


def ask(page: Page, question: str) -> None:
    page.get_by_label("Question").fill(question)
    page.get_by_role("button", name="Ask").click()


@pytest.mark.parametrize("play", ["faq"], indirect=True)
def test_a_customer_is_answered_by_the_faq_then_by_pages_then_by_a_person(play: Page) -> None:
    answer = play.get_by_role("article")
    for question, text, source in (
        ("how much is the deposit", "80 euros for a city bike", "From the FAQ: How much is the deposit?"),
        ("Do you take cash?", "We do not take cash.", "From the FAQ: Which cards do you accept?"),
        ("What does a lost key cost?", "25 euros", "From the page Returning a bike"),
        ("Do you sell used bikes?", "help@bikes.example", "Handed over to a person"),
    ):
        ask(play, question)
        expect(answer).to_contain_text(text, timeout=UNHURRIED_MS)
        expect(answer).to_contain_text(source)


@pytest.mark.parametrize("play", ["course"], indirect=True)
def test_a_learner_is_taught_and_progress_is_remembered(play: Page) -> None:
    play.goto("/?learner=ada")
    expect(play.get_by_text("ada knows 0 of 4")).to_be_visible()
    play.get_by_label("sugar").check()
    play.get_by_role("button", name="Choose").click()
    expect(play.get_by_role("article")).to_contain_text("No: the genetic material.", timeout=UNHURRIED_MS)
    expect(play.get_by_role("article")).to_contain_text("Cells > What a cell is made of")
    expect(play.get_by_text("ada knows 0 of 4")).to_be_visible()
    play.get_by_label("the genetic material").check()
    play.get_by_role("button", name="Choose").click()
    expect(play.get_by_role("article")).to_contain_text(
        "The nucleus holds the genetic material of the cell.", timeout=UNHURRIED_MS
    )
    expect(play.get_by_text("ada knows 1 of 4")).to_be_visible()
    ask(play, "What is part of the leaf?")
    expect(play.get_by_role("article")).to_contain_text("stoma is part of leaf.", timeout=UNHURRIED_MS)
    expect(play.get_by_text("ada knows 1 of 4")).to_be_visible()
    play.get_by_label("Learner:").fill("bob")
    play.get_by_role("button", name="It is me").click()
    expect(play.get_by_text("bob knows 0 of 4")).to_be_visible()
    ask(play, "What is the product of photosynthesis?")
    expect(play.get_by_role("article")).to_contain_text(
        "The product of photosynthesis is oxygen.", timeout=UNHURRIED_MS
    )


@pytest.mark.parametrize("play", ["manual"], indirect=True)
def test_a_manual_is_searched_on_the_search_page(play: Page) -> None:
    play.goto("/?q=What+does+T17+mean%3F")
    expect(play.get_by_text("port 7411 is closed on the other machine").first).to_be_visible(timeout=UNHURRIED_MS)
    expect(play.get_by_role("link", name="Errors").first).to_be_visible()
