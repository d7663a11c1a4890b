"""A training example: a query with passages of which one answers it."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ranker.errors import BadTrainingData


@dataclass(frozen=True, slots=True)
class Group:
    """``passages[0]`` is the right one; the others, if any, are not.

    ``span`` is where the answer stands in ``passages[0]`` (first and last-plus-one character); None where only
    relevance is known. ``teacher`` holds what the hybrid ranker thinks of each passage, as logits; empty where it was
    not asked. ``answers`` tells whether the query asks something that the first passage answers and the others do not.
    ``is_changed`` is a query changed so that not even the first passage, which is still the nearest, answers it.
    """

    query: str
    passages: tuple[str, ...]
    source: str
    span: tuple[int, int] | None = None
    teacher: tuple[float, ...] = ()
    answers: bool = True
    is_changed: bool = False

    @property
    def key(self) -> str:
        """A digest of the right passage: groups about one passage stay on one side of a split."""
        return hashlib.sha256(self.passages[0].encode("utf-8", "replace")).hexdigest()


def write_groups(path: Path, groups: Iterable[Group]) -> int:
    """Write one JSON object a line, gzipped where the name ends in .gz; the number written. Replaces the file whole."""
    fresh = path.with_name(f".{path.name}.new")
    count = 0
    with gzip.open(fresh, "wt", encoding="utf-8") if path.suffix == ".gz" else fresh.open("w", encoding="utf-8") as out:
        for group in groups:
            out.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
            count += 1
    fresh.replace(path)
    return count


def read_groups(path: Path) -> Iterator[Group]:
    """The groups of a file; raises BadTrainingData naming file and line."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _group(path, number, line)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadTrainingData(f"{path} cannot be read: {error}", "Give a file of groups, plain or gzipped") from error


def _group(path: Path, number: int, line: str) -> Group:
    try:
        record: dict[str, Any] = json.loads(line)
        span, passages = record.get("span"), tuple(record["passages"])
        group = Group(
            query=str(record["query"]),
            passages=passages,
            source=str(record.get("source", path.stem)),
            span=(int(span[0]), int(span[1])) if span else None,
            teacher=tuple(float(x) for x in record.get("teacher") or ()),
            answers=bool(record.get("answers", True)),
            is_changed=bool(record.get("is_changed", False)),
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _bad(path, number, f"is not a group ({error})") from error
    if not passages or not all(isinstance(text, str) for text in passages):
        raise _bad(path, number, "has no passages")
    if group.span and not 0 <= group.span[0] < group.span[1] <= len(passages[0]):
        raise _bad(path, number, f"has a span {group.span} outside its first passage")
    if group.teacher and len(group.teacher) != len(passages):
        raise _bad(path, number, f"has {len(group.teacher)} teacher scores for {len(passages)} passages")
    return group


def _bad(path: Path, number: int, what: str) -> BadTrainingData:
    cure = 'Each line is {"query": ..., "passages": [right, wrong, ...], "span": [first, end] or null}'
    return BadTrainingData(f"{path}, line {number}, {what}", cure)
