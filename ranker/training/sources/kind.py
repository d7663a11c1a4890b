"""What a path given as training data is."""

import gzip
import json
from pathlib import Path
from typing import Any

from indexer.config import INDEX_FILE
from ranker.errors import BadTrainingData


def kind_of(source: Path | None) -> str:
    """index, beir, squad, groups or pairs. Raises BadTrainingData."""
    cure = "Give a file of groups or pairs (.jsonl), SQuAD's .json, a folder in BEIR's layout, or an index's folder"
    if source is None or (source / INDEX_FILE).is_file():
        return "index"
    if any((source / f"corpus.jsonl{end}").is_file() for end in ("", ".gz")):
        return "beir"
    name = source.name.removesuffix(".gz")
    if source.is_file() and name.endswith(".json"):
        return "squad"
    if source.is_file() and name.endswith(".jsonl"):
        keys = _first_keys(source)
        if "passages" in keys:
            return "groups"
        if {"q", "p"} <= keys:
            return "pairs"
    what = "is not there" if not source.exists() else "is no training data"
    raise BadTrainingData(f"{source} {what}", cure)


def fresh_name(source: Path | None, names: set[str]) -> str:
    """A name for the source's files that none of ``names`` is."""
    base = "index" if source is None else source.resolve().name.split(".")[0] or "data"
    return next(name for n in range(1, 1000) if (name := base if n == 1 else f"{base}-{n}") not in names)


def stamp(source: Path | None) -> list[Any]:
    """Sizes and times of the source's files: other content has another stamp."""
    if source is None:
        return []
    files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
    return [[str(p.relative_to(source)), p.stat().st_size, p.stat().st_mtime_ns] for p in files]


def _first_keys(path: Path) -> set[str]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            record = json.loads(next(lines, ""))
            return set(record) if isinstance(record, dict) else set()
    except (OSError, EOFError, ValueError) as error:
        raise BadTrainingData(f"{path} cannot be read: {error}", "Give JSON lines, plain or gzipped") from error
