"""recollect distil: a student that answers in other words than it was taught."""

from pathlib import Path

import pytest

from indexer.encoders.hashing import HashingEncoder
from ranker.training.facts.student import Student
from tests.server.conftest import Recollect
from tests.support import need

pytestmark = pytest.mark.torch

TOWNS = ("Aston", "Brill", "Corby", "Dover", "Ely", "Frome", "Goole", "Hexham")


def test_a_student_holds_the_facts_without_the_memory(recollect: Recollect, tmp_path: Path) -> None:
    need.module("pyoxigraph", "pip install 'recollect[graph]'")
    (tmp_path / "recollect.yml").write_text("encoder: {kind: hashing}\n")
    rows = [f"{town}\tmayor{i}\triver{i}" for i, town in enumerate(TOWNS)]
    (tmp_path / "towns.tsv").write_text("\n".join(["town\tmayor\triver", *rows]) + "\n")
    ran = recollect("distil", tmp_path / "towns.tsv", "--out", tmp_path / "student.npz", "--json")
    assert ran.status == 0, ran.err
    found = ran.json
    assert found["questions"] == 2 * len(TOWNS)
    assert found["untrained"] < 0.4
    assert found["without_memory"] > 0.8
    assert found["with_memory"] == 1.0
    student = Student.load(tmp_path / "student.npz")
    assert student.parameters == found["parameters"]
    (said,) = student.answer(HashingEncoder().encode_queries(["What is the river of Dover?"]))
    assert said == "river3"


def test_what_is_learnt_is_shown_in_lines(recollect: Recollect, tmp_path: Path) -> None:
    need.module("pyoxigraph", "pip install 'recollect[graph]'")
    (tmp_path / "recollect.yml").write_text("encoder: {kind: hashing}\n")
    (tmp_path / "towns.tsv").write_text("town\triver\nAston\tTame\nCorby\tWelland\n")
    ran = recollect("distil", tmp_path / "towns.tsv", "--out", tmp_path / "student.npz")
    assert ran.status == 0, ran.err
    assert [line.rpartition(" ")[0].strip() for line in ran.out.splitlines()] == [
        "untrained",
        "without memory",
        "with memory",
    ]
