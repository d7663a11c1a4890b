"""recollect compare-memory: one table of facts in every memory."""

from pathlib import Path

import pytest

from tests.server.conftest import Recollect
from tests.support import need

RIVERS = (
    "river\tmouth\tlength in kilometres\nRhine\tNorth Sea\t1233\nDanube\tBlack Sea\t2850\nLoire\tAtlantic\t1006\n"
    "Elbe\tNorth Sea\t1094\nOder\tBaltic Sea\t840\nTiber\tTyrrhenian Sea\t405\n"
)

pytestmark = pytest.mark.torch


@pytest.fixture
def rivers(tmp_path: Path) -> Path:
    for module in ("sklearn", "gensim", "pyoxigraph", "sqlalchemy", "torch"):
        need.module(module, "pip install 'recollect[baselines,graph,sql,torch]'")
    (tmp_path / "recollect.yml").write_text("encoder: {kind: hashing}\nscorer: {kind: overlap}\n")
    (tmp_path / "rivers.tsv").write_text(RIVERS)
    return tmp_path / "rivers.tsv"


def test_structured_memories_know_every_fact_and_a_change_at_once(recollect: Recollect, rivers: Path) -> None:
    ran = recollect("compare-memory", rivers, "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["facts"], ran.json["questions"]) == (12, 12)
    found = ran.json["memories"]
    assert next(iter(found)) == "no memory"
    assert (found["no memory"]["answered"], found["no memory"]["update_s"]) == (0.0, None)
    for name in ("key-value", "graph", "SQL", "all together"):
        one = found[name]
        assert (name, one["accuracy"], one["grounded"]) == (name, 1.0, 1.0)
        assert one["update_s"] is not None, name
        assert one["disk_kib"] >= 0
    for name in ("text, TF-IDF", "text, Word2Vec", "text, BM25", "text, vectors", "text, hybrid"):
        assert found[name]["answered"] > 0, name
        assert found[name]["grounded"] == 1.0, name
    assert (found["distilled"]["answered"], found["distilled"]["grounded"]) == (1.0, 0.0)
    assert "text, trained vectors" not in found


def test_questions_of_ones_own_are_told_by_kind(recollect: Recollect, rivers: Path, tmp_path: Path) -> None:
    rows = ("question\tkind\tanswer", "How many rivers are there?\tcount\t6", "mouth of Elbe\tlook-up\tNorth Sea")
    (tmp_path / "asked.tsv").write_text("\n".join(rows))
    ran = recollect("compare-memory", rivers, "--ask", tmp_path / "asked.tsv", "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["questions"], ran.json["kinds"]) == (2, {"count": 1, "look-up": 1})
    kinds = {name: one["by_kind"] for name, one in ran.json["memories"].items()}
    assert kinds["SQL"] == {"count": 1.0, "look-up": 1.0}
    assert kinds["graph"] == {"count": 0.0, "look-up": 1.0}
    assert kinds["all together"] == {"count": 1.0, "look-up": 1.0}


def test_the_comparison_is_shown_and_drawn(recollect: Recollect, rivers: Path, tmp_path: Path) -> None:
    need.module("matplotlib", "pip install 'recollect[train]'")
    ran = recollect("compare-memory", rivers, "--questions", "2", "--plot", tmp_path / "out.svg")
    assert ran.status == 0, ran.err
    assert "key-value" in ran.out
    assert "all together" in ran.out
    drawn = (tmp_path / "out.svg").read_text()
    assert "2 questions about rivers" in drawn
    assert "key-value" in drawn


def test_what_is_no_table_is_told_in_one_line(recollect: Recollect, tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("nothing")
    ran = recollect("compare-memory", tmp_path / "x.tsv")
    assert ran.status == 1
    assert "is no table of facts" in ran.err
