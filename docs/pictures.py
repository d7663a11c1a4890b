"""Takes the documentation's pictures of the search box and the search page: ``python docs/pictures.py [--to FOLDER]``.

The documentation is crawled and served with the box in it, and visited in Chromium, by Playwright.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo import INDEX, SITE, command, recollect, say, serve_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

from build import DOCS, build

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 120_000
BOX = {"viewport": {"width": 760, "height": 600}}
PHONE = {"viewport": {"width": 390, "height": 700}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1180, "height": 760}}
CODE = "How do I make an account for the admin area?"
STEPS = "How do I run Recollect with Docker?"
ROW = "What does serve.public do?"


@dataclass(frozen=True, slots=True)
class Picture:
    """``questions`` are asked one after the other; ``words`` are typed and not asked. ``options`` are Playwright's."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    words: str = ""
    language: str = "en"
    is_page: bool = False
    prepare: Callable[["Page"], None] = lambda page: None


def broken(page: "Page") -> None:
    """The server does not answer."""
    page.route("**/api/v1/**", lambda route: route.abort())


def waiting(page: "Page") -> None:
    """The answer does not come."""
    page.route("**/api/v1/answer**", lambda route: None)


SHOWN = (
    Picture("widget", BOX, (CODE, "And how do I remove it?")),
    Picture("widget-dark", BOX | {"color_scheme": "dark"}, (CODE,)),
    Picture("widget-phone", PHONE, (ROW,)),
    Picture("widget-rtl", BOX, (CODE,), language="ar"),
    Picture("search-page", WIDE, (ROW,), is_page=True),
)
"""Those that stand in the documentation."""

LOOKED_AT = (
    Picture("results", BOX, words="crawl"),
    Picture("results-dark-phone", PHONE | {"color_scheme": "dark"}, words="elasticsearch"),
    Picture("nothing", BOX, words='"no such words"'),
    Picture("error", BOX | {"color_scheme": "dark"}, (CODE,), prepare=broken),
    Picture("loading", PHONE, words="loading", prepare=waiting),
    Picture("steps-phone", PHONE, (STEPS,)),
    Picture("refusal", BOX, ("Who won the chess olympiad of 1972?",)),
    Picture("forced-colours", BOX | {"forced_colors": "active"}, (ROW,)),
    Picture("page-dark", WIDE | {"color_scheme": "dark"}, (CODE,), is_page=True),
    Picture("page-phone", PHONE, (ROW,), is_page=True),
    Picture("page-nothing", PHONE, ('"no such words"',), is_page=True),
    Picture("page-steps", WIDE, (STEPS,), is_page=True),
)
"""States that a person should look at after changes, with --all."""


def main(to: Path, *, is_all: bool, is_crawled: bool) -> None:
    """Crawl, serve, and take one picture after the other."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("Chromium is missing: apt-get install chromium")
    build(SITE)
    site = serve_site()
    url = f"http://127.0.0.1:{site.server_address[1]}/"
    if not is_crawled:
        shutil.rmtree(INDEX, ignore_errors=True)
        recollect("crawl", url)
    to.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(command("serve", "--port", "0"), stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            search = server.stdout.readline().split()[-1]
            arguments = ["snippet", "--origin", url.rstrip("/"), "--server", search]
            box = subprocess.run(command(*arguments), check=True, stdout=subprocess.PIPE, text=True).stdout
            build(SITE, box)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
                for picture in (*SHOWN, *LOOKED_AT) if is_all else SHOWN:
                    say(f"{to / picture.name}.png")
                    take(browser, picture, search if picture.is_page else f"{url}getting-started.html", to)
                browser.close()
        finally:
            server.terminate()
    site.shutdown()


def take(browser: "Browser", picture: Picture, url: str, to: Path) -> None:
    """One picture, once everything that is asked for has come."""
    context = browser.new_context(reduced_motion="reduce", **picture.options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    picture.prepare(page)
    page.goto(url)
    (on_page if picture.is_page else in_box)(page, picture)
    page.screenshot(path=to / f"{picture.name}.png", animations="disabled", caret="hide")
    context.close()


def on_page(page: "Page", picture: Picture) -> None:
    """The search page."""
    for question in picture.questions:
        page.locator("#q").fill(question)
        page.keyboard.press("Enter")
        page.locator(".hits, .notice").first.wait_for()
        # Each question is answered or not; what is shown until then has no state.
        page.wait_for_function("() => !document.querySelector('#answer[data-source]:not([data-state])')")


def in_box(page: "Page", picture: Picture) -> None:
    """The box in a page of the documentation."""
    page.evaluate(
        "language => document.querySelector('recollect-search').setAttribute('lang', language)", picture.language
    )
    page.evaluate("document.querySelector('recollect-search').open()")
    field = page.get_by_role("combobox")
    for question in picture.questions:
        field.fill(question)
        field.press("Enter")
        page.locator("[part=answer][aria-busy=false]").wait_for()
        # What went wrong stands in the answer alone.
        if picture.prepare is not broken:
            page.locator("[role=option], [part=note]:not(:empty)").first.wait_for()
    if picture.words == "loading":
        field.fill(STEPS)
        field.press("Enter")
        page.locator("[role=option]").first.wait_for()
    elif picture.words:
        field.fill(picture.words)
        page.locator("[role=option], [part=note]:not(:empty)").first.wait_for()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take the pictures of the search box and the search page.")
    parser.add_argument("--to", type=Path, default=DOCS, help="folder to write them to; docs/ if not set")
    parser.add_argument("--all", action="store_true", help="also of states that no page of the documentation shows")
    parser.add_argument("--crawled", action="store_true", help="use the index of the last time")
    given = parser.parse_args()
    main(given.to, is_all=given.all, is_crawled=given.crawled)
