"""The picture of a training, and the log it is drawn from."""

import json
from pathlib import Path
from typing import Any

import pytest

from ranker.errors import BadTrainingData
from ranker.training.curves import SMOOTHED, draw, read_log, smoothed
from tests.support import need


def record(rows: int, **more: Any) -> dict[str, Any]:
    return {"rows": rows, "loss": {"rank": 1 / rows, "span": 2 / rows, "pointwise": 0.0, "answerable": 0.1}, **more}


def log(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    return path


def test_what_a_resumed_run_did_again_counts_once(tmp_path: Path) -> None:
    path = log(tmp_path / "log.jsonl", record(10), record(20), record(30, a=1), record(20, a=2), record(40))
    assert [(r["rows"], r.get("a")) for r in read_log(path)] == [(10, None), (20, None), (20, 2), (40, None)]


def test_a_log_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadTrainingData, match="cannot be read"):
        read_log(tmp_path / "none")
    (tmp_path / "bad").write_text('{"rows": 1}\n{"row')
    with pytest.raises(BadTrainingData, match="line 2, is not a record"):
        read_log(tmp_path / "bad")


def test_each_round_has_its_line_of_panels(tmp_path: Path) -> None:
    need.module("matplotlib", "pip install 'recollect[train]'")
    from matplotlib import image

    first = log(tmp_path / "a", record(1000), record(2000, validation={"mrr": 0.9, "exact": 0.4}))
    second = log(tmp_path / "b", record(1000))
    draw([("reading", first)], tmp_path / "one.png")
    draw([("reading", first), ("mix", second)], tmp_path / "two.png")
    one, two = (image.imread(tmp_path / name) for name in ("one.png", "two.png"))
    assert two.shape[0] == 2 * one.shape[0] > 400
    assert one[..., :3].std() > 0.05


def test_many_values_are_smoothed_and_few_are_not() -> None:
    few, many = [1.0, 9.0] * 4, [1.0, 9.0] * 60
    assert smoothed(few) == few
    assert smoothed(many)[:2] == [1, 5]
    assert smoothed(many)[SMOOTHED - 1 :] == [5] * (len(many) - SMOOTHED + 1)
