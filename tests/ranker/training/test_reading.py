"""Reading with a tiny model, and with one that is told what to find."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.inference.batching import Outputs, Row
from ranker.errors import BadModel, BadTrainingData
from ranker.training.reading import BestSpan, Question, Reader, ReadingConfig, load_reader, measure_answers, read
from ranker.training.sources.squad import questions
from tests.support.tiny_models import export_tiny_reader, save_tiny_reader

pytestmark = pytest.mark.torch
LONG = " ".join(["cat"] * 90) + " mat dog " + " ".join(["cat"] * 20)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return load_reader(save_tiny_reader(tmp_path_factory.mktemp("trained")))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return load_reader(export_tiny_reader(tmp_path_factory.mktemp("exported")))


def pointing_at(reader: Reader, word: str) -> Reader:
    """A reader that is sure of every window that holds ``word``, and of "no answer" elsewhere."""
    token = reader.tokenizer.token_to_id(word)

    def run(windows: Iterable[Sequence[Row]]) -> Iterator[tuple[list[int], Outputs]]:
        for number, row in enumerate(row for window in windows for row in window):
            assert len(row.ids) <= 64
            found = np.array([[9.0 if id_ == token else 0.0 for id_ in row.ids]], dtype=np.float32)
            found[0, 0] = 0.0 if token in row.ids else 5.0
            judged = np.array([found.max() - 5], dtype=np.float32)
            yield [number], [judged, judged, found, found]

    return Reader(run, reader.tokenizer, reader.max_tokens)


def test_the_answer_of_a_long_paragraph_is_found_in_its_window(trained: Reader) -> None:
    reader = pointing_at(trained, "mat")
    found = read(reader, [Question("dog", LONG, ()), Question("dog", "cat", ())], ReadingConfig(30, 15))
    assert [f.text for f in found] == ["mat", "cat"]
    assert found[0].gap == 18
    assert found[1].gap == -10
    assert found[0].answerable > found[1].answerable


@pytest.mark.parametrize("stride", [7, 30, 60])
def test_windows_cover_a_paragraph_to_its_last_word(trained: Reader, stride: int) -> None:
    paragraph = " ".join(["cat"] * 97) + " mat"
    (found,) = read(pointing_at(trained, "mat"), [Question("dog", paragraph, ())], ReadingConfig(30, stride))
    assert found.text == "mat"


def test_trained_and_exported_model_read_the_same(trained: Reader, exported: Reader) -> None:
    asked = [Question("the cat", "dog sat far home", ()), Question("far", LONG, ()), Question("home", "", ())]
    ours, theirs = read(trained, asked), read(exported, asked)
    assert [f.text for f in ours] == [f.text for f in theirs]
    assert [f.answerable for f in ours] == pytest.approx([f.answerable for f in theirs], abs=0.5)


def test_an_empty_paragraph_and_a_strange_question_are_read(trained: Reader) -> None:
    found = read(
        trained, [Question("\ud800" * 3, "", ()), Question("", "cat dog", ()), Question("the " * 400, "cat", ())]
    )
    assert found[0].text == ""
    assert found[1].text
    assert found[2].text == "cat"


def test_figures_are_per_cent_of_the_questions_with_an_answer() -> None:
    asked = [Question("a", "p", ("Denver Broncos",)), Question("b", "p", ("the cat",)), Question("c", "p", ())]
    found = [BestSpan("Denver", 1.0, 0.0), BestSpan("cat", 5.0, 0.0), BestSpan("dog", 2.0, 0.0)]
    figures = measure_answers(asked, found)
    assert figures["exact_match"] == 50
    assert figures["f1"] == pytest.approx(100 * (2 / 3 + 1) / 2)
    # Kept: only "cat"; "dog" is rightly taken back, "Denver" lost.
    assert figures["best_f1"] == pytest.approx(200 / 3)
    assert figures["best_f1_threshold"] == 5


def test_without_unanswerable_questions_there_is_no_threshold() -> None:
    assert set(measure_answers([Question("a", "p", ("x",))], [BestSpan("x")])) == {
        "questions",
        "answerable",
        "exact_match",
        "f1",
    }


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="holds neither"):
        load_reader(tmp_path)


def squad(tmp_path: Path, *qas: dict[str, Any]) -> Path:
    path = tmp_path / "squad.json"
    path.write_text(
        json.dumps({"data": [{"title": "T", "paragraphs": [{"context": "the cat sat", "qas": list(qas)}]}]})
    )
    return path


def test_questions_of_both_versions_of_squad_are_read(tmp_path: Path) -> None:
    given = {
        "question": " who? ",
        "answers": [{"text": "cat", "answer_start": 4}, {"text": "the cat", "answer_start": 0}],
    }
    not_there = {"question": "when?", "is_impossible": True, "answers": []}
    assert list(questions(squad(tmp_path, given, not_there))) == [
        Question("who?", "the cat sat", ("cat", "the cat")),
        Question("when?", "the cat sat", ()),
    ]


def test_what_is_not_squad_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    path.write_text("[]")
    with pytest.raises(BadTrainingData, match="is not SQuAD data"):
        list(questions(path))
    path.write_text('{"data": [{"title": "T", "paragraphs": [{"context": "c"}]}]}')
    with pytest.raises(BadTrainingData, match="is not SQuAD data"):
        list(questions(path))
