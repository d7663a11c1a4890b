"""Files on disk as pages."""

import mimetypes
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.errors import CrawlError
from crawler.files import read_file
from tests.support.site import SITE_FOLDER

MARKDOWN = """---
title: "Notes on <backups>"
lang: en
tags: [a, b]
---

Intro with *emphasis*.

## Run it

```sh
tern backup /etc
  # indented
```

| Key | Default |
|-----|---------|
| a   | 1       |
| b   | 2       |

- one
- two
"""


def test_markdown_keeps_headings_code_tables_and_lists(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "notes.md"
    file.write_text(MARKDOWN)
    page = read_file(file, tmp_path)
    assert page.title == "Notes on <backups>"
    assert page.language == "en"
    assert page.url == file.as_uri()
    assert page.metadata["path"] == "deep/notes.md"
    assert page.last_modified is not None
    intro, run = page.sections
    assert intro.text == "Intro with emphasis."
    assert run.heading_path == ("Run it",)
    assert run.text == "tern backup /etc\n  # indented\n\nKey | Default\na | 1\nb | 2\n\none\ntwo"
    assert page.text[run.start_char : run.end_char] == run.text


def test_first_heading_is_the_title_of_markdown_without_front_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# The heading\n\nText.\n\n---\n\nMore.")
    page = read_file(file)
    assert page.title == "The heading"
    assert page.text == "Text.\n\nMore."


def test_html_file_is_read_like_a_page() -> None:
    page = read_file(SITE_FOLDER / "guide" / "install.html", SITE_FOLDER)
    assert page.title == "Install Tern"
    assert page.sections[1].anchor == "debian"
    assert page.content_type == "text/html"


def test_plain_text_keeps_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes("Ein Titel\r\n\r\nGrüße aus Köln, und noch ein paar Wörter dazu.\r\n".encode("cp1252"))
    page = read_file(file)
    assert page.title == "Ein Titel"
    assert page.text == "Ein Titel\n\nGrüße aus Köln, und noch ein paar Wörter dazu."
    assert page.content_type == "text/plain"


def test_equal_files_have_equal_hashes(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("# T\n\nText.")
    (tmp_path / "c.md").write_text("# T\n\nOther.")
    one, two, three = (read_file(tmp_path / name).content_hash for name in ("a.md", "b.md", "c.md"))
    assert one == two != three


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"missing\.md cannot be read"):
        read_file(tmp_path / "missing.md")
    (tmp_path / "photo.png").write_bytes(b"x")
    with pytest.raises(CrawlError, match=r"photo\.png is of a kind"):
        read_file(tmp_path / "photo.png")
    (tmp_path / "big.txt").write_text("x" * 100)
    with pytest.raises(CrawlError, match="100 bytes, more than 10"):
        read_file(tmp_path / "big.txt", config=CrawlConfig(max_page_bytes=10))


def test_empty_file_has_no_sections(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("")
    page = read_file(tmp_path / "empty.md")
    assert page.title == "empty"
    assert page.sections == ()


@pytest.mark.parametrize("name", ["notes.rst", "notes.asc", "notes.adoc", "notes.LOG", "legs.csv", "page.htm"])
def test_documented_endings_are_read_whatever_the_system_makes_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: ("application/x-nonsense", None))
    (tmp_path / name).write_text("Voles, grass\nMoles, worms\n")
    page = read_file(tmp_path / name)
    assert "Voles" in page.text


def test_a_key_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "key.asc").write_text("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n")
    with pytest.raises(CrawlError, match="is of a kind"):
        read_file(tmp_path / "key.asc")
