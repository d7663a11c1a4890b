"""Files of groups."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ranker.errors import BadTrainingData
from ranker.training.group import Group, read_groups, write_groups

FULL = Group("wer? é", ("the cat", "a dog"), "s", (4, 7), (0.5, -1.0), answers=False, is_changed=True)
PLAIN = Group("q", ("p",), "s")


@pytest.mark.parametrize("name", ["g.jsonl", "g.jsonl.gz"])
def test_groups_are_read_as_they_were_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_groups(path, [FULL, PLAIN]) == 2
    assert list(read_groups(path)) == [FULL, PLAIN]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    def failing() -> Iterator[Group]:
        yield FULL
        raise RuntimeError("stopped")

    path = tmp_path / "g.jsonl"
    write_groups(path, [PLAIN])
    with pytest.raises(RuntimeError):
        write_groups(path, failing())
    assert list(read_groups(path)) == [PLAIN]


def test_what_a_line_leaves_out_has_a_default(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"query": "q", "passages": ["p"]}\n')
    assert list(read_groups(path)) == [Group("q", ("p",), "mine")]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is not a group"),
        ("[]", "is not a group"),
        ('{"query": "q"}', "is not a group"),
        ('{"query": "q", "passages": []}', "has no passages"),
        ('{"query": "q", "passages": [1]}', "has no passages"),
        ('{"query": "q", "passages": ["abc"], "span": [1, 9]}', "outside its first passage"),
        ('{"query": "q", "passages": ["abc"], "span": [2, 2]}', "outside its first passage"),
        ('{"query": "q", "passages": ["abc"], "teacher": [1, 2]}', "2 teacher scores for 1 passages"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps({"query": "q", "passages": ["p"]}) + f"\n{line}\n")
    with pytest.raises(BadTrainingData, match=what) as error:
        list(read_groups(path))
    assert f"{path}, line 2" in error.value.what
    assert "\n" not in str(error.value)


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTrainingData, match="cannot be read"):
        list(read_groups(tmp_path / "none.jsonl"))
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(b"x" * 1000)[:-4])
    with pytest.raises(BadTrainingData):
        list(read_groups(cut))


def test_groups_about_one_passage_have_one_key() -> None:
    assert Group("a", ("p", "x"), "s").key == Group("b", ("p",), "t").key != PLAIN.__class__("a", ("q",), "s").key
