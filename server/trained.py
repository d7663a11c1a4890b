"""A freshly trained reader-ranker: exported, compared with the present one, and installed if it is not worse."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ranker.evaluation.compare import as_record, compare, is_worse, measure
from ranker.scorer import Scorer
from ranker.training.export import export
from ranker.training.prepare import Prepared
from ranker.training.rounds import held_groups
from server.assemble import make_scorer, reader_ranker
from server.installing import Place, install
from server.settings.config import Config
from server.terminal.console import Bar

COMPARED = 400
"""Held-out groups: some minutes on two cores, and a difference of .02 in nDCG shows."""

PLACE = Place("reader-ranker", "scorer", "model", "scorer")


def finished(config: Config, prepared: list[Prepared], trained: Path, out: Path, bar: Bar) -> dict[str, Any]:
    """Export the torch folder ``trained`` to ``out/model`` and compare; what came of it, also in ``out/report.json``.

    Keys: model, sources, comparison ({} where nothing was held out), reading, is_worse, notes.
    """
    model = out / "model"
    export(trained, model)
    groups = held_groups(prepared, out / "data", COMPARED)
    report: dict[str, Any] = {
        "model": str(model.resolve()),
        "sources": [asdict(source) for source in prepared],
        "comparison": {},
        "reading": {},
        "is_worse": False,
        "notes": [],
    }
    if groups:
        present = present_scorer(config)
        new = measure(reader_ranker(model), groups, lambda done, total: bar.update("Comparing: new", done, total))
        old = measure(present, groups, lambda done, total: bar.update(f"Comparing: {present.name}", done, total))
        differences = compare(new, old)
        report["comparison"] = {"groups": len(groups), "present": present.name, "figures": as_record(differences)}
        report["is_worse"] = is_worse(differences)
        if len(new.f1):
            report["reading"] = {"exact_match": _mean(new.exact_match), "f1": _mean(new.f1)}
    else:
        report["notes"].append("Nothing was held out, so nothing was compared")
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return report


def present_scorer(config: Config) -> Scorer:
    """The configured scorer, else the reader-ranker that comes with Recollect."""
    return make_scorer(config) or reader_ranker()


def installed(report: dict[str, Any], config_file: Path | None) -> list[str]:
    """``install`` it, unless it is worse or could not be compared; what was done, in lines for a person."""
    if not report["comparison"]:
        return ["The model is not installed, since it could not be compared with the present one"]
    if report["is_worse"]:
        return ["The model is not installed: it is worse than the present one"]
    return install(Path(report["model"]), PLACE, config_file)


def _mean(values: Any) -> float:
    return round(float(values.mean()), 4)
