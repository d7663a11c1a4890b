"""recollect sync: records become findable, changes follow, and what is wrong is told by name."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.installation import Installation
from server.settings.config import load
from tests.server.conftest import Recollect


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.db"
    run(file, "CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT, warranty TEXT)")
    run(file, "INSERT INTO product VALUES (1, 'Kettle Aurora', 'two years'), (2, 'Toaster Boreal', 'five years')")
    return file


def run(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.fixture
def config(tmp_path: Path, shop: Path) -> str:
    file = tmp_path / "recollect.yml"
    settings = {
        "data": "index",
        "sources": [
            {"name": "products", "kind": "sql", "url": f"sqlite:///{shop}", "table": "product", "key": ["id"]},
            {"name": "lost", "kind": "sql", "url": f"sqlite:///{tmp_path}/no/where.db", "table": "t", "key": ["id"]},
        ],
    }
    file.write_text(json.dumps(settings), "utf-8")
    return str(file)


def test_rows_are_found_and_a_deleted_one_is_not(recollect: Recollect, config: str, shop: Path) -> None:
    first = recollect("sync", "products", "--config", config, "--json")
    assert (first.status, first.json["sources"]["products"]["indexed"]) == (0, 2)
    found = recollect("search", "warranty of the toaster", "--config", config, "--json").json
    assert found["hits"][0]["title"] == "Toaster Boreal"
    assert found["hits"][0]["url"] == "record:products/2"
    run(shop, "DELETE FROM product WHERE id = 2")
    second = recollect("sync", "products", "--config", config)
    assert second.status == 0
    assert "products: 1 records read, 0 indexed, 1 unchanged, 1 removed" in second.out
    titles = [hit["title"] for hit in recollect("search", "toaster", "--config", config, "--json").json["hits"]]
    assert "Toaster Boreal" not in titles


def test_a_deleted_row_leaves_a_running_server_hits_suggestions_and_kept_answers(
    recollect: Recollect, config: str, shop: Path
) -> None:
    assert recollect("sync", "products", "--config", config).status == 0
    found = load(Path(config))
    alone = replace(found, sources=found.sources[:1])
    with Installation(alone) as installation, TestClient(create_app(installation)) as client:
        assert places(client) == {"found": True, "cited": True, "suggested": True}
        assert places(client)["cited"], "kept, it is asked once more"
        run(shop, "DELETE FROM product WHERE id = 2")
        assert recollect("sync", "products", "--config", config).status == 0
        assert places(client) == {"found": False, "cited": False, "suggested": False}


def places(client: TestClient) -> dict[str, bool]:
    """Where the toaster's record appears, asked of pages and of the table, and what is suggested for its title."""
    toaster = "Toaster Boreal"
    hits = client.get("/api/v1/search", params={"q": "toaster"}).json()["hits"]
    asked = ("What is the warranty of the Toaster Boreal?", "Tell me more about the boreal toaster")
    answers = [client.get("/api/v1/answer", params={"q": question}).json() for question in asked]
    suggested = client.get("/api/v1/suggest", params={"q": "toast"}).json()["suggestions"]
    return {
        "found": toaster in [hit["title"] for hit in hits],
        "cited": toaster in [one["title"] for answer in answers for one in answer["citations"]],
        "suggested": toaster in suggested,
    }


def test_a_source_that_is_lost_keeps_no_other_from_being_read(recollect: Recollect, config: str) -> None:
    ran = recollect("sync", "--config", config, "--json")
    assert ran.status == 1
    assert ran.json["sources"]["products"]["indexed"] == 2
    assert "source lost" in ran.json["sources"]["lost"]["error"]


def test_a_name_that_no_source_has_is_reported(recollect: Recollect, config: str) -> None:
    ran = recollect("sync", "produce", "--config", config)
    assert ran.status == 1
    assert "No source is named produce" in ran.err
    assert "products, lost" in ran.err


def test_without_sources_the_cure_is_reported(recollect: Recollect, tmp_path: Path) -> None:
    ran = recollect("sync", "--data", str(tmp_path / "index"))
    assert ran.status == 1
    assert "under sources" in ran.err


def test_two_sources_of_one_name_are_refused(recollect: Recollect, tmp_path: Path) -> None:
    source = {"name": "a", "kind": "sql", "url": "sqlite://", "table": "t", "key": ["id"]}
    file = tmp_path / "twice.yml"
    file.write_text(json.dumps({"sources": [source, source]}), "utf-8")
    ran = recollect("validate", str(file))
    assert ran.status == 2
    assert "two are named 'a'" in ran.err + ran.out
