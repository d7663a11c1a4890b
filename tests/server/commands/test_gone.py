"""A page that its site took away: after the next crawl neither search nor suggestions nor answers know it."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from server.app import create_app
from server.commands.crawl import crawl_into_index
from server.installation import Installation
from server.settings.config import Config
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]

PATH = "/guide/restore.html"
QUESTION = "How long does a restore of 200 GB take?"


def places(config: Config, page: str) -> dict[str, Any]:
    """Where the page appears, and what is suggested for its title."""
    with Installation(config) as installation, TestClient(create_app(installation)) as client:
        hits = client.get("/api/v1/search", params={"q": QUESTION}).json()["hits"]
        answer = client.get("/api/v1/answer", params={"q": QUESTION}).json()
        suggested = client.get("/api/v1/suggest", params={"q": "rest"}).json()["suggestions"]
    return {
        "found": page in [hit["url"] for hit in hits],
        "cited": page in [citation["url"].partition("#")[0] for citation in answer["citations"]],
        "suggested": "Restore files" in suggested,
    }


def test_gone_page_leaves_hits_suggestions_and_answers(site: Site, tmp_path: Path) -> None:
    config = Config(data=tmp_path / "index")
    crawl_into_index(config, [site.at("/")])
    assert places(config, site.at(PATH)) == {"found": True, "cited": True, "suggested": True}
    site.respond(PATH, Reply(410))
    crawl_into_index(config, [site.at("/")])
    assert places(config, site.at(PATH)) == {"found": False, "cited": False, "suggested": False}
