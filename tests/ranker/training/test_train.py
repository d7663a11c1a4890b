"""Training on a toy task: it learns, goes on where it was stopped, and refuses what does not fit."""

import json
from pathlib import Path
from typing import Any

import pytest

from ranker.errors import BadModel, BadTrainingData
from ranker.training.checkpoint import CHECKPOINT
from ranker.training.config import TrainConfig
from ranker.training.curves import read_log
from ranker.training.group import write_groups
from ranker.training.model import WEIGHTS
from ranker.training.sources.pairs import Windows
from ranker.training.train import LOG, MODEL, train
from tests.support.tiny_models import save_tiny_bert
from tests.support.toy import toy_config, toy_groups

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("groups")
    write_groups(folder / "a.jsonl.gz", toy_groups(150))
    write_groups(folder / "b.jsonl.gz", toy_groups(50, seed=1))
    return [folder / "a.jsonl.gz", folder / "b.jsonl.gz"]


class Stopped(Exception):
    """As if the machine had been switched off."""


def test_the_loss_falls_and_the_right_passage_is_ranked_first_and_read(
    base: Path, files: list[Path], tmp_path: Path
) -> None:
    config = toy_config(base, epochs=12, report_every_s=0.0)
    done = train(config, files, tmp_path)
    records = read_log(tmp_path / LOG)
    losses = [record["loss"]["total"] for record in records if record["loss"]]
    assert losses[-1] < losses[0] / 3
    validation = records[-1]["validation"]
    assert validation["mrr"] > 0.95
    assert validation["judged"] > 0.95
    assert validation["exact"] > 0.9
    assert done.rows == done.of_rows < 12 * 600  # some are held out
    assert max(record["learning_rate"] for record in records) <= config.learning_rate
    assert records[-1]["learning_rate"] == 0
    assert (tmp_path / MODEL / WEIGHTS).is_file()


def test_a_run_that_was_stopped_ends_as_one_that_was_not(base: Path, files: list[Path], tmp_path: Path) -> None:
    config = toy_config(base, epochs=2, report_every_s=0.0, checkpoint_every_s=0.0)
    train(config, files, tmp_path / "undisturbed")
    steps = 0

    def stop(record: dict[str, Any]) -> None:
        nonlocal steps
        steps += "validation" not in record
        if steps == 12:
            raise Stopped

    with pytest.raises(Stopped):
        train(config, files, tmp_path / "stopped", stop)
    done = train(config, files, tmp_path / "stopped")
    assert done.rows == done.of_rows
    models = [(tmp_path / name / MODEL / WEIGHTS).read_bytes() for name in ("undisturbed", "stopped")]
    assert models[0] == models[1]
    logs = [read_log(tmp_path / name / LOG) for name in ("undisturbed", "stopped")]
    assert logs[0][-1]["validation"] == logs[1][-1]["validation"]
    assert [record["steps"] for record in logs[1]] == sorted(record["steps"] for record in logs[1])


def test_the_seed_decides_the_model(base: Path, files: list[Path], tmp_path: Path) -> None:
    for name, seed in (("once", 1), ("again", 1), ("other", 2)):
        train(toy_config(base, seed=seed), files[1:], tmp_path / name)
    once, again, other = ((tmp_path / n / MODEL / WEIGHTS).read_bytes() for n in ("once", "again", "other"))
    assert once == again != other


def stopped_run(config: TrainConfig, files: list[Path], folder: Path) -> None:
    def stop(record: dict[str, Any]) -> None:
        if (folder / CHECKPOINT).is_file():
            raise Stopped

    with pytest.raises(Stopped):
        train(config, files, folder, stop)


def test_a_checkpoint_of_other_data_or_settings_is_refused(base: Path, files: list[Path], tmp_path: Path) -> None:
    config = toy_config(base, report_every_s=0.0, checkpoint_every_s=0.0)
    stopped_run(config, files[1:], tmp_path)
    other = tmp_path / "other.jsonl"
    write_groups(other, [*toy_groups(49, seed=1), *toy_groups(1, seed=9)])
    for changed, data in ((config, [other]), (toy_config(base, epochs=3, report_every_s=0.0), files[1:])):
        with pytest.raises(BadTrainingData, match="other data or settings") as error:
            train(changed, data, tmp_path)
        assert str(tmp_path / CHECKPOINT) in error.value.what


def test_a_damaged_checkpoint_is_refused_in_one_line(base: Path, files: list[Path], tmp_path: Path) -> None:
    for content in (b"", b"nothing of torch", b"PK\x03\x04"):
        (tmp_path / CHECKPOINT).write_bytes(content)
        with pytest.raises(BadTrainingData, match="is damaged") as error:
            train(toy_config(base), files[1:], tmp_path)
        assert "\n" not in error.value.what


def test_validation_is_on_the_held_files_where_there_are_any(base: Path, files: list[Path], tmp_path: Path) -> None:
    with_held = train(toy_config(base), files[:1], tmp_path / "held", held_files=files[1:])
    assert with_held.of_rows == 150 * 3
    assert "mrr" in json.loads((tmp_path / "held" / LOG).read_text().splitlines()[-1])["validation"]


def test_the_answers_of_one_passage_are_not_on_both_sides(base: Path, tmp_path: Path) -> None:
    write_groups(tmp_path / "g.jsonl", toy_groups(30) * 4)
    done = train(toy_config(base), [tmp_path / "g.jsonl"], tmp_path / "out")
    assert done.of_rows % 12 == 0


def test_nothing_to_train_on_is_refused(base: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(BadTrainingData, match="no groups"):
        train(toy_config(base), [tmp_path / "empty.jsonl"], tmp_path / "out")


def test_a_base_that_is_too_short_or_none_is_refused(files: list[Path], tmp_path: Path) -> None:
    short = save_tiny_bert(tmp_path / "short")
    with pytest.raises(BadModel, match="reads 64 tokens, and training needs 355"):
        train(TrainConfig(base=str(short), windows=Windows()), files, tmp_path / "out")
    with pytest.raises(BadModel, match="cannot be loaded"):
        train(TrainConfig(base=str(tmp_path / "nothing")), files, tmp_path / "out")
