"""Sources to files of groups, through an index of their own."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from indexer.embedded.store import EmbeddedStore
from indexer.encoder import Encoder
from indexer.encoders.hashing import HashingEncoder
from indexer.store import Store
from ranker.errors import BadTrainingData
from ranker.training.group import read_groups, write_groups
from ranker.training.prepare import PrepareConfig, part_file, prepare, read_passages
from ranker.training.sources.kind import kind_of
from tests.support.toy import FILLERS, toy_groups

CONFIG = PrepareConfig(max_groups=30, max_held=5, held_share=0.2)


@contextmanager
def open_index(folder: Path | None, is_new: bool) -> Iterator[tuple[Store, Encoder]]:
    assert folder is not None
    store = EmbeddedStore(folder, writable=is_new)
    yield store, HashingEncoder()
    store.close()


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    records = [{"q": f"{a} {b}", "p": f"{a} stands before {b} here", "title": ""} for a, b in pairwise(FILLERS)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records[:100]))
    return path


def test_pairs_become_groups_held_out_apart_and_everything_is_counted(tmp_path: Path, pairs: Path) -> None:
    progress = []
    out = tmp_path / "data"
    (found,) = prepare([pairs], out, open_index, CONFIG, lambda text, done, total: progress.append(text))
    groups, held = (list(read_groups(part_file(out, "pairs", part))) for part in ("groups", "held"))
    assert (found.kind, found.topics, found.mined) == ("pairs", 100, 35)
    assert (len(groups), len(held)) == (found.groups, found.held)
    assert 20 < found.groups <= 30
    assert 1 < found.held <= 5
    assert not {g.passages[0] for g in groups} & {g.passages[0] for g in held}
    assert max(len(g.passages) for g in held) > max(len(g.passages) for g in groups)
    assert not (out / "pairs.index").exists()
    assert {"pairs: indexing", "pairs: mining"} <= set(progress)


def test_every_passage_of_a_source_is_written_where_it_is_wanted_whole(tmp_path: Path, pairs: Path) -> None:
    out = tmp_path / "data"
    prepare([pairs], out, open_index, CONFIG)
    assert list(read_passages(out, "pairs")) == []
    prepare([pairs], out, open_index, replace(CONFIG, is_whole=True))
    passages = list(read_passages(out, "pairs"))
    assert len(passages) == len(set(passages)) == 100
    assert {text for group in read_groups(part_file(out, "pairs", "groups")) for text in group.passages} <= {*passages}


def test_questions_of_squad_are_mined_and_read(tmp_path: Path) -> None:
    path, out = tmp_path / "train.json", tmp_path / "data"
    articles = [
        {
            "title": f"Loom_{a}",
            "paragraphs": [
                {
                    "context": f"The loom {a} {b} was built by {a} hands.",
                    "qas": [
                        {
                            "question": f"Who built loom {a} {b}?",
                            "answers": [{"text": f"{a} hands", "answer_start": len(f"The loom {a} {b} was built by ")}],
                        }
                    ],
                }
                for b in FILLERS[:3]
            ],
        }
        for a in FILLERS[:40]
    ]
    path.write_text(json.dumps({"data": articles}))
    (found,) = prepare([path], out, open_index, CONFIG)
    assert (found.name, found.kind, found.topics, found.left_out) == ("train", "squad", 120, 0)
    reading = list(read_groups(part_file(out, "train", "reading")))
    answered = [group for group in reading if not group.is_changed]
    assert len(reading) == found.reading
    assert len(answered) % 3 == 0 and 60 < len(answered) < 120
    assert len(answered) * 0.6 < len(reading) - len(answered) < len(answered)
    assert {group.key for group in reading} == {group.key for group in answered}
    for part in ("groups", "held", "reading"):
        for group in read_groups(part_file(out, "train", part)):
            if group.is_changed:
                assert group.span is None and len(group.passages) == 1
                continue
            assert group.span is not None
            assert group.passages[0][slice(*group.span)].endswith(" hands")
            answer = group.passages[0][slice(*group.span)]
            assert not any(answer in text for text in group.passages[1:])

    (fewer,) = prepare([path], tmp_path / "fewer", open_index, replace(CONFIG, max_reading=30))
    some = list(read_groups(part_file(tmp_path / "fewer", "train", "reading")))
    assert len(some) == fewer.reading == 30
    assert some == sorted(reading, key=lambda group: group.key)[:30]


def test_what_is_done_already_is_not_done_again_until_it_changes(tmp_path: Path, pairs: Path) -> None:
    opened = []

    def counting(folder: Path | None, is_new: bool) -> object:
        opened.append(folder)
        return open_index(folder, is_new)

    def again(config: PrepareConfig = CONFIG) -> int:
        opened.clear()
        prepare([pairs], tmp_path / "data", counting, config)  # type: ignore[arg-type]
        return len(opened)

    assert [again(), again(), again(replace(CONFIG, max_groups=20))] == [1, 0, 1]
    pairs.write_text(pairs.read_text() + '{"q": "one more", "p": "text of it"}\n')
    assert again() == 1


def test_an_index_that_is_there_gives_its_weak_labels(tmp_path: Path, pairs: Path) -> None:
    kept: list[Path] = []

    @contextmanager
    def keeping(folder: Path | None, is_new: bool) -> Iterator[tuple[Store, Encoder]]:
        with open_index(folder, is_new) as opened:
            yield opened
        if is_new and folder:
            kept.append(shutil.copytree(folder, tmp_path / "site"))

    prepare([pairs], tmp_path / "data", keeping, CONFIG)
    assert kind_of(kept[0]) == "index"
    with pytest.raises(BadTrainingData, match="gives nothing to train on: 0 topics"):
        prepare(kept, tmp_path / "other", open_index, CONFIG)  # texts without titles and too short for sentences


def test_groups_are_divided_as_they_are(tmp_path: Path) -> None:
    given = [*toy_groups(90), *(replace(g, passages=g.passages[:1]) for g in toy_groups(10, seed=2))]
    path = tmp_path / "mine.jsonl.gz"
    write_groups(path, given)
    (found,) = prepare([path], tmp_path / "data", open_index, replace(CONFIG, max_held=100))
    assert found.groups + found.held + found.reading == found.topics == 100
    assert 5 < found.held < 40
    files = [part_file(tmp_path / "data", "mine", part) for part in ("groups", "held", "reading")]
    assert sorted(map(repr, given)) == sorted(repr(group) for file in files for group in read_groups(file))


def test_sources_of_one_name_have_files_of_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / name / "g.jsonl" for name in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        write_groups(path, toy_groups(20))
    assert [p.name for p in prepare(paths, tmp_path / "data", open_index, CONFIG)] == ["g", "g-2"]


def nothing(path: Path) -> None:
    """Make no file."""


@pytest.mark.parametrize(
    ("name", "make", "what"),
    [
        ("none.jsonl", nothing, "is not there"),
        ("folder", Path.mkdir, "is no training data"),
        ("a.txt", Path.touch, "is no training data"),
        ("empty.jsonl", Path.touch, "cannot be read"),
        ("list.jsonl", lambda path: path.write_text("[1]\n"), "is no training data"),
        ("other.jsonl", lambda path: path.write_text('{"text": 1}\n'), "is no training data"),
        ("bad.jsonl.gz", lambda path: path.write_text("not gzip"), "cannot be read"),
    ],
)
def test_what_is_no_training_data_is_refused_in_one_line(
    tmp_path: Path, name: str, make: Callable[[Path], object], what: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(BadTrainingData, match=what) as error:
        prepare([tmp_path / name], tmp_path / "data", open_index)
    assert name in error.value.what
    assert "\n" not in str(error.value)
