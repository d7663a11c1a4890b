"""The same commands on a real Elasticsearch."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.conftest import Indexed, Recollect
from tests.support.elasticsearch import elasticsearch_url
from tests.support.site import INDEXABLE, Site, serve, site

__all__ = ["elasticsearch_url", "serve", "site"]

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def store(elasticsearch_url: str) -> Iterator[str]:
    """URL of an index of this test's own."""
    name = f"commands-{uuid.uuid4().hex[:8]}"
    yield f"{elasticsearch_url}/{name}"
    for index in httpx.get(f"{elasticsearch_url}/_cat/indices/{name}*?format=json").json():
        httpx.delete(f"{elasticsearch_url}/{index['index']}")


def test_crawl_search_and_ask_as_on_the_embedded_index(
    recollect: Recollect, indexed: Indexed, site: Site, store: str, tmp_path: Path
) -> None:
    report = recollect("crawl", site.at("/"), "--store", store, "--json").json
    assert report["indexed"] == len(INDEXABLE)
    again = recollect("crawl", site.at("/"), "--store", store, "--json").json
    assert (again["indexed"], again["not_modified"]) == (0, report["fetched"])
    found = recollect("search", "restore a single file", "--store", store, "--json").json
    same = recollect("search", "restore a single file", "--data", indexed.data, "--json").json
    assert found["hits"][0]["path"] == same["hits"][0]["path"] == "/guide/restore.html"
    assert found["total"] == same["total"]
    answer = recollect("ask", "How long does a restore of 200 GB take?", "--store", store, "--json").json
    assert "forty minutes" in answer["answer"]
    status = recollect("status", "--store", store, "--json").json
    assert (status["store"], status["documents"]) == ("elasticsearch", len(INDEXABLE))
    assert recollect("doctor", "--store", store).status == 0


def test_rebuilding_takes_the_old_index_away_only_at_the_end(
    recollect: Recollect, site: Site, store: str, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recollect("crawl", site.at("/"), "--store", store)
    monkeypatch.setenv("RECOLLECT_ENCODER__KIND", "hashing")
    refused = recollect("search", "tern", "--store", store)
    assert "was made with the encoder all-MiniLM-L6-v2, not hashing-256" in refused.err
    name = store.rpartition("/")[2]
    failed = recollect("crawl", "http://127.0.0.1:9/", "--store", store, "--rebuild")
    assert failed.status == 1
    indices = httpx.get(f"{elasticsearch_url}/_cat/indices/{name}*?format=json").json()
    assert [index["index"] for index in indices] == [f"{name}-000001"]
    report = recollect("crawl", site.at("/"), "--store", store, "--rebuild", "--json").json
    assert report["indexed"] == len(INDEXABLE)
    indices = httpx.get(f"{elasticsearch_url}/_cat/indices/{name}*?format=json").json()
    assert [index["index"] for index in indices] == [f"{name}-000002"]
    assert recollect("search", "tern", "--store", store, "--json").json["total"] > 0
    again = recollect("crawl", site.at("/"), "--store", store, "--json").json
    assert (again["indexed"], again["not_modified"]) == (0, report["fetched"])


def test_eval_leaves_nothing_behind(recollect: Recollect, store: str, elasticsearch_url: str, tmp_path: Path) -> None:
    corpus = tmp_path / "tiny"
    (corpus / "qrels").mkdir(parents=True)
    lines = ({"_id": f"d{n}", "text": text} for n, text in enumerate(("Otters eat fish.", "Bees make honey.")))
    (corpus / "corpus.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (corpus / "queries.jsonl").write_text('{"_id": "q1", "text": "honey"}')
    (corpus / "qrels" / "test.tsv").write_text("q1\td1\t1\n")
    measured = recollect("eval", corpus, "--store", store, "--json").json
    assert measured["modes"]["lexical"]["ndcg@10"] == 1
    name = store.rpartition("/")[2]
    assert httpx.get(f"{elasticsearch_url}/_cat/indices/{name}*?format=json").json() == []


def test_tune_measures_and_leaves_nothing_behind(
    recollect: Recollect, site: Site, store: str, elasticsearch_url: str
) -> None:
    recollect("crawl", site.at("/"), "--store", store)
    name = store.rpartition("/")[2]
    report = recollect("tune", "--store", store, "--json").json
    assert {"lexical", "dense", "hybrid"} <= set(report["measured"])
    assert report["measured"]["hybrid"]["recall@100"] > 0.5
    indices = httpx.get(f"{elasticsearch_url}/_cat/indices/{name}*?format=json").json()
    assert [index["index"] for index in indices] == [f"{name}-000001"]
