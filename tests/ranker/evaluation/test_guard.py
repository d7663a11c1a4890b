"""A collection that guards is searched both ways."""

import json
from pathlib import Path

import pytest

from indexer.encoders.hashing import HashingEncoder
from ranker.errors import BadTrainingData
from ranker.evaluation.guard import guarded


def test_a_guard_is_searched_both_ways(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    texts = {"a": "the boat on the lake", "b": "the price of bread"}
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps({"_id": i, "text": t}) + "\n" for i, t in texts.items()))
    asked = {"1": "boat", "2": "bread"}
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps({"_id": i, "text": t}) + "\n" for i, t in asked.items()))
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n")
    encoder = HashingEncoder(64)
    found = guarded((tmp_path, "test"), encoder, lambda queries: -encoder.encode_queries(queries), tmp_path / "kept")
    assert (found.name, found.queries, found.before) == (tmp_path.name, 2, 1.0)
    assert found.after == pytest.approx(0.6309, abs=1e-3)
    assert found.loss == pytest.approx(0.3691, abs=1e-3)
    (tmp_path / "qrels" / "none.tsv").write_text("query-id\tcorpus-id\tscore\n")
    with pytest.raises(BadTrainingData, match="no judged queries"):
        guarded((tmp_path, "none"), encoder, encoder.encode_queries, tmp_path / "kept")
