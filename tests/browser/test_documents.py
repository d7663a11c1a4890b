"""Imported files in the browser: a citation opens the text of the file at the words."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.settings.config import Config
from tests.browser.conftest import Open, serving
from tests.support.documents import pdf


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where ``recollect serve`` listens, over imported files."""
    folder = tmp_path_factory.mktemp("files")
    weeks = "\n\n".join(f"## Week {i}\n\nIn week {i} the keepers clean {i} tanks." for i in range(1, 60))
    (folder / "otters.md").write_text(f"# Otters\n\n{weeks}\n\n## Feeding\n\nOtters are fed at half past seven.\n")
    rules = [f"Rule {i}: keep pond {i} closed." for i in range(1, 40)]
    rules[30] = "Divers may feed the sturgeon at dawn."
    (folder / "rules.pdf").write_bytes(pdf([[(rule, 72.0, 700.0, 12.0)] for rule in rules]))
    data = tmp_path_factory.mktemp("browser-files") / "index"
    import_into_index(Config(data=data), [folder], ImportOptions())
    with serving(data) as found:
        yield found


def test_a_citation_opens_the_file_at_the_words(open_page: Open) -> None:
    page = open_page("/?q=When+are+otters+fed%3F")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("half past seven")
    answer.get_by_role("link", name="Source 1").first.click()
    expect(page).to_have_title("Otters – Search")
    expect(page.get_by_text("Otters are fed at half past seven.")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0


def test_a_pdf_opens_at_its_page(open_page: Open) -> None:
    page = open_page("/?q=feed+the+sturgeon")
    page.locator(".hits h2 a").first.click()
    expect(page.get_by_text("Divers may feed the sturgeon at dawn.")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_telephone(open_page: Open, scheme: str) -> None:
    page = open_page("/?q=When+are+otters+fed%3F", viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.locator(".hits h2 a").first.click()
    expect(page.get_by_role("heading", name="Feeding")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
