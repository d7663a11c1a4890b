"""Sites over HTTP: where their crawls stand, how old their pages are, and to start and stop them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.app import create_app
from server.assemble import key_file, schedule_ledger
from server.doors.scope import Scope
from server.installation import Installation
from server.ledger.record import Record
from server.settings.choices import EncoderConfig, ScorerConfig
from server.settings.config import Config
from server.settings.sites import SiteConfig

A = SiteConfig("docs", ("https://a.example/",), ("0 3 * * *",))
B = SiteConfig("shop", ("https://b.example/",))


def document(number: int, site: str, days: int) -> Document:
    fetched = datetime.now(UTC) - timedelta(days=days)
    head = Head(f"{number:032x}", f"https://{site}/{number}", "T", f"h{number}", site, fetched_at=fetched)
    return Document(head, (Section("Text.", end_char=5),))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(data=tmp_path, sites=(A, B), encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"))
    with Installation(config, is_writing=True) as opened:
        opened.indexer().index([document(1, "a.example", 1), document(2, "a.example", 9), document(3, "c.example", 5)])
        yield opened


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation), headers=key(installation)) as opened:
        yield opened


def key(installation: Installation, **held: Any) -> dict[str, str]:
    _, secret = key_file(installation.config).create("one", [Scope.ADMIN], **held)
    return {"X-API-Key": secret}


def test_each_site_tells_of_its_crawls_and_pages(client: TestClient) -> None:
    docs, shop = client.get("/api/v1/sites").json()["sites"]
    assert (docs["name"], docs["documents"], docs["state"], docs["outcome"]) == ("docs", 2, "idle", None)
    day = 86_400
    assert docs["freshness"]["p50_s"] == pytest.approx(9 * day, rel=0.01)
    assert docs["freshness"]["max_s"] == pytest.approx(9 * day, rel=0.01)
    assert docs["next"]
    assert (shop["documents"], shop["freshness"], shop["next"]) == (0, None, None)
    assert client.get("/api/v1/sites/shop").json() == shop
    assert client.get("/api/v1/sites/none").status_code == 404


def test_a_crawl_is_started_and_stopped(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("server.api.sites.start", lambda config, name: started.append(name))
    assert client.post("/api/v1/sites/docs/crawl").status_code == 202
    assert client.post("/api/v1/sites/none/crawl").status_code == 404
    assert started == ["docs"]
    assert client.delete("/api/v1/sites/docs/crawl").status_code == 400


def test_a_crawl_under_way_ends_and_says_who_wanted_it(client: TestClient, installation: Installation) -> None:
    with closing(schedule_ledger(installation.config)) as ledger:
        assert ledger.put(Record("docs", run_id="1", served_s=1.0, running={"visited": 3}), Record("docs"))
    assert client.get("/api/v1/sites/docs").json()["state"] == "waiting"
    stopped = client.delete("/api/v1/sites/docs/crawl").json()
    assert (stopped["state"], stopped["outcome"], stopped["counts"]) == ("idle", "stopped", {"visited": 3})
    assert stopped["detail"].startswith("by key ")


def test_a_site_that_is_being_crawled_is_a_conflict(client: TestClient, installation: Installation) -> None:
    with closing(schedule_ledger(installation.config)) as ledger, ledger.hold("docs"):
        assert client.post("/api/v1/sites/docs/crawl").status_code == 409


def test_a_key_of_one_site_sees_and_crawls_no_other(client: TestClient, installation: Installation) -> None:
    own = key(installation, sites=["b.example"])
    assert [site["name"] for site in client.get("/api/v1/sites", headers=own).json()["sites"]] == ["shop"]
    assert client.get("/api/v1/sites/docs", headers=own).status_code == 404
    assert client.post("/api/v1/sites/docs/crawl", headers=own).status_code == 404


def test_ages_are_worked_out_now_and_then(installation: Installation) -> None:
    from server.api.gauges import AGES_EVERY_S, Ages

    now = [0.0]
    ages = Ages(lambda: now[0])
    assert len(ages.quantiles(installation.store(), None, (0.5, 1.0))) == 2
    installation.indexer().delete([f"{number:032x}" for number in (1, 2, 3)])
    assert ages.quantiles(installation.store(), {"c.example"}, (1.0,))
    now[0] = AGES_EVERY_S
    assert ages.quantiles(installation.store(), None, (1.0,)) == []
