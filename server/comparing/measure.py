"""The same questions to every memory, and what each costs."""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ranker.evaluation.evaluate import percentile
from server.comparing.facts import Facts
from server.comparing.memories import Compared
from server.comparing.questions import Asked, worded

NEW_VALUE = "another value 7431"
"""What a changed fact says; a text says it at its end."""
STATM = Path("/proc/self/statm")
MAX_ASKED = 10
"""A memory that does not show a change after so many questions does not show it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one memory. ``accuracy`` is the share of questions answered rightly, ``answered`` of those answered
    at all, ``grounded`` of those answered whose places stand where they are cited. ``update_s`` is None where one
    changed fact did not reach the answer; ``memory_mib`` is what the process grew by while it was built and asked.
    ``by_kind`` is the accuracy by the kind of question.
    """

    accuracy: float
    answered: float
    grounded: float
    p50_ms: float
    p95_ms: float
    build_s: float
    update_s: float | None
    disk_kib: int
    memory_mib: float
    by_kind: dict[str, float] = field(default_factory=dict)


def measured(memory: Compared, facts: Facts, asked: Sequence[Asked], folder: Path) -> Measured:
    """Build it in ``folder``, ask, change one fact, close."""
    before = resident_mib()
    build_s = _timed(lambda: memory.build(facts))
    said, ms = [], []
    for one in asked:
        started = time.perf_counter()
        said.append(memory.ask(one.question))
        ms.append((time.perf_counter() - started) * 1_000)
    grown = resident_mib() - before
    answered = [one for one in said if one.text]
    right = [question.is_answered_by(one.text) for question, one in zip(asked, said, strict=True)]
    kinds = dict.fromkeys(question.kind for question in asked)
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    found = Measured(
        accuracy=_share(right),
        answered=_share([bool(one.text) for one in said]),
        grounded=_share([one.is_grounded for one in answered]),
        p50_ms=round(percentile(ms, 0.5), 2),
        p95_ms=round(percentile(ms, 0.95), 2),
        build_s=round(build_s, 3),
        update_s=_update_s(memory, facts),
        disk_kib=disk // 1024,
        memory_mib=round(max(0.0, grown), 1),
        by_kind={
            kind: _share([is_right for one, is_right in zip(asked, right, strict=True) if one.kind == kind])
            for kind in kinds
        },
    )
    memory.close()
    return found


def compare(
    memories: Mapping[str, tuple[Callable[[], Compared], Path]],
    facts: Facts,
    asked: Sequence[Asked],
    report: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> dict[str, Measured]:
    """Each memory by name, made when its turn comes."""
    found = {}
    for done, (name, (make, folder)) in enumerate(memories.items()):
        report(name, done, len(memories))
        found[name] = measured(make(), facts, asked, folder)
    return found


def resident_mib() -> float:
    """What the process holds in RAM; 0 where the system does not tell."""
    if not STATM.is_file():
        return 0.0
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _update_s(memory: Compared, facts: Facts) -> float | None:
    """From the change of one fact to the first answer that says so."""
    thing, row = next(iter(facts.rows.items()))
    name = next(name for name in facts.properties if row[name])
    question = worded(facts, thing, name)
    started = time.perf_counter()
    memory.build(facts.changed(thing, name, f"{row[name]} ({NEW_VALUE})" if facts.is_texts else NEW_VALUE))
    for _ in range(MAX_ASKED):
        if memory.ask(question).knows(NEW_VALUE):
            return round(time.perf_counter() - started, 3)
    return None


def _timed(do: Callable[[], None]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _share(held: Sequence[bool]) -> float:
    return round(statistics.fmean(held), 3) if held else 0.0
