"""recollect train joint: from judged questions to a query encoder that the configuration names."""

import json
from pathlib import Path

import pytest
import yaml

from server.assemble import make_encoder
from server.settings.config import Config, load
from server.trained_queries import installed
from tests.server.conftest import Recollect
from tests.support import need

pytestmark = pytest.mark.torch

TOWNS = (
    *("Aston", "Brill", "Corby", "Diss", "Ely", "Frome", "Goole", "Hexham"),
    *("Ilkley", "Jarrow", "Kendal", "Louth", "Morley", "Nairn", "Oban", "Perth"),
)
SIGHTS = ("harbour", "castle", "market", "windmill", "library")


@pytest.fixture(autouse=True, scope="module")
def _has_matplotlib() -> None:
    need.module("matplotlib", "pip install 'recollect[train]'")


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """Sights of towns in BEIR's layout."""
    folder = tmp_path / "towns"
    (folder / "qrels").mkdir(parents=True)
    pairs = [(town, sight) for town in TOWNS for sight in SIGHTS]
    documents = [
        {"_id": f"{t}-{s}", "title": t, "text": f"The {s} of {t} is open every day until noon."} for t, s in pairs
    ]
    asked = [{"_id": f"q-{t}-{s}", "text": f"When does the {s} in {t} close?"} for t, s in pairs]
    judged = [f"q-{t}-{s}\t{t}-{s}\t1" for t, s in pairs]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in documents))
    (folder / "queries.jsonl").write_text("".join(json.dumps(one) + "\n" for one in asked))
    (folder / "qrels" / "train.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]) + "\n")
    return folder


def test_queries_are_trained_compared_and_guarded(recollect: Recollect, towns: Path, tmp_path: Path) -> None:
    (tmp_path / "recollect.yml").write_text("scorer: {kind: overlap}\n")
    arguments = [
        "train",
        "joint",
        "--data",
        towns,
        "--guard",
        towns,
        "--guard-split",
        "train",
        "--out",
        tmp_path / "out",
    ]
    ran = recollect(*arguments, "--epochs", "4", "--learning-rate", "0.001", "--threads", "1", "--json")
    assert ran.status == 0, ran.err
    report = ran.json
    assert report["sources"][0]["groups"] > 60
    assert report["passages"] == len(TOWNS) * len(SIGHTS)
    assert 0 < report["questions"] < 20
    assert report["before"]["recall@5"] > 0.9
    (guard,) = report["guards"]
    assert (guard["name"], guard["queries"]) == ("towns", len(TOWNS) * len(SIGHTS))
    assert (tmp_path / "out" / "curves.png").stat().st_size > 10_000
    assert json.loads((tmp_path / "out" / "report.json").read_text())["peak_mib"] == report["peak_mib"]
    (tmp_path / "recollect.yml").write_text(f"encoder: {{query_model: {report['model']}}}\n")
    encoder = make_encoder(load(tmp_path / "recollect.yml"))
    plain = make_encoder(Config())
    question = ["When does the castle in Ely close?"]
    cosine = float(encoder.encode_queries(question)[0] @ plain.encode_queries(question)[0])
    # Where held-out questions gain nothing, as here where nearly all find their passage, layers may stay as they were.
    assert cosine > 0.5
    assert float(encoder.encode_passages(question)[0] @ plain.encode_passages(question)[0]) > 0.9999


@pytest.mark.parametrize(
    ("config", "given", "what"),
    [
        ("", [], "nothing to train on"),
        ("encoder: {kind: hashing}", ["--data", "towns"], "the encoder hashing cannot be trained"),
        ("encoder: {kind: hashing, query_model: x}", ["--data", "towns"], "query_model is for kind bundled"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    recollect: Recollect, tmp_path: Path, config: str, given: list[str], what: str
) -> None:
    (tmp_path / "recollect.yml").write_text(config)
    ran = recollect("train", "joint", "--out", "out", *given, "--config", tmp_path / "recollect.yml")
    assert ran.status in (1, 2)
    (error,) = [line for line in ran.err.splitlines() if line.startswith("error:")]
    assert what in error


def test_only_a_model_that_gains_and_harms_nothing_is_installed(tmp_path: Path) -> None:
    config = tmp_path / "recollect.yml"
    config.write_text("seeds: []\n")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.xml").touch()
    report = {"model": str(tmp_path / "model"), "gains": True, "harms": []}
    (line,) = installed(report | {"gains": False}, config)
    assert "finds no more" in line
    (line,) = installed(report | {"harms": ["wikiqa"]}, config)
    assert "less in wikiqa" in line
    assert config.read_text() == "seeds: []\n"
    installed(report, config)
    named = {"kind": "bundled", "query_model": str(tmp_path / "query-encoder")}
    assert yaml.safe_load(config.read_text()) == {"seeds": [], "encoder": named}
