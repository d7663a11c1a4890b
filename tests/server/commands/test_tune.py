"""recollect tune on a real index."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from ranker.evaluation.tune import Setting
from server.commands.tune import Measured, changes, present_setting
from server.settings.choices import ScorerConfig
from server.settings.config import Config
from tests.ranker.evaluation.test_weak import page
from tests.server.conftest import Indexed, Recollect

WORDS = ("amber", "birch", "cobalt", "dahlia", "ember", "fjord", "garnet", "heron", "indigo", "jasper")
KEYS = [f"{first}{second}" for first in WORDS[:6] for second in WORDS[4:]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recollect: Recollect) -> Path:
    """36 pages, each with a name that no other has, in an index of the hashing encoder."""
    monkeypatch.setenv("RECOLLECT_ENCODER__KIND", "hashing")
    monkeypatch.setenv("RECOLLECT_SCORER__KIND", "overlap")
    with closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        Indexer(store, HashingEncoder()).index([page(key) for key in KEYS])
    return tmp_path / "index"


@pytest.fixture
def queries(tmp_path: Path) -> Iterator[Path]:
    """Every page is asked for by its name."""
    path = tmp_path / "queries.csv"
    path.write_text("".join(f"{key} cabinet,http://site.test/{key}\n" for key in KEYS))
    yield path


def test_words_are_chosen_where_nothing_beats_them_and_written_into_the_file(
    recollect: Recollect, data: Path, queries: Path, tmp_path: Path
) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text("data: index  # ours\nrank:\n  # how many\n  more_passages: 3\n")
    ran = recollect("tune", "--queries", queries, "--json")
    report = ran.json
    assert ran.status == 0
    assert list(report["measured"]) == ["lexical", "dense", "hybrid", "rerank 10", "rerank 20", "rerank 50"]
    assert report["queries"] == 36
    assert report["measured"]["lexical"]["ndcg@10"] == 1
    assert (report["present"], report["choice"], report["written"]) == ("rerank 50", "lexical", "recollect.yml")
    assert report["cross_validated"]["chosen"] == ["lexical", "lexical"]
    assert file.read_text() == ("data: index  # ours\nrank:\n  # how many\n  mode: lexical\n  more_passages: 3\n")
    again = recollect("tune", "--queries", queries, "--json").json
    assert (again["settings"], again["reason"]) == ({}, "It is what is set already")


def test_a_dry_run_prints_the_table_and_writes_nothing(recollect: Recollect, data: Path, queries: Path) -> None:
    ran = recollect("tune", "--queries", queries, "--data", data, "--dry-run")
    assert ran.status == 0
    assert "nDCG@10" in ran.out
    assert "rerank 20" in ran.out
    assert "rank.mode: lexical" in ran.out
    assert "Nothing is written" in ran.out
    assert not Path("recollect.yml").exists()


def test_without_queries_the_pages_own_names_are_asked_for_in_a_copy_without_them(
    recollect: Recollect, data: Path
) -> None:
    ran = recollect("tune", "--data", data, "--dry-run", "--json")
    assert ran.json["labels"] == "site"
    assert ran.json["queries"] == 36
    assert "pages that have lost them" in ran.err
    with closing(EmbeddedStore(data, writable=False)) as store:
        assert all(head.title for head in store.scan())


def test_too_few_queries_decide_nothing(recollect: Recollect, data: Path, queries: Path) -> None:
    report = recollect("tune", "--queries", queries, "--data", data, "--max-queries", "12", "--json").json
    assert (report["queries"], report["choice"], report["written"]) == (12, None, None)
    assert "12 queries are too few" in report["reason"]
    assert not Path("recollect.yml").exists()


def test_pages_that_are_not_there_are_named_and_counted(recollect: Recollect, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    known = {"query": "amber", "url": f"http://site.test/{KEYS[0]}"}
    lines = [known, *({"query": f"q{n}", "url": f"http://gone.test/{n}"} for n in range(7))]
    path.write_text("\n".join(map(json.dumps, lines)))
    ran = recollect("tune", "--queries", path, "--data", data, "--json")
    assert "7 documents named are not in the index, or not public: http://gone.test/0" in ran.err
    assert (ran.json["left_out"], len(ran.json["unknown"])) == (7, 7)
    path.write_text(json.dumps(lines[1]))
    ran = recollect("tune", "--queries", path, "--data", data)
    assert (ran.status, "has no query whose document is in the index" in ran.err) == (1, True)


def test_an_index_that_is_not_there_is_reported(recollect: Recollect) -> None:
    ran = recollect("tune", "--data", "none")
    assert (ran.status, "Nothing is indexed in none" in ran.err) == (1, True)


def test_the_small_site_is_too_little_to_decide_by_itself(recollect: Recollect, indexed: Indexed) -> None:
    report = recollect("tune", "--data", indexed.data, "--json").json
    assert report["choice"] is None
    assert 0 < report["queries"] < 30


def test_reranking_without_a_scorer_configured_names_the_bundled_one() -> None:
    without = Config(scorer=ScorerConfig("none"))
    assert changes(without, Setting("rerank", 20)) == {
        "rank.mode": "rerank",
        "rerank.passages": 20,
        "scorer.kind": "bundled",
    }
    assert changes(Config(), Setting("rerank", 20)) == {"rank.mode": "rerank", "rerank.passages": 20}
    assert changes(without, Setting("hybrid")) == {"rank.mode": "hybrid"}
    measured: Measured = {Setting("hybrid"): [], Setting("rerank", 20): []}
    assert present_setting(without, measured) == Setting("hybrid")
    assert present_setting(Config(), measured) == Setting("rerank", 20)
