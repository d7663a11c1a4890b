"""This project's documentation as MkDocs and Sphinx build it with our plugins: pushed, and searched in the browser."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from server.assemble import key_file
from server.doors.scope import Scope
from server.settings.config import Config
from tests.browser.conftest import PATIENCE_MS, serving
from tests.support.need import module
from tests.support.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DOCS = Path(__file__).parents[2] / "docs"
NAMES = ("index", "getting-started", "crawling", "widget", "faq")
MKDOCS = """site_name: Recollect
site_url: %(site)s
docs_dir: docs
use_directory_urls: false
theme: {name: %(theme)s, language: en, locale: en}
plugins:
  - search
  - recollect: {server: "%(server)s", key: "%(key)s", push_key: "%(push)s", source: docs}
"""
SPHINX = """project = "Recollect"
extensions = ["myst_parser", "server.builders.sphinx"]
html_theme = %(theme)r
html_baseurl = %(site)r
suppress_warnings = ["myst.xref_missing", "myst.header"]
recollect_server, recollect_key, recollect_push_key = %(server)r, %(key)r, %(push)r
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an index is going to be."""
    return tmp_path_factory.mktemp("builders") / "index"


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """Where ``recollect serve`` listens, with an encoder that is quick."""
    settings = data.with_name("recollect.yml")
    settings.write_text("encoder: {kind: hashing}\nscorer: {kind: none}\n", "utf-8")
    with serving(data, "--config", settings) as found:
        yield found


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some pages of this project's documentation."""
    folder = tmp_path_factory.mktemp("sources")
    (folder / "docs").mkdir()
    for name in NAMES:
        (folder / "docs" / f"{name}.md").write_bytes((DOCS / f"{name}.md").read_bytes())
    pages = "\n".join(name for name in NAMES if name != "index")
    with (folder / "docs" / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n```{{toctree}}\n{pages}\n```\n")
    for picture in DOCS.glob("*.png"):
        (folder / "docs" / picture.name).write_bytes(picture.read_bytes())
    return folder


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a fresh context."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("builder", "theme"),
    [
        ("mkdocs", "material"),
        ("mkdocs", "mkdocs"),
        ("mkdocs", "readthedocs"),
        ("sphinx", "alabaster"),
        ("sphinx", "furo"),
    ],
)
def test_a_built_site_is_pushed_and_searched(
    builder: str, theme: str, page: Page, address: str, data: Path, sources: Path, tmp_path: Path
) -> None:
    module(builder, "pip install 'recollect[test]'")
    out = tmp_path / "site"
    out.mkdir()
    site = Site(out)
    try:
        keys = key_file(Config(data=data))
        _, key = keys.create("box", [Scope.SEARCH, Scope.ANSWER], origins=[site.url.rstrip("/")])
        _, push_key = keys.create("build", [Scope.PUSH], sources=["docs"])
        values = {"site": site.url, "server": address.rstrip("/"), "theme": theme, "key": key, "push": push_key}
        build(builder, sources, out, values)
        page.goto(f"{site.url}/index.html")
        expect(page.get_by_role("searchbox")).to_have_count(0)
        page.get_by_role("button", name="Search", exact=False).first.click()
        box = page.get_by_role("combobox")
        expect(box).to_be_focused()
        box.fill("search box shortcut keys")
        option = page.get_by_role("option").first
        expect(option).to_contain_text("The search box")
        found = Axe().run(page, options={"runOnly": ["wcag2a"]}, context="recollect-search")
        assert found.violations_count == 0, found.generate_report()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site.url}/widget.html**")
    finally:
        site.close()


def build(builder: str, sources: Path, out: Path, values: dict[str, str]) -> None:
    """Run the builder as its users do."""
    command: list[str | Path]
    if builder == "mkdocs":
        config = sources / "mkdocs.yml"
        config.write_text(MKDOCS % values, "utf-8")
        command = [sys.executable, "-m", "mkdocs", "build", "--config-file", config, "--site-dir", out]
    else:
        (sources / "docs" / "conf.py").write_text(SPHINX % values, "utf-8")
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-b",
            "html",
            "-E",
            "-d",
            out.parent / "trees",
            sources / "docs",
            out,
        ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stderr
    assert f"pushed {len(NAMES)} pages" in ran.stdout + ran.stderr
