"""The command line, from init to doctor, on a real index."""

import json
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from indexer.embedded.store import EmbeddedStore
from server.cli import parted
from server.commands.doctor import EXTRAS
from tests.server.conftest import Indexed, Recollect
from tests.support.site import INDEXABLE, Site, serve, site

__all__ = ["serve", "site"]

EVIDENCE = {"lexical_rank", "lexical_score", "dense_rank", "dense_score", "fused_score", "rerank_score"}


@pytest.mark.parametrize(
    ("arguments", "apart"),
    [
        (["search", "-draft report", "--json"], ["search", "--json", "--", "-draft report"]),
        (["search", '-"two words" fox'], ["search", "--", '-"two words" fox']),
        (["search", "--force-with-lease"], ["search", "--", "--force-with-lease"]),
        (["ask", "--data", "here", "-x?", "-v"], ["ask", "--data", "here", "-v", "--", "-x?"]),
        (["search", "--size=3", "-"], ["search", "--size=3", "-"]),
        (["search", "--jsn"], ["search", "--jsn"]),
        (["search", "fox", "-red"], ["search", "fox", "-red"]),
        (["search", "-h"], ["search", "-h"]),
        (["search", "fox", "-v"], ["search", "fox", "-v"]),
        (["search", "--", "-fox"], ["search", "--", "-fox"]),
        (["crawl", "-fox"], ["crawl", "-fox"]),
    ],
)
def test_a_query_may_begin_with_a_dash(arguments: list[str], apart: list[str]) -> None:
    assert parted(arguments) == apart


def test_crawl_finds_every_page_and_reports_all_outcomes(indexed: Indexed) -> None:
    report = indexed.report
    assert report["indexed"] == len(INDEXABLE)
    assert report["fetched"] >= report["indexed"]
    assert report["passages"] >= report["indexed"]
    wanted = {"fetched", "not_modified", "indexed", "duplicates", "skipped", "failed", "seconds"}
    assert wanted <= report.keys()
    assert isinstance(report["skipped"], dict)
    assert isinstance(report["failed"], dict)


def test_search_json_is_one_document_of_the_promised_shape(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("search", "restore a single file", "--data", indexed.data, "--json", "--facet", "path")
    assert (ran.status, ran.err) == (0, "")
    found = ran.json
    assert {"query", "total", "took_ms", "hits", "facets", "stages", "degraded"} <= found.keys()
    first = found["hits"][0]
    assert first["url"] == f"{indexed.url}/guide/restore.html"
    assert first["link"].startswith(f"{indexed.url}/guide/restore.html#")
    assert (first["rank"], first["title"]) == (1, "Restore files")
    assert set(first["evidence"]) == EVIDENCE
    assert "<mark>" in first["snippet"]
    assert {"heading_path", "passage", "document_id", "passage_id", "score"} <= first.keys()
    below = [hit for hit in found["hits"] if hit["path"] != "/"]
    assert len(found["hits"]) == found["total"]
    assert sum(facet["count"] for facet in found["facets"]["path"]) == len(below)
    assert all(isinstance(ms, float) for ms in found["stages"].values())


def test_ranks_go_on_over_pages(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("search", "tern", "--data", indexed.data, "--json", "--size", "3", "--page", "2")
    assert [hit["rank"] for hit in ran.json["hits"]] == [4, 5, 6]


def test_filters_keep_only_what_they_name(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("search", "tern", "--data", indexed.data, "--json", "--path", "/reference")
    assert {hit["path"] for hit in ran.json["hits"]} == {"/reference/api.html", "/reference/options.html"}
    ran = recollect("search", "tern", "--data", indexed.data, "--json", "--site", "other.example")
    assert ran.json["hits"] == []


def test_search_in_words_shows_titles_links_and_evidence(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("search", "restore a single file", "--data", indexed.data, "--explain")
    assert "1. Restore files" in ran.out
    assert f"{indexed.url}/guide/restore.html#" in ran.out
    assert "<mark>" not in ran.out
    for word in ("BM25", "cosine", "fused", "encode", "candidates"):
        assert word in ran.out


def test_ask_cites_a_sentence_that_stands_on_the_page(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("ask", "How long does a restore of 200 GB take?", "--data", indexed.data, "--json")
    answer = ran.json
    assert {"question", "answer", "refused", "reason", "citations", "hits", "stages"} <= answer.keys()
    assert not answer["refused"]
    assert "forty minutes" in answer["answer"]
    cited = answer["citations"][0]
    assert {"sentence", "url", "title", "quote", "start_char", "end_char", "score"} <= cited.keys()
    assert cited["url"].startswith(f"{indexed.url}/guide/restore.html")
    assert "#" in cited["url"]
    assert answer["answer"][cited["answer_start_char"] : cited["answer_end_char"]] == cited["sentence"]


def test_ask_in_words_numbers_its_sources(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("ask", "How long does a restore of 200 GB take?", "--data", indexed.data)
    assert "[1]" in ran.out
    assert "Restore files" in ran.out


def test_the_evidence_an_answer_needs_is_set_in_the_file(
    recollect: Recollect, indexed: Indexed, tmp_path: Path
) -> None:
    (tmp_path / "recollect.yml").write_text("answer: {choosing: {min_score: 1}}")
    ran = recollect("ask", "How long does a restore of 200 GB take?", "--data", indexed.data, "--json")
    assert ran.json["refused"] and ran.json["hits"]


def test_unanswerable_question_is_refused_with_a_reason(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("ask", "Who won the chess olympiad of 1972?", "--data", indexed.data, "--json")
    assert ran.status == 0
    assert (ran.json["refused"], ran.json["answer"]) == (True, "")
    assert ran.json["reason"]
    closest = ran.json["closest"]
    assert ran.json["read"]["passages"] >= len(closest) > 0
    printed = recollect("ask", "Who won the chess olympiad of 1972?", "--data", indexed.data).out
    assert "No answer found" in printed and printed.count("closest: ") == len(closest)
    assert all(page["url"] in printed for page in closest)


def test_crawl_again_changes_nothing_and_follows_changes(recollect: Recollect, site: Site, tmp_path: Path) -> None:
    data = tmp_path / "index"
    first = recollect("crawl", site.at("/"), "--data", data, "--json").json
    again = recollect("crawl", site.at("/"), "--data", data, "--json").json
    assert (again["indexed"], again["encoded"], again["deleted"]) == (0, 0, 0)
    assert again["not_modified"] >= first["indexed"]
    site.write("/faq.html", "<title>Questions</title><main><h1>Questions</h1><p>Badgers dig setts.</p></main>")
    site.remove("/reference/api.html")
    third = recollect("crawl", site.at("/"), "--data", data, "--json").json
    # Of the page that was rewritten and its copy either was the original; if it was, the copy is the only one now.
    assert third["indexed"] in (1, 2)
    assert third["deleted"] == 1
    found = recollect("search", "badgers", "--data", data, "--json", "--mode", "lexical").json
    assert [hit["path"] for hit in found["hits"]] == ["/faq.html"]


def test_deleting_only_the_index_makes_the_next_crawl_read_everything(
    recollect: Recollect, site: Site, tmp_path: Path
) -> None:
    data = tmp_path / "index"
    first = recollect("crawl", site.at("/"), "--data", data, "--json").json
    for path in data.iterdir():
        if path.is_file() and not path.name.startswith("frontier"):
            path.unlink()
    again = recollect("crawl", site.at("/"), "--data", data, "--json").json
    assert again["indexed"] == first["indexed"]


def test_init_writes_a_config_that_crawl_reads(recollect: Recollect, site: Site, tmp_path: Path) -> None:
    assert recollect("init", site.at("/")).status == 0
    ran = recollect("crawl", "recollect.yml", "--max-pages", "3")
    assert ran.status == 0, ran.err
    assert "Indexed" in ran.out
    assert (tmp_path / "recollect-data").is_dir()


def test_init_never_overwrites(recollect: Recollect, tmp_path: Path) -> None:
    (tmp_path / "recollect.yml").write_text("seeds: [keep]")
    ran = recollect("init")
    assert ran.status == 1
    assert "recollect.yml is there already" in ran.err
    assert (tmp_path / "recollect.yml").read_text() == "seeds: [keep]"


def test_status_tells_what_is_there(recollect: Recollect, indexed: Indexed, tmp_path: Path) -> None:
    found = recollect("status", "--data", indexed.data, "--json").json
    assert found["documents"] == len(INDEXABLE)
    assert found["manifest"]["encoder"] == "all-MiniLM-L6-v2"
    assert found["crawl"]["done"] >= len(INDEXABLE)
    assert found["size_bytes"] > 0
    empty = recollect("status", "--data", tmp_path / "none", "--json").json
    assert (empty["documents"], empty["manifest"], empty["crawl"]) == (0, None, {})
    assert not (tmp_path / "none").exists()
    assert "13 in" in recollect("status", "--data", indexed.data).out


def test_doctor_is_content_with_a_good_index(recollect: Recollect, indexed: Indexed) -> None:
    ran = recollect("doctor", "--data", indexed.data, "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    assert {"data", "disk", "encoder", "index", "generator", "extra"} <= {f["part"] for f in ran.json["findings"]}


def test_doctor_names_what_is_wrong_and_the_cure(recollect: Recollect, tmp_path: Path) -> None:
    ran = recollect("doctor", "--data", tmp_path / "none")
    assert ran.status == 1
    assert "recollect crawl URL" in ran.out


def test_doctor_tells_of_a_store_that_does_not_answer(recollect: Recollect) -> None:
    ran = recollect("doctor", "--store", "http://127.0.0.1:9/docs", "--json")
    assert ran.status == 1
    wrong = [finding for finding in ran.json["findings"] if finding["state"] == "wrong"]
    assert [finding["part"] for finding in wrong] == ["index"]


def test_eval_measures_every_mode(recollect: Recollect, tmp_path: Path) -> None:
    corpus = tmp_path / "tiny"
    (corpus / "qrels").mkdir(parents=True)
    texts = {"d1": "Otters eat fish.", "d2": "Bees make honey.", "d3": "Beavers build dams."}
    lines = (json.dumps({"_id": key, "title": "", "text": text}) for key, text in texts.items())
    (corpus / "corpus.jsonl").write_text("\n".join(lines))
    (corpus / "queries.jsonl").write_text('{"_id": "q1", "text": "who makes honey"}\n{"_id": "q2", "text": "dams"}')
    (corpus / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td3\t1\n")
    measured = recollect("eval", corpus, "--json").json
    assert (measured["dataset"], measured["documents"], measured["queries"]) == ("tiny", 3, 2)
    assert set(measured["modes"]) == {"lexical", "dense", "hybrid", "rerank"}
    assert set(measured["modes"]["hybrid"]) == {"ndcg@10", "recall@100", "mrr@10", "p50_ms", "p95_ms"}
    assert measured["modes"]["hybrid"]["ndcg@10"] == 1
    assert "ndcg@10" in recollect("eval", corpus, "--modes", "lexical").out
    assert "Did you mean 'hybrid'" in recollect("eval", corpus, "--modes", "hybird").err


def test_eval_reranks_so_deep_and_writes_what_each_query_came_to(
    recollect: Recollect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOLLECT_SCORER__KIND", "overlap")
    corpus = tmp_path / "tiny"
    (corpus / "qrels").mkdir(parents=True)
    # The rare word weighs most in the fused order, two words of three most for the scorer.
    texts = {"d1": "quokka quokka", "d2": "blue red", "d3": "dams"}
    texts |= {f"x{n}": f"{colour} {n}" for n, colour in enumerate(["blue", "red"] * 20)}
    lines = (json.dumps({"_id": key, "title": "", "text": text}) for key, text in texts.items())
    (corpus / "corpus.jsonl").write_text("\n".join(lines))
    (corpus / "queries.jsonl").write_text('{"_id": "q1", "text": "quokka blue red"}\n{"_id": "q2", "text": "dams"}')
    (corpus / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td3\t1\n")
    arguments = ("eval", corpus, "--modes", "lexical,rerank", "--json", "--per-query", "out.jsonl")
    reranked = {}
    for depth in ("1", "10"):
        measured = recollect(*arguments, "--depth", depth).json["modes"]
        records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
        assert {record["query_id"] for record in records} == {"q1", "q2"}
        for mode, found in measured.items():
            figures = [record["modes"][mode] for record in records]
            assert set(figures[0]) == {"ndcg@10", "recall@100", "mrr@10", "ms"}
            assert sum(figure["ndcg@10"] for figure in figures) / 2 == pytest.approx(found["ndcg@10"], abs=1e-4)
        reranked[depth] = measured["rerank"]["ndcg@10"]
    assert reranked["1"] < reranked["10"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["search", "x", "--data", "none"], 1, "Nothing is indexed in none. Index a site with: recollect crawl URL"),
        (["ask", "x", "--data", "none"], 1, "Nothing is indexed in none"),
        (["search", "x", "--mode", "best"], 1, "mode 'best' is unknown"),
        (["search", "x", "--from", "soon"], 1, "from 'soon' is not a date"),
        (["search", "x" * 10_001, "--data", "INDEX"], 1, "10,0"),
        (["search", "x", "--config", "none.yml"], 2, "There is no config file none.yml. Make one with: recollect init"),
        (["crawl"], 1, "There is nothing to crawl"),
        (["crawl", "http://127.0.0.1:9/", "--data", "d"], 1, "http://127.0.0.1:9"),
        (["crawl", "not a url", "--data", "d"], 1, "not a url"),
        (["import", "none.md", "--data", "d"], 1, "There is no file or folder none.md"),
        (["search", "x", "--store", "ftp://h/x"], 2, "begins with http:// or https://"),
        (["worker"], 1, "A worker needs a broker"),
        (["search"], 2, "Missing argument"),
        (["serach"], 2, "No such command"),
        (["search", "x", "--pages", "2"], 2, "No such option"),
    ],
)
def test_every_mistake_is_told_without_a_traceback(
    recollect: Recollect, indexed: Indexed, arguments: list[str], status: int, said: str
) -> None:
    ran = recollect(*(str(indexed.data) if argument == "INDEX" else argument for argument in arguments))
    assert ran.status == status
    assert said in " ".join(ran.err.split())
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_an_error_is_one_line(recollect: Recollect) -> None:
    assert recollect("search", "x", "--data", "none").err.count("\n") == 1


def test_unwritable_data_folder_is_named(recollect: Recollect, site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = recollect("crawl", site.at("/"), "--data", tmp_path / "file" / "index")
    assert ran.status == 1
    assert str(tmp_path / "file") in ran.err
    assert "Traceback" not in ran.err


def test_a_second_writer_is_told_who_writes(recollect: Recollect, site: Site, tmp_path: Path) -> None:
    with closing(EmbeddedStore(tmp_path / "index", writable=True)):
        ran = recollect("crawl", site.at("/"), "--data", tmp_path / "index")
    assert ran.status == 1
    assert str(tmp_path / "index") in ran.err
    assert ran.err.count("\n") == 1


def test_an_index_of_another_encoder_is_refused_with_the_cure(
    recollect: Recollect, indexed: Indexed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOLLECT_ENCODER__KIND", "hashing")
    for command in (["search", "x"], ["ask", "x"]):
        ran = recollect(*command, "--data", indexed.data)
        assert ran.status == 1
        assert "was made with the encoder all-MiniLM-L6-v2, not hashing-256" in ran.err
        assert "make the index anew with: recollect crawl URL --rebuild" in ran.err


def test_an_embedded_index_of_an_older_schema_is_told_and_made_anew(
    recollect: Recollect, site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    first = recollect("crawl", site.at("/"), "--data", folder, "--json").json
    with closing(sqlite3.connect(folder / "index.sqlite")) as sql, sql:
        sql.execute("ALTER TABLE passages DROP COLUMN blocks")
        sql.execute("UPDATE meta SET value = replace(value, '\"schema\": 2', '\"schema\": 1') WHERE key = 'manifest'")
    for command in (("search", "tern"), ("ask", "tern"), ("crawl", site.at("/"))):
        ran = recollect(*command, "--data", folder)
        assert ran.status == 1
        assert "was made by an earlier version of Recollect (schema 1, here 2)" in ran.err
        assert "recollect crawl URL --rebuild" in ran.err
    assert recollect("crawl", site.at("/"), "--data", folder, "--rebuild", "--json").json["indexed"] == first["indexed"]
    assert recollect("search", "tern", "--data", folder, "--json").json["total"] > 0
    again = recollect("crawl", site.at("/"), "--data", folder, "--json").json
    assert (again["indexed"], again["not_modified"]) == (0, first["fetched"])


def test_files_are_imported_into_an_index_made_anew(recollect: Recollect, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nA tern flies.")
    recollect("import", tmp_path / "one.md", "--data", tmp_path / "index")
    recollect("import", tmp_path / "two.md", "--data", tmp_path / "index", "--rebuild")
    found = recollect("search", "tern", "--data", tmp_path / "index", "--json").json
    assert [hit["title"] for hit in found["hits"]] == ["two"]


def test_odd_queries_find_something_or_nothing_but_never_fail(recollect: Recollect, indexed: Indexed) -> None:
    for query in ("", '"', 'the "restore drill', "AND OR NOT (", "a" * 10_000, "\ud800", "日本語", "-x"):
        ran = recollect("search", "--data", indexed.data, "--json", "--", query)
        assert ran.status == 0, (query, ran.err)
        assert isinstance(ran.json["hits"], list)


def test_help_has_examples_on_every_command(recollect: Recollect) -> None:
    for command in ("init", "crawl", "import", "search", "ask", "serve", "worker", "eval", "tune", "status", "doctor"):
        ran = recollect(command, "--help")
        assert ran.status == 0
        assert f"recollect {command}" in ran.out.partition("Examples")[2], command


def test_the_installed_command_starts(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("recollect")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.startswith("recollect ")


def test_doctor_looks_for_every_extra() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert set(EXTRAS) == set(project["optional-dependencies"]) - {"test", "dev"}


def test_doctor_calls_a_missing_extra_wrong_only_where_it_is_configured(
    recollect: Recollect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXTRAS, "warc", ("a_module_that_is_nowhere",))

    def states(*options: str | Path) -> list[str]:
        findings = recollect("doctor", "--data", tmp_path, "--json", *options).json["findings"]
        return [finding["state"] for finding in findings if "warc" in finding["what"]]

    (tmp_path / "r.yml").write_text("seeds: [http://127.0.0.1/]\ncrawl: {warc: out.warc}\n")
    assert states() == ["note"]
    assert states("--config", tmp_path / "r.yml") == ["wrong"]


def test_doctor_names_a_browser_that_cannot_be_run(recollect: Recollect, tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_text("seeds: [http://127.0.0.1/]\ncrawl: {render: auto, render_browser: /no/browser}\n")
    ran = recollect("doctor", "--data", tmp_path, "--config", tmp_path / "r.yml", "--json")
    assert [f["what"] for f in ran.json["findings"] if f["part"] == "browser"] == [
        "crawl.render_browser /no/browser cannot be run"
    ]


def test_doctor_looks_for_what_is_in_use_already(recollect: Recollect, tmp_path: Path) -> None:
    import kombu  # noqa: F401 - which replaces itself by a module without a specification

    ran = recollect("doctor", "--data", tmp_path, "--json")
    assert "celery is installed" in {finding["what"] for finding in ran.json["findings"]}
