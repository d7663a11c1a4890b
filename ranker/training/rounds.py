"""Trains a reader-ranker by the recipe: reading first, where answers' places are known, then the mix of everything."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ranker.training.checkpoint import CHECKPOINT
from ranker.training.config import TrainConfig
from ranker.training.group import Group, read_groups, write_groups
from ranker.training.prepare import Prepared, part_file
from ranker.training.train import LOG, MODEL, is_reader_ranker, load_reader_ranker, train

READING, MIX, BLENDED, DONE = "reading", "mix", "blended", "done.json"

Report = Callable[[str, dict[str, Any]], None]
"""(round, a record of its log)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """``train`` is for both rounds; its base is that of the first. ``reading_again`` is the share of the groups of the
    first round that the second one reads again, so that reading is not forgotten. Where the base was a reader-ranker
    before, ``kept`` is its share in the mean with the weights that training ends with, see ``ReaderRanker.blend``."""

    train: TrainConfig
    reading_again: float = 0.5
    least_reading: int = 1000
    kept: float = 0.4


@dataclass(frozen=True, slots=True)
class Trained:
    """The folder of the torch model, and each round with its log."""

    model: Path
    rounds: list[tuple[str, Path]] = field(default_factory=list)


def train_rounds(
    prepared: Sequence[Prepared], data: Path, out: Path, recipe: Recipe, report: Report = lambda name, record: None
) -> Trained:
    """Train on the files of ``data`` in ``out/reading`` and ``out/mix``; goes on where it was stopped.

    The round of reading is left out where fewer than ``least_reading`` groups are for it, or the base has learned to
    read before: then the mix reads them all, and the base has its share in the result.
    Raises BadTrainingData, BadModel, MissingExtra.
    """
    held = _files(prepared, data, "held", [p.held for p in prepared])
    reading = _files(prepared, data, "reading", [p.reading for p in prepared])
    mixed = _files(prepared, data, "groups", [p.groups for p in prepared])
    rounds: list[tuple[str, Path]] = []
    config = recipe.train
    has_enough = sum(p.reading for p in prepared) >= recipe.least_reading and not is_reader_ranker(config.base)
    if has_enough or not mixed:
        _round(config, reading, held, out / READING, report)
        rounds.append((READING, out / READING / LOG))
        config = replace(config, base=str(out / READING / MODEL))
        share = recipe.reading_again
    else:
        share = 1.0
    if mixed:
        again = out / MIX / f"{READING}.jsonl.gz"
        again.parent.mkdir(parents=True, exist_ok=True)
        write_groups(again, _some((group for path in reading for group in read_groups(path)), share))
        _round(config, [*mixed, again], held, out / MIX, report)
        rounds.append((MIX, out / MIX / LOG))
    model = rounds[-1][1].parent / MODEL
    return Trained(_blended(recipe, model, out / BLENDED) if is_reader_ranker(recipe.train.base) else model, rounds)


def _blended(recipe: Recipe, trained: Path, out: Path) -> Path:
    model = load_reader_ranker(trained)
    model.blend(load_reader_ranker(Path(recipe.train.base)), recipe.kept)
    model.save(out)
    return out


def held_groups(prepared: Sequence[Prepared], data: Path, size: int) -> list[Group]:
    """At most ``size`` of the held-out groups with wrong passages, the same every time."""
    files = _files(prepared, data, "held", [p.held for p in prepared])
    groups = [group for path in files for group in read_groups(path) if len(group.passages) > 1]
    return sorted(groups, key=lambda group: _digest(group.query))[:size]


def _round(config: TrainConfig, files: Sequence[Path], held: Sequence[Path], folder: Path, report: Report) -> None:
    """One round, unless it is done already with the same settings and files."""
    identity = json.dumps([repr(config), [_content(path) for path in (*files, *held)]])
    done = folder / DONE
    if done.is_file() and (folder / MODEL).is_dir() and done.read_text("utf-8") == identity:
        return
    train(config, files, folder, lambda record: report(folder.name, record), held)
    done.write_text(identity, "utf-8")
    (folder / CHECKPOINT).unlink(missing_ok=True)


def _content(path: Path) -> str:
    """A digest of what is in a gzipped file; the file itself holds the time it was written, too."""
    with gzip.open(path) as lines:
        return hashlib.file_digest(lines, "sha256").hexdigest()


def _files(prepared: Sequence[Prepared], data: Path, part: str, counts: Sequence[int]) -> list[Path]:
    return [part_file(data, p.name, part) for p, count in zip(prepared, counts, strict=True) if count]


def _some(groups: Iterable[Group], share: float) -> Iterator[Group]:
    return (group for group in groups if int(_digest(group.query)[:8], 16) < share * 2**32)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
