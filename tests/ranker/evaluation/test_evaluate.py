"""Evaluating a small judged collection end to end on the embedded store."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.document import Vectors
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.errors import EncoderError
from ranker.config import RankConfig
from ranker.errors import RankError
from ranker.evaluation.evaluate import EvalConfig, evaluate, percentile
from ranker.scorers.overlap import OverlapScorer

ANIMALS = {"cat": "The cat purrs on a warm sofa.", "dog": "The dog barks at the postman.", "cow": "The cow eats grass."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "animals"
    (home / "qrels").mkdir(parents=True)
    corpus = [{"_id": name, "title": name, "text": text} for name, text in ANIMALS.items()]
    queries = [{"_id": f"q-{name}", "text": text.split(" ", 2)[2]} for name, text in ANIMALS.items()]
    queries.append({"_id": "q-none", "text": "nothing is relevant to this"})
    for name, records in (("corpus", corpus), ("queries", queries)):
        (home / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    rows = [f"q-{name}\t{name}\t1" for name in ANIMALS]
    (home / "qrels" / "test.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *rows, "q-none\tcat\t0"]) + "\n")
    return home


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "index", writable=True)
    yield opened
    opened.close()


def test_reports_every_mode_with_its_figures(folder: Path, store: EmbeddedStore) -> None:
    report = evaluate(folder, store, HashingEncoder(), OverlapScorer())
    assert (report["dataset"], report["documents"], report["queries"]) == ("animals", 3, 3)
    assert report["documents_per_second"] > 0
    assert list(report["modes"]) == ["lexical", "dense", "hybrid", "rerank"]
    for figures in report["modes"].values():
        assert list(figures) == ["ndcg@10", "recall@100", "mrr@10", "p50_ms", "p95_ms"]
        assert figures["ndcg@10"] == figures["recall@100"] == figures["mrr@10"] == 1.0
        assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    assert json.loads(json.dumps(report)) == report


def test_without_a_scorer_rerank_is_left_out_unless_asked_for(folder: Path, store: EmbeddedStore) -> None:
    assert list(evaluate(folder, store, HashingEncoder())["modes"]) == ["lexical", "dense", "hybrid"]
    with pytest.raises(RankError, match="rerank needs a scorer"):
        evaluate(folder, store, HashingEncoder(), config=EvalConfig(modes=("rerank",)))


def test_max_queries_takes_so_many_judged_ones(folder: Path, store: EmbeddedStore) -> None:
    config = EvalConfig(modes=("lexical",), max_queries=2)
    assert evaluate(folder, store, HashingEncoder(), config=config)["queries"] == 2


@pytest.mark.parametrize(("corrects", "gain"), [(True, 1.0), (False, 0.75)])
def test_words_that_the_index_lacks_are_corrected_unless_asked_not_to(
    folder: Path, store: EmbeddedStore, corrects: bool, gain: float
) -> None:
    with (folder / "queries.jsonl").open("a") as file:
        file.write(json.dumps({"_id": "q-mistyped", "text": "postmna"}) + "\n")
    with (folder / "qrels" / "test.tsv").open("a") as file:
        file.write("q-mistyped\tdog\t1\n")
    config = EvalConfig(modes=("lexical",), corrects=corrects)
    assert evaluate(folder, store, HashingEncoder(), config=config)["modes"]["lexical"]["ndcg@10"] == gain


def test_a_search_that_had_to_leave_something_out_is_not_measured(folder: Path, store: EmbeddedStore) -> None:
    class FailsOnQueries(HashingEncoder):
        def encode_queries(self, texts: object) -> Vectors:
            raise EncoderError("the encoder is away")

    with pytest.raises(RankError, match=r"Mode hybrid cannot be measured .*the encoder is away"):
        evaluate(folder, store, FailsOnQueries(), config=EvalConfig(modes=("hybrid",)))


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (1.0, 100), (0.0, 1)])
def test_percentile_is_the_nearest_rank(share: float, expected: float) -> None:
    assert percentile(np.arange(1, 101).tolist(), share) == expected


def test_percentile_of_nothing_is_zero() -> None:
    assert percentile([], 0.5) == 0


def test_a_query_that_means_nothing_is_measured_as_one_that_found_nothing(folder: Path, store: EmbeddedStore) -> None:
    with (folder / "queries.jsonl").open("a") as file:
        file.write(json.dumps({"_id": "q-nonsense", "text": "qwzx blorf"}) + "\n")
    with (folder / "qrels" / "test.tsv").open("a") as file:
        file.write("q-nonsense\tcat\t1\n")
    config = EvalConfig(modes=("hybrid",), rank=RankConfig(min_deviations=1000.0))
    assert evaluate(folder, store, HashingEncoder(), config=config)["modes"]["hybrid"]["ndcg@10"] == 0.75
