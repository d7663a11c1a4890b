"""Documents that attack whoever reads them, through every way in which they are shown."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from ranker.query import Query
from server.app import create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.config import load
from server.terminal.console import Harmless
from server.terminal.shown import print_results

SCRIPT = '"><script>alert(1)</script>'
ESCAPES = "\x1b]0;pwned\x07"
QUESTION = "How long does the kettle boil water?"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    file = tmp_path / "recollect.yml"
    file.write_text("data: data\nencoder: {kind: hashing}\nscorer: {kind: overlap}\n", "utf-8")
    with Installation(load(file, environ={}, data=tmp_path / "data"), is_writing=True) as opened:
        yield opened


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation), follow_redirects=False) as opened:
        yield opened


def attack(number: int, url: str) -> Document:
    head = Head(
        str(number),
        url,
        f"Kettle {SCRIPT} {ESCAPES}",
        f"h{number}",
        site="a.example",
        path=f"/{SCRIPT}",
        metadata={"team": SCRIPT},
    )
    text = f"The kettle number {number} boils water in {number} minutes {SCRIPT} {ESCAPES}."
    return Document(head, (Section(text, (SCRIPT,), anchor=SCRIPT, end_char=len(text)),))


def test_no_page_runs_or_opens_anything_of_a_document(installation: Installation, client: TestClient) -> None:
    urls = ("javascript:alert(1)", "data:text/html,<script>", "vbscript:x", f"https://a.example/{SCRIPT}")
    installation.indexer().index([attack(number, url) for number, url in enumerate(urls)])
    for parameters in ({"q": "kettle"}, {"q": QUESTION, "answer": "1"}, {"q": SCRIPT}, {"q": "kettle", "team": SCRIPT}):
        answer = client.get("/", params=parameters)
        page = BeautifulSoup(answer.text, "html.parser")
        assert all(script.get("src") for script in page.find_all("script")), parameters
        assert not any(name.startswith("on") for tag in page.find_all(True) for name in tag.attrs), parameters
        links = [str(link["href"]) for link in page.find_all("a", href=True)]
        assert not [link for link in links if re.match(r"\s*(javascript|data|vbscript):", link, re.I)], parameters
        assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_terminal_shows_a_hostile_document_and_obeys_nothing(installation: Installation) -> None:
    installation.indexer().index([attack(1, "https://a.example/1")])
    written = io.StringIO()
    results = installation.ranker().search(Query("kettle"))
    print_results(Harmless(file=written), results, 1, explain=True)
    assert "kettle number 1" in written.getvalue()
    assert not set(written.getvalue()) & set("\x1b\x07")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a/\r\nX: 1"],
)
def test_an_address_that_is_none_is_not_taken(installation: Installation, client: TestClient, url: str) -> None:
    _, key = key_file(installation.config).create("p", [Scope.PUSH], sources=["docs"])
    sent: dict[str, Any] = {"url": url, "title": "T", "text": "text"}
    answer = client.post("/api/v1/documents", params={"source": "docs"}, json=sent, headers={"X-API-Key": key})
    assert answer.status_code == 400
    assert "url is" in answer.json()["detail"]
