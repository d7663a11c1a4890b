"""recollect train: from a file of pairs to an installed model."""

import json
from pathlib import Path

import pytest
import yaml

from ranker.scorers.bundled import BundledScorer, BundledScorerConfig
from ranker.training.group import write_groups
from server.trained import installed
from tests.server.conftest import Recollect
from tests.support import need
from tests.support.tiny_models import save_tiny_bert
from tests.support.toy import WORDS, toy_groups

pytestmark = pytest.mark.torch


@pytest.fixture(autouse=True, scope="module")
def _has_matplotlib() -> None:
    need.module("matplotlib", "pip install 'recollect[train]'")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With room for the usual windows."""
    return save_tiny_bert(tmp_path_factory.mktemp("base"), words=WORDS, max_tokens=384)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_groups(tmp_path / "toy.jsonl.gz", toy_groups(400))
    return tmp_path / "toy.jsonl.gz"


@pytest.fixture
def arguments(base: Path, data: Path, tmp_path: Path) -> list[str | Path]:
    (tmp_path / "recollect.yml").write_text("scorer: {kind: none}\nencoder: {kind: hashing}\n")
    fast = ["--epochs", "15", "--learning-rate", "0.003", "--threads", "1", "--device", "cpu"]
    return ["train", "reranker", "--data", data, "--out", tmp_path / "out", *fast, "--base", base]


def test_a_model_is_trained_compared_and_kept_with_its_curves(
    recollect: Recollect, arguments: list[str | Path], tmp_path: Path
) -> None:
    (tmp_path / "recollect.yml").write_text("scorer: {kind: overlap}\n")
    ran = recollect(*arguments, "--json")
    assert ran.status == 0, ran.err
    report = ran.json
    assert report["comparison"]["present"] == "overlap"
    figures = report["comparison"]["figures"]
    assert figures["ndcg"]["new"] > 0.85 > figures["ndcg"]["present"]
    assert figures["ndcg"]["p_value"] < 0.05
    assert report["is_worse"] is False
    assert report["reading"]["f1"] > 0.8
    assert report["sources"][0]["groups"] > 300
    assert (tmp_path / "out" / "curves.png").stat().st_size > 10_000
    assert json.loads((tmp_path / "out" / "report.json").read_text())["comparison"] == report["comparison"]
    scores = BundledScorer(BundledScorerConfig(folder=Path(report["model"]))).score("worda", ["mat", "dog"])
    assert scores[0] > scores[1]
    assert "groups to train on" in ran.err
    again = recollect(*arguments)
    assert "On " in again.out
    assert "ndcg" in again.out
    assert "round mix" not in again.err  # it was done already


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ([], "nothing to train on"),
        (["--data", "nowhere.jsonl"], "nowhere.jsonl is not there"),
        (["--data", "{data}", "--device", "abacus"], "no device 'abacus'"),
        (["--data", "{data}", "--base", "nowhere/model"], "nowhere/model cannot be loaded"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    recollect: Recollect, data: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], what: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    ran = recollect("train", "reranker", "--out", "out", *(part.replace("{data}", str(data)) for part in given))
    assert ran.status in (1, 2)
    error = [line for line in ran.err.splitlines() if line.startswith("error:")]
    assert len(error) == 1
    assert what in error[0]


def report_of(folder: Path, *, is_worse: bool = False) -> dict[str, object]:
    folder.mkdir()
    (folder / "model.xml").write_text("new")
    return {"model": str(folder), "comparison": {"groups": 3}, "is_worse": is_worse}


def test_a_worse_model_and_one_not_compared_are_not_installed(tmp_path: Path) -> None:
    config = tmp_path / "recollect.yml"
    config.write_text("seeds: []\n")
    (line,) = installed(report_of(tmp_path / "a", is_worse=True), config)
    assert "worse" in line
    (line,) = installed(report_of(tmp_path / "b") | {"comparison": {}}, config)
    assert "not be compared" in line
    assert (config.read_text(), (tmp_path / "reader-ranker").exists()) == ("seeds: []\n", False)


def test_a_model_is_installed_beside_the_config_file_and_named_there(tmp_path: Path) -> None:
    config = tmp_path / "recollect.yml"
    config.write_text("# mine\nseeds: []")
    installed(report_of(tmp_path / "a"), config)
    folder = tmp_path / "reader-ranker"
    assert (folder / "model.xml").read_text() == "new"
    assert config.read_text().startswith("# mine\nseeds: []\n")
    named = {"kind": "bundled", "model": str(folder)}
    assert yaml.safe_load(config.read_text()) == {"seeds": [], "scorer": named}
    (folder / "old").touch()
    (line,) = installed(report_of(tmp_path / "b"), config)
    assert "Replaced" in line
    assert sorted(p.name for p in folder.iterdir()) == ["model.xml"]


def test_a_scorer_of_the_persons_own_choice_stays(tmp_path: Path) -> None:
    config = tmp_path / "recollect.yml"
    config.write_text("scorer: {kind: overlap}\n")
    (line,) = installed(report_of(tmp_path / "a"), config)
    assert "names another scorer" in line
    assert config.read_text() == "scorer: {kind: overlap}\n"


def test_without_a_config_file_the_setting_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (line,) = installed(report_of(tmp_path / "a"), None)
    assert str(tmp_path / "reader-ranker") in line
    assert "kind: bundled" in line
