"""The files of the search box, and what to paste."""

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from server.widget.routes import FILES
from tests.server.conftest import Recollect


@pytest.mark.parametrize("name", FILES)
def test_pages_of_any_site_may_load_the_files(client: TestClient, name: str) -> None:
    answer = client.get(f"/widget/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "gzip"
    plain = client.get(f"/widget/{name}", headers={"Accept-Encoding": "identity"})
    assert plain.text == answer.text
    again = client.get(f"/widget/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["routes.py", "..%2froutes.py", "x.js", "__init__.py"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/widget/{name}").status_code == 404


def test_what_to_paste_has_a_key_of_the_site_alone(recollect: Recollect) -> None:
    ran = recollect("snippet", "--origin", "https://www.example.com", "--server", "https://s.example.com/")
    box = BeautifulSoup(ran.out, "html.parser")
    assert box.script is not None
    assert box.script["src"] == "https://s.example.com/widget/recollect.js"
    key = recollect("key", "list", "--json").json["keys"][0]
    assert str(box.select_one("recollect-search")["key"]).startswith(f"rk_{key['id']}_")  # type: ignore[index]
    assert (key["origins"], key["scopes"]) == (["https://www.example.com"], ["search", "answer"])
    assert box.form is not None
    assert box.form["action"] == "https://s.example.com/"
    assert "script-src" in ran.err


def test_without_an_origin_no_key_is_made(recollect: Recollect) -> None:
    ran = recollect("snippet", "--mode", "inline")
    assert "key=" not in ran.out
    assert recollect("key", "list", "--json").json == {"keys": []}
