"""The recipe: reading, then the mix."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ranker.training.checkpoint import CHECKPOINT
from ranker.training.group import Group, write_groups
from ranker.training.model import WEIGHTS, ReaderRanker
from ranker.training.prepare import Prepared, part_file
from ranker.training.rounds import Recipe, held_groups, train_rounds
from tests.support.toy import toy_config, toy_groups

pytestmark = pytest.mark.torch


@pytest.fixture
def prepared(tmp_path: Path) -> list[Prepared]:
    parts: dict[str, list[Group]] = {
        "groups": toy_groups(60),
        "held": toy_groups(30, seed=1),
        "reading": [replace(group, passages=group.passages[:1]) for group in toy_groups(40, seed=2)],
    }
    counts = {part: write_groups(part_file(tmp_path, "toy", part), groups) for part, groups in parts.items()}
    return [Prepared("toy", "groups", topics=130, left_out=0, mined=0, **counts)]


def test_reading_comes_first_and_the_mix_goes_on_from_it(base: Path, prepared: list[Prepared], tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def report(name: str, record: dict[str, Any]) -> None:
        seen.append((name, record["of_rows"]))

    recipe = Recipe(toy_config(base), reading_again=1.0, least_reading=40)
    done = train_rounds(prepared, tmp_path, tmp_path / "out", recipe, report)
    assert list(dict.fromkeys(seen)) == [("reading", 40), ("mix", 60 * 3 + 40)]
    assert [name for name, log in done.rounds if log.is_file()] == ["reading", "mix"]
    assert done.model == tmp_path / "out" / "mix" / "model"
    assert ReaderRanker.load(done.model).module is not None
    assert not list((tmp_path / "out").rglob(CHECKPOINT))


def test_rounds_that_are_done_are_not_done_again(base: Path, prepared: list[Prepared], tmp_path: Path) -> None:
    def rounds(**settings: Any) -> list[str]:
        seen: list[str] = []
        recipe = Recipe(toy_config(base, **settings), least_reading=1)
        train_rounds(prepared, tmp_path, tmp_path / "out", recipe, lambda name, record: seen.append(name))
        return list(dict.fromkeys(seen))

    assert [rounds(), rounds(), rounds(seed=5)] == [["reading", "mix"], [], ["reading", "mix"]]


def test_few_spans_make_no_round_of_their_own(base: Path, prepared: list[Prepared], tmp_path: Path) -> None:
    done = train_rounds(prepared, tmp_path, tmp_path / "out", Recipe(toy_config(base), least_reading=41))
    assert [name for name, _ in done.rounds] == ["mix"]
    assert (done.model / WEIGHTS).is_file()


def test_a_base_that_reads_needs_no_round_of_reading_but_reads_on(
    base: Path, prepared: list[Prepared], tmp_path: Path
) -> None:
    ReaderRanker.from_base(str(base)).save(tmp_path / "reader")
    rows = set()
    recipe = Recipe(toy_config(tmp_path / "reader"), reading_again=0.1, least_reading=1)
    done = train_rounds(prepared, tmp_path, tmp_path / "out", recipe, lambda _, record: rows.add(record["of_rows"]))
    assert [name for name, _ in done.rounds] == ["mix"]
    assert rows == {60 * 3 + 40}


def test_a_base_that_reads_has_its_share_in_the_result(base: Path, prepared: list[Prepared], tmp_path: Path) -> None:
    ReaderRanker.from_base(str(base)).save(tmp_path / "reader")
    recipe = Recipe(toy_config(tmp_path / "reader"), kept=0.25)
    done = train_rounds(prepared, tmp_path, tmp_path / "out", recipe)
    folders = (tmp_path / "reader", tmp_path / "out" / "mix" / "model", done.model)
    before, after, result = (ReaderRanker.load(folder).module.state_dict() for folder in folders)
    assert any(not before[name].equal(after[name]) for name in before)
    for name, weights in result.items():
        assert weights.allclose(0.25 * before[name] + 0.75 * after[name], atol=1e-6), name


def test_held_groups_are_a_fixed_sample(prepared: list[Prepared], tmp_path: Path) -> None:
    some = held_groups(prepared, tmp_path, 10)
    assert len(some) == 10
    assert some == held_groups(prepared, tmp_path, 10)
    assert len(held_groups(prepared, tmp_path, 1000)) == 30
