"""The settings are taken anew by a button: who did is noted, and what is wrong with them is told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from server.installation import Installation
from server.settings.config import load
from server.sharing.message import Word
from server.sharing.shared import STANDING, Shared
from tests.server.admin.conftest import Signed

WRONG = ("serve.workers is 'many', expected a whole number (line 4)", "Write a number")


class Supervisor:
    """What there is of it in a worker."""

    refusal: tuple[str, str] | None = None

    def __init__(self) -> None:
        self.heard: list[Word] = []

    def ask(self, word: Word, content: object) -> tuple[str, str] | None:
        self.heard.append(word)
        return self.refusal


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor()


@pytest.fixture
def installation(file: Path, supervisor: Supervisor) -> Iterator[Installation]:
    """A worker of a server."""
    folder = file.parent / "serving"
    folder.mkdir()
    said = {"wanted": 2, "ready": 2, "leaving": 0, "restarts": 3, "reloaded": "2026-03-10T09:14:02+00:00"}
    (folder / STANDING).write_text(json.dumps(said), "utf-8")
    config = load(file, environ={})
    with Installation(config, config_file=file, shared=Shared(folder, 0, supervisor.ask)) as opened:
        yield opened


def text_of(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text(" ")


def test_a_button_takes_the_settings_and_that_is_noted(signed: Signed, supervisor: Supervisor) -> None:
    page = signed.get("/index").text
    assert BeautifulSoup(page, "html.parser").select_one("form[action='/admin/reload'] button") is not None
    assert "2 of 2 at work, 3 begun anew" in text_of(page)
    answer = signed.post("/reload")
    assert supervisor.heard == [Word.RELOAD]
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/index?saved=reloaded")
    assert "The settings are taken" in text_of(signed.get("/index", saved="reloaded").text)
    assert signed.changes() == [{"who": "ann", "what": "reload the settings", "before": None, "after": None}]


def test_settings_that_are_wrong_are_told_on_a_page(signed: Signed, supervisor: Supervisor) -> None:
    supervisor.refusal = WRONG
    answer = signed.post("/reload")
    assert answer.status_code == 409
    assert all(words in text_of(answer.text) for words in WRONG)
    assert signed.changes() == []
