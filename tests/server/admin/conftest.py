"""An installation with a config file, hostile pages in its index, an account, and a browser that is signed in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.admin.desk import admin_file
from server.admin.entry.passwords import hash_password
from server.admin.entry.sessions import Sessions
from server.admin.guard import COOKIE, PREFIX
from server.app import create_app
from server.installation import Installation
from server.settings.config import load

NAME, PASSWORD = "ann", "correct horse battery"
EVIL = '"><script>alert(1)</script>'
FILE = """# the settings of a test
seeds: http://127.0.0.1:9/
data: data
encoder: {kind: hashing}
scorer: {kind: overlap}
serve: {query_log: full}
rank:
  # what people say
  steer:
    synonyms:
      - words: [badger, brock]  # in stories
"""


@dataclass
class Signed:
    """A client with a session; ``token`` is what its forms carry."""

    client: TestClient
    token: str
    installation: Installation
    file: Path

    def get(self, path: str, **parameters: str) -> Any:
        return self.client.get(f"/admin{path}", params=parameters)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"/admin{path}", data={"token": self.token, **fields})

    def changes(self) -> list[dict[str, Any]]:
        audit = self.client.app.state.desk.audit  # type: ignore[attr-defined]  # a FastAPI
        return [{"who": one.who, "what": one.what, "before": one.before, "after": one.after} for one in audit.changes()]


def document(number: int, title: str, text: str) -> Document:
    head = Head(
        str(number),
        f"https://a.example/{number}",
        title,
        f"h{number}",
        site="a.example",
        fetched_at=datetime.now(UTC),
    )
    return Document(head, (Section(text, end_char=len(text)),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "recollect.yml"
    path.write_text(FILE, "utf-8")
    return path


@pytest.fixture
def installation(file: Path) -> Iterator[Installation]:
    config = load(file, environ={})
    with Installation(config, is_writing=True, config_file=file) as opened:
        texts = [f"The badger number {number} eats {EVIL} earthworms." for number in range(4)]
        opened.indexer().index([document(number, f"Badger {EVIL}", text) for number, text in enumerate(texts)])
        yield opened


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation), raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def signed(client: TestClient, installation: Installation, file: Path) -> Signed:
    accounts = admin_file(installation.config)
    accounts.write("INSERT INTO account VALUES (?, ?, ?)", (NAME, password_hash(), 0))
    client.cookies.set(COOKIE, Sessions(accounts).begin(NAME), path=PREFIX)
    return Signed(client, token_in(client.get("/admin/keys").text), installation, file)


@cache
def password_hash() -> str:
    """Made once: it is slow on purpose."""
    return hash_password(PASSWORD)


def sign_in(client: TestClient, name: str = NAME, password: str = PASSWORD, **fields: str) -> Any:
    token = token_in(client.get("/admin/login").text)
    return client.post("/admin/login", data={"token": token, "name": name, "password": password, **fields})


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found.group(1)
