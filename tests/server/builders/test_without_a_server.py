"""Documentation built where no server is set, as somebody who writes it does at home: the theme's own search stays."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MKDOCS = "site_name: T\nplugins:\n  - search\n  - recollect:\n      {settings}\n"
SPHINX = "project = 'T'\nextensions = ['server.builders.sphinx']\n{settings}\n"


def mkdocs(folder: Path, settings: str) -> Path:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "index.md").write_text("# Kettles\n\nThey boil.", "utf-8")
    (folder / "mkdocs.yml").write_text(MKDOCS.format(settings=settings), "utf-8")
    config = load_config(str(folder / "mkdocs.yml"))
    build(config)
    return folder / "site"


def sphinx(folder: Path, settings: str) -> Path:
    (folder / "conf.py").write_text(SPHINX.format(settings=settings), "utf-8")
    (folder / "index.rst").write_text("Kettles\n=======\n\nThey boil.\n", "utf-8")
    out = folder / "out"
    Sphinx(folder, folder, out, folder / "trees", "html", status=None, warning=None).build()
    return out


def test_mkdocs_keeps_the_search_of_its_theme(tmp_path: Path) -> None:
    site = mkdocs(tmp_path, 'server: ""')
    page = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    assert page.find("recollect-search") is None
    assert page.select_one('[role="search"], #mkdocs_search_modal, #search-form') is not None
    assert (site / "search" / "search_index.json").exists()


def test_sphinx_keeps_its_own_search(tmp_path: Path) -> None:
    site = sphinx(tmp_path, "")
    page = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    assert page.find("recollect-search") is None
    assert page.select_one('form[action="search.html"]') is not None
    assert "Search.setIndex" in (site / "searchindex.js").read_text("utf-8")


def test_a_key_without_a_server_is_a_mistake(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Abort):
        mkdocs(tmp_path, "push_key: rk_1")
    assert "push_key is set and server is not" in caplog.text
    with pytest.raises(ExtensionError, match="recollect_push_key is set and recollect_server is not"):
        sphinx(tmp_path, "recollect_push_key = 'rk_1'")
