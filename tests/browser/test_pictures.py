"""The pictures of the documentation are taken of the box and the page as visitors see them."""

import importlib
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Foreign
from tests.support.site import Site

pytestmark = pytest.mark.browser

DOCS = Path(__file__).parents[2] / "docs"
QUESTION = "How long does a restore of 200 GB take?"


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module docs/pictures.py, as it is when that folder is the program's."""
    monkeypatch.syspath_prepend(str(DOCS))
    yield importlib.import_module("pictures")


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height (PNG, 11.2.2)."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_each_picture_has_a_name_of_its_own_and_those_shown_stand_in_the_documentation(pictures: Any) -> None:
    every = [one.name for one in (*pictures.SHOWN, *pictures.LOOKED_AT)]
    assert len(set(every)) == len(every)
    pages = "".join(page.read_text("utf-8") for page in (*DOCS.glob("*.md"), DOCS.parent / "README.md"))
    for one in pictures.SHOWN:
        assert f"({one.name}.png)" in pages or f"(docs/{one.name}.png)" in pages
        assert (DOCS / f"{one.name}.png").exists()


def test_the_search_page_is_taken_with_its_answer(
    pictures: Any, chromium: Browser, address: str, tmp_path: Path
) -> None:
    seen: list[str] = []
    picture = pictures.Picture(
        "page",
        pictures.PHONE,
        (QUESTION,),
        is_page=True,
        prepare=lambda page: page.on("request", lambda request: seen.append(request.url)),
    )
    pictures.take(chromium, picture, address, tmp_path)
    assert size_of(tmp_path / "page.png") == (780, 1400)
    assert any("/api/v1/answer" in url for url in seen)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("asked", {"questions": (QUESTION, "And how do I start one?"), "language": "ar"}),
        ("typed", {"words": "restore"}),
        ("broken", {"questions": (QUESTION,), "prepare": "broken"}),
    ],
)
def test_the_box_is_taken_in_each_state(
    name: str,
    given: dict[str, Any],
    pictures: Any,
    chromium: Browser,
    foreign: Foreign,
    other_site: Site,
    tmp_path: Path,
) -> None:
    foreign('mode="modal"')
    how = {"prepare": getattr(pictures, given["prepare"])} if "prepare" in given else {}
    picture = pictures.Picture(name, pictures.BOX, **(given | how))
    pictures.take(chromium, picture, other_site.url, tmp_path)
    assert size_of(tmp_path / f"{name}.png") == (760, 600)
