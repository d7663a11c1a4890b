"""Draws how the rounds of a training went: losses and validation over the rows read."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.errors import MissingExtra
from ranker.errors import BadTrainingData

LOSSES = {"rank": "ranking", "pointwise": "relevance", "answerable": "answerable", "span": "answer span"}
FIGURES = {
    "mrr": "right passage first (MRR)",
    "recall": "right passage among five",
    "judged": "answers or not",
    "exact": "exact span",
    "overlap": "span F1",
}
SMOOTHED = 8
MANY = 96
Record = dict[str, Any]


def read_log(path: Path) -> list[Record]:
    """The records of a log, in order; those that a resumed run did again count once. Raises BadTrainingData."""
    records: list[Record] = []
    place = str(path)
    try:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            place = f"{path}, line {number},"
            record = json.loads(line)
            while records and records[-1]["rows"] > record["rows"]:
                records.pop()
            records.append(record)
    except OSError as error:
        raise BadTrainingData(f"{path} cannot be read: {error}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise BadTrainingData(f"{place} is not a record of training ({error})") from error
    return records


def draw(rounds: Sequence[tuple[str, Path]], out: Path) -> None:
    """Write ``out`` (PNG): a line of two panels for each (name, log.jsonl). Raises MissingExtra, BadTrainingData."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("Drawing the curves of training", "train") from error
    figure = Figure(figsize=(12, 4.2 * len(rounds)), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(rounds), 2, squeeze=False)
    for (name, log), (left, right) in zip(rounds, panels, strict=True):
        records = read_log(log)
        _lines(left, LOSSES, [(r["rows"], r["loss"]) for r in records if r.get("loss")])
        left.set(title=f"Round {name}: losses", ylabel="loss")
        _lines(right, FIGURES, [(r["rows"], r["validation"]) for r in records if "validation" in r])
        right.set(title=f"Round {name}: validation", ylabel="share", ylim=(0, 1))
    figure.savefig(out, dpi=120)


def _lines(panel: Any, names: Mapping[str, str], records: Sequence[tuple[int, Mapping[str, float]]]) -> None:
    for key, label in names.items():
        rows = [rows / 1000 for rows, values in records if key in values]
        values = [values[key] for _, values in records if key in values]
        if not any(values):
            continue
        (line,) = panel.plot(rows, smoothed(values), label=label, marker="." if len(rows) < MANY else None)
        if len(rows) >= MANY:
            panel.plot(rows, values, color=line.get_color(), alpha=0.2)
    panel.set_xlabel("thousand rows")
    panel.grid(alpha=0.3)
    if panel.lines:
        panel.legend()


def smoothed(values: Sequence[float]) -> list[float]:
    """Of ``MANY`` values the mean of each with those before it, ``SMOOTHED`` in all; fewer as they are."""
    if len(values) < MANY:
        return list(values)
    return [sum(some) / len(some) for i in range(len(values)) if (some := values[max(0, i + 1 - SMOOTHED) : i + 1])]
