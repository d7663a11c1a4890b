"""Imported files on pages of ours: what links to them, what stands there, and who may see it."""

import json
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from indexer.document import doc_id_of
from server.app import create_app
from server.importing.files import ImportOptions, Tally, documents
from server.installation import Installation
from server.settings.config import Config
from tests.support.documents import pdf

HANDBOOK = """# Badgers

## Setts

Badgers dig long setts in the soft ground of woods.
Each <b>sett</b> has many chambers.

## Food

They eat mostly earthworms.
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("handbook")
    (folder / "badgers.md").write_text(HANDBOOK)
    lines = ("Otters live along rivers.", "Otters sleep in holts beneath old roots.")
    (folder / "otters.pdf").write_bytes(pdf([[(line, 72, 700, 12)] for line in lines]))
    secret = {"id": "1", "title": "Secret", "text": "The burrow code is 4711.", "access": ["staff"]}
    (folder / "notes.ndjson").write_text(json.dumps(secret))
    config = Config(data=tmp_path_factory.mktemp("index"))
    with Installation(config, is_writing=True) as installation:
        installation.indexer().index(documents([folder], ImportOptions(), Tally()))
    with Installation(config) as installation, TestClient(create_app(installation)) as opened:
        yield opened


def test_no_link_leads_to_a_file(client: TestClient) -> None:
    question = "Where do badgers dig setts?"
    found = client.get("/api/v1/answer", params={"q": question})
    cited = found.json()["citations"][0]
    assert cited["url"].startswith(f"http://testserver/documents/{cited['document_id']}#p0:~:text=Badgers%20dig")
    page = client.get("/", params={"q": question, "answer": "1"}).text
    for text in (found.text, client.get("/api/v1/search", params={"q": question}).text, page):
        assert "file:" not in text and "/documents/" in text


def test_a_file_is_shown_under_its_headings_where_links_lead(client: TestClient) -> None:
    url = client.get("/api/v1/search", params={"q": "long setts of badgers"}).json()["hits"][0]["link"]
    response = client.get(url)
    page = BeautifulSoup(response.text, "html.parser")
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/html")
    assert [heading.get_text() for heading in page.select("h1, h2")] == ["Badgers", "Setts", "Food"]
    section = page.find(id=url.rpartition("#")[2])
    assert section is not None and "Badgers dig long setts in the soft ground of woods." in section.get_text()
    assert page.select_one(".place").get_text().startswith("badgers.md")  # type: ignore[union-attr]
    assert "earthworms" in page.get_text() and not page.select("b")


def test_a_pdf_opens_at_its_page(client: TestClient) -> None:
    url = client.get("/api/v1/search", params={"q": "Where do otters sleep, beneath roots?"}).json()["hits"][0]["link"]
    assert url.endswith("#page=2")
    section = BeautifulSoup(client.get(url).text, "html.parser").find(id="page=2")
    assert section is not None and section.get_text().strip() == "Otters sleep in holts beneath old roots."


def test_what_may_not_be_seen_looks_like_what_is_not_there(client: TestClient) -> None:
    hidden, absent = doc_id_of("ndjson:1"), doc_id_of("ndjson:2")
    answers = [client.get(f"/documents/{document_id}") for document_id in (hidden, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(hidden, absent) == answers[1].text
    said = BeautifulSoup(answers[1].text, "html.parser").get_text(" ")
    assert answers[1].headers["content-type"].startswith("text/html")
    assert f"There is no document {absent} in the index" in said and "recollect sync" in said
