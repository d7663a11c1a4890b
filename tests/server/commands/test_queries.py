"""recollect queries."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.document import Head
from server.judged import read_judged
from server.querylog.file import QueryFile
from server.querylog.record import Entered, Judgement, RequestKind
from tests.server.conftest import Recollect


@pytest.fixture
def file(tmp_path: Path) -> QueryFile:
    """A log of today, and of a year ago, in the folder ``data``."""
    written = QueryFile(tmp_path / "data" / "queries.sqlite")
    now = datetime.now(UTC)
    old = int((now - timedelta(days=365)).timestamp())
    today = int(now.timestamp())
    written.add(
        [
            Entered(today, RequestKind.SEARCH, "badger", 3, 12.0, {"rank": 9.0}),
            Entered(today, RequestKind.SEARCH, "=quokka", 0, 7.0),
            Entered(today, RequestKind.ANSWER, "[bold]why?", 2, 90.0, is_refused=True),
            Entered(old, RequestKind.SEARCH, "otter", 3, 5.0),
        ]
    )
    return written


@pytest.mark.usefixtures("file")
def test_a_table_of_the_commonest(recollect: Recollect) -> None:
    ran = recollect("queries", "--data", "data")
    assert ran.status == 0
    assert "badger" in ran.out
    assert "[bold]why?" in ran.out
    assert "otter" not in ran.out


@pytest.mark.usefixtures("file")
def test_json_tells_queries_days_and_stages(recollect: Recollect) -> None:
    found = recollect("queries", "--data", "data", "--json", "--show", "empty").json
    assert [one["query"] for one in found["queries"]] == ["=quokka"]
    assert found["days"][0]["searches"] == 2
    assert found["stages"] == {"search": {"rank": 9.0}}


@pytest.mark.usefixtures("file")
def test_since_reaches_back(recollect: Recollect) -> None:
    found = recollect("queries", "--data", "data", "--json", "--since", "2000-01-01").json
    assert "otter" in [one["query"] for one in found["queries"]]
    assert recollect("queries", "--data", "data", "--since", "yesterday-ish").status == 1


@pytest.mark.usefixtures("file")
def test_csv_has_no_formulas(recollect: Recollect) -> None:
    lines = recollect("queries", "--data", "data", "--csv").out.splitlines()
    assert lines[0].startswith("query,searches,answers,empty,refused")
    assert any(line.startswith("'=quokka,1,0,1,0") for line in lines)


def test_judgements_are_read_by_tune(recollect: Recollect, file: QueryFile, tmp_path: Path) -> None:
    file.judge(Judgement("badger", "https://a.example/", 3, "ann"))
    file.judge(Judgement("badger", "https://b.example/", 0, "ann"))
    printed = recollect("queries", "--data", "data", "--judgements").out
    assert json.loads(printed.splitlines()[0])["relevance"] == 3
    (tmp_path / "judged.ndjson").write_text(printed, "utf-8")
    heads = [Head(name, f"https://{name}.example/", name, "h") for name in ("a", "b")]
    assert read_judged(tmp_path / "judged.ndjson", heads).qrels == {"badger": {"a": 3, "b": 0}}


def test_one_form_at_a_time(recollect: Recollect) -> None:
    assert recollect("queries", "--json", "--csv").status == 1


def test_without_a_log_it_says_so(recollect: Recollect, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No such query since" in recollect("queries").err
    monkeypatch.setenv("RECOLLECT_SERVE__QUERY_LOG", "off")
    assert "serve.query_log is off" in recollect("queries").err


def test_what_was_judged_is_measured_by_eval_and_tune(recollect: Recollect, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    for name, food in (("badger", "earthworms"), ("otter", "fish"), ("stoat", "rabbits")):
        (folder / f"{name}.md").write_text(f"# The {name}\n\nThe {name} eats {food} at night.\n", "utf-8")
    (tmp_path / "recollect.yml").write_text("data: data\nencoder: {kind: hashing}\nscorer: {kind: none}\n", "utf-8")
    assert recollect("import", folder).status == 0
    judged = QueryFile(tmp_path / "data" / "queries.sqlite")
    for name, food in (("badger", "earthworms"), ("otter", "fish")):
        judged.judge(Judgement(f"who eats {food}", (folder / f"{name}.md").as_uri(), 3, "ann"))
        judged.judge(Judgement(f"who eats {food}", (folder / "stoat.md").as_uri(), 0, "ann"))
    judged.judge(Judgement("who is gone", "https://gone.example/", 3, "ann"))
    assert "2 judged queries" in recollect("queries", "--beir", "judged").err
    measured = recollect("eval", "judged", "--modes", "lexical", "--json").json
    assert (measured["queries"], measured["documents"]) == (2, 3)
    assert measured["modes"]["lexical"]["ndcg@10"] == 1.0
    assert recollect("queries", "--beir", "judged").status == 1
    tuned = recollect("tune", "--judged", "--dry-run", "--json")
    assert tuned.json["queries"] == 2
    assert recollect("tune", "--judged", "--queries", "judged").status == 1


def test_without_judgements_there_is_nothing_to_measure(recollect: Recollect) -> None:
    assert recollect("queries", "--beir", "judged").status == 1
