"""Queries learn where their passages are, go on where they were stopped, and leave the passages alone."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.inference.export_minilm import export
from indexer.inference.model import Model
from ranker.errors import BadModel, BadTrainingData
from ranker.training.curves import read_log
from ranker.training.joint.config import JointConfig
from ranker.training.joint.pool import Lesson
from ranker.training.joint.query_encoder import QueryEncoder
from ranker.training.joint.train import Course, found_by, train_queries
from ranker.training.train import LOG
from tests.support.toy import FILLERS

pytestmark = pytest.mark.torch

TOPICS = 20
CONFIG = JointConfig(layers=1, epochs=30, batch=32, learning_rate=3e-3, anchor=0.0, kept=0.0, report_every_s=0.0)


@pytest.fixture(scope="session")
def exported(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny base as an encoder, with weights as trained ones are: zeros and ones vanish from an exported graph."""
    import torch
    from transformers import AutoModel

    folder = tmp_path_factory.mktemp("encoder")
    shutil.copytree(base, folder / "base")
    model = AutoModel.from_pretrained(base)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim == 1:
                weights.add_(0.1 * torch.randn_like(weights))
    model.save_pretrained(folder / "base")
    export(str(folder / "base"), folder / "exported")
    return folder / "exported"


@pytest.fixture(scope="module")
def course() -> Course:
    """Each topic is a word that a query holds, and a passage somewhere; of each some wordings are held out."""
    random = np.random.default_rng(0)
    vectors = random.normal(size=(2 * TOPICS, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept: list[Lesson] = []
    held: list[Lesson] = []
    for number in range(TOPICS * 10):
        topic = number % TOPICS
        query = f"{FILLERS[topic]} {FILLERS[50 + number // TOPICS]}"
        lesson = Lesson(query, topic, (topic, (topic + 1) % TOPICS), (2.0, -2.0))
        (held if number // TOPICS >= 8 else kept).append(lesson)
    return Course(vectors, kept, held)


def rights(course: Course) -> list[int]:
    return [lesson.right for lesson in course.held]


def test_an_encoder_is_read_from_its_export(exported: Path) -> None:
    texts = ["the cat sat", "a mat of the dog ran home", ""]
    encoder = QueryEncoder.load(exported, 1)
    found = encoder.encode(encoder.states(texts)).detach().numpy()
    assert (found * Model(exported).run(texts)).sum(1) == pytest.approx(1.0, abs=1e-3)


def test_a_query_learns_where_its_passage_is_and_so_does_one_like_it(
    exported: Path, course: Course, tmp_path: Path
) -> None:
    encoder = QueryEncoder.load(exported, 1)
    fixed = {name: tensor.clone() for name, tensor in encoder.fixed_state().items()}
    found = train_queries(CONFIG, encoder, course, tmp_path)
    records = read_log(tmp_path / LOG)
    before = records[0]["validation"]
    assert before["recall"] < 0.5
    assert found.recall > 0.9
    assert records[-1]["validation"]["mrr"] == pytest.approx(found.mrr, abs=1e-3)
    assert all((tensor == fixed[name]).all() for name, tensor in encoder.fixed_state().items())
    encoder.export(tmp_path / "model")
    vectors = Model(tmp_path / "model").run([lesson.query for lesson in course.held])
    assert found_by(vectors, course.vectors, rights(course)).recall == pytest.approx(found.recall, abs=0.03)


def test_the_margins_of_the_reader_are_learnt(exported: Path, course: Course, tmp_path: Path) -> None:
    config = replace(CONFIG, loss="margin", report_every_s=0.0)
    train_queries(config, QueryEncoder.load(exported, 1), course, tmp_path)
    losses = [record["loss"]["rank"] for record in read_log(tmp_path / LOG) if record.get("loss")]
    assert losses[-1] < losses[0] / 4


def test_what_a_query_was_has_its_share_in_what_it_becomes(exported: Path, course: Course, tmp_path: Path) -> None:
    encoder = QueryEncoder.load(exported, 1)
    before = [parameter.detach().clone() for parameter in encoder.trained.parameters()]
    train_queries(replace(CONFIG, epochs=1, kept=1.0), encoder, course, tmp_path)
    for parameter, old in zip(encoder.trained.parameters(), before, strict=True):
        np.testing.assert_allclose(parameter.detach().numpy(), old.numpy(), atol=1e-6)


class Stopped(Exception):
    """As if the machine had been switched off."""


def test_layers_by_which_less_is_found_are_left_as_they_were(exported: Path, course: Course, tmp_path: Path) -> None:
    """What is held out is found as it is; what is taught moves every query to a passage on the other side."""
    queries = [lesson.query for lesson in course.held]
    vectors = Model(exported).run(queries)
    taught = np.vstack([vectors, -vectors.mean(0, keepdims=True)])
    far = [replace(lesson, right=len(queries), read=(len(queries), 0)) for lesson in course.kept]
    near = [replace(lesson, right=row, read=(row, 0)) for row, lesson in enumerate(course.held)]
    encoder = QueryEncoder.load(exported, 1)
    before = encoder.encode(encoder.states(queries)).detach().numpy()
    found = train_queries(CONFIG, encoder, Course(taught, far, near), tmp_path)
    records = [record["validation"] for record in read_log(tmp_path / LOG) if "validation" in record]
    assert encoder.encode(encoder.states(queries)).detach().numpy() == pytest.approx(before, abs=1e-5)
    assert found.recall == pytest.approx(records[0]["recall"], abs=1e-4)


def test_a_run_that_was_stopped_ends_as_one_that_was_not(exported: Path, course: Course, tmp_path: Path) -> None:
    config = replace(CONFIG, epochs=4, checkpoint_every_s=0.0)
    whole = QueryEncoder.load(exported, 1)
    train_queries(config, whole, course, tmp_path / "whole")
    steps = 0

    def stop(record: dict[str, Any]) -> None:
        nonlocal steps
        steps += "validation" in record
        if steps == 9:
            raise Stopped

    with pytest.raises(Stopped):
        train_queries(config, QueryEncoder.load(exported, 1), course, tmp_path / "cut", stop)
    again = QueryEncoder.load(exported, 1)
    train_queries(config, again, course, tmp_path / "cut")
    for one, other in zip(again.trained.parameters(), whole.trained.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach().numpy(), other.detach().numpy())
    with pytest.raises(BadTrainingData, match="other data or settings"):
        train_queries(replace(config, seed=2), QueryEncoder.load(exported, 1), course, tmp_path / "cut")


def test_found_counts_what_ranks_before() -> None:
    memory = np.eye(8, dtype=np.float32)
    queries = memory[[0, 1]] + 0.5 * memory[[7, 7]]
    queries[1] = memory[2:8].sum(0)
    found = found_by(queries, memory, [0, 1])
    assert (found.recall, found.mrr) == (0.5, pytest.approx((1 + 1 / 8) / 2))


@pytest.mark.parametrize("layers", [0, 3])
def test_layers_that_are_not_there_are_refused(exported: Path, layers: int) -> None:
    with pytest.raises(BadModel, match="2 layers"):
        QueryEncoder.load(exported, layers)


def test_a_folder_that_is_no_encoder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(json.dumps([]))
    with pytest.raises(BadModel):
        QueryEncoder.load(tmp_path, 1)
