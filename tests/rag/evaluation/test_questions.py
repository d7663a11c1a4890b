"""Questions with known answers, from files."""

from pathlib import Path

import pytest

from rag.errors import BadQuestions
from rag.evaluation.questions import Question, read_questions


def test_tab_separated_lines(tmp_path: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text("How high?\t\\d+ m\n\nWho?\tREFUSE\nWhat?\tREVIEW\n")
    assert read_questions(file) == [
        Question("How high?", r"\d+ m"),
        Question("Who?", refuse=True),
        Question("What?", review=True),
    ]


def test_ndjson_with_answers_and_judged_pages(tmp_path: Path) -> None:
    file = tmp_path / "q.ndjson"
    file.write_text('{"question": "How high?", "answers": ["8 m"], "relevant": ["u"], "metadata": {"k": ["v"]}}\n')
    assert read_questions(file) == [
        Question("How high?", answers=("8 m",), relevant=frozenset({"u"}), metadata=(("k", ("v",)),))
    ]


@pytest.mark.parametrize(
    ("name", "line", "what"),
    [
        ("q.tsv", "no tab", "q.tsv:1"),
        ("q.tsv", "bad\t(", "no regular expression"),
        ("q.tsv", "", "holds no question"),
        ("q.ndjson", "{", "not JSON"),
        ("q.ndjson", '{"question": "Why?"}', "nothing tells a good answer"),
        ("q.ndjson", '{"question": "Why?", "anwser": "x"}', "anwser is unknown"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, line: str, what: str) -> None:
    (tmp_path / name).write_text(line)
    with pytest.raises(BadQuestions, match=what.replace("(", r"\(")):
        read_questions(tmp_path / name)
