"""Sources as documents and topics."""

import json
from pathlib import Path
from typing import Any

import pytest

from ranker.errors import BadTrainingData
from ranker.training.mine import Topic
from ranker.training.sources.collection import (
    beir_collection,
    divided,
    is_held,
    is_question,
    pairs_collection,
    squad_collection,
)
from ranker.training.sources.squad import ReadingShares


def lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def beir(folder: Path, *splits: str) -> Path:
    lines(folder / "corpus.jsonl", [{"_id": f"d{n}", "title": "", "text": f"text {n}"} for n in range(40)])
    lines(folder / "queries.jsonl", [{"_id": f"q{n}", "text": f"what is text {n}?"} for n in range(40)])
    (folder / "qrels").mkdir()
    for number, split in enumerate(splits):
        judged = "".join(f"q{n}\td{n}\t1\nq{n}\td{(n + 1) % 40}\t0\n" for n in range(number, 40))
        (folder / "qrels" / f"{split}.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged)
    return folder


@pytest.mark.parametrize(
    ("text", "asks"),
    [("How do I log in?", True), ("what is rain", True), ("Installation", False), ("is it", False), ("Why", False)],
)
def test_questions_are_known_by_their_form(text: str, asks: bool) -> None:
    assert is_question(text) is asks


def test_about_the_share_asked_for_is_held_out_the_same_every_time() -> None:
    held = [key for key in map(str, range(4000)) if is_held(key, 0.05)]
    assert 120 < len(held) < 280
    assert held == [key for key in map(str, range(4000)) if is_held(key, 0.05)]


def test_a_topic_is_on_the_side_of_all_its_documents_or_on_none() -> None:
    inside = next(key for key in map(str, range(4000)) if is_held(key, 0.05))
    outside = next(key for key in map(str, range(4000)) if not is_held(key, 0.05))
    found = divided([Topic(q, frozenset([key]), "t") for q, key in (("a", inside), ("b", outside))], 0.05)
    assert ([t.query for t in found.held], [t.query for t in found.kept], found.left_out) == (["a"], ["b"], 0)
    assert divided([Topic("c", frozenset([inside, outside]), "t")], 0.05).left_out == 1


def test_beir_gives_its_train_else_its_dev_judgements(tmp_path: Path) -> None:
    both = beir_collection(beir(tmp_path / "both", "train", "dev", "test"), None, 0.0)
    assert len(both.topics.kept) == 40
    dev = beir_collection(beir(tmp_path / "dev", "test", "dev"), None, 0.0)
    assert len(dev.topics.kept) == 39
    assert all(len(topic.doc_ids) == 1 and topic.answers for topic in dev.topics.kept)
    assert len(list(dev.documents())) == 40


def test_test_judgements_are_trained_on_only_when_named(tmp_path: Path) -> None:
    folder = beir(tmp_path / "set", "test")
    with pytest.raises(BadTrainingData, match="neither train nor dev") as error:
        beir_collection(folder, None, 0.0)
    assert "--split" in error.value.cure
    assert len(beir_collection(folder, "test", 0.0).topics.kept) == 40


def squad(path: Path, count: int) -> Path:
    qas: list[dict[str, Any]] = [{"question": "Who sat?", "answers": [{"text": "cat", "answer_start": 4}]}]
    qas += [{"question": "When?", "is_impossible": True, "answers": []}]
    data = [{"title": f"A_{n}", "paragraphs": [{"context": f"the cat sat {n}", "qas": qas}]} for n in range(count)]
    path.write_text(json.dumps({"data": data}))
    return path


def test_squad_holds_out_whole_articles_and_reads_only_the_others(tmp_path: Path) -> None:
    found = squad_collection(squad(tmp_path / "s.json", 200), ReadingShares(changed=1.0), 0.05)
    held = {topic.doc_ids for topic in found.topics.held}
    assert 1 < len(held) < 25
    assert len(found.topics.kept) + len(found.topics.held) == 200
    answered = [group for group in found.reading if not group.is_changed]
    assert len(answered) == len(found.topics.kept)
    changes = {group.query for group in found.reading if group.is_changed}
    assert changes == {"Who never sat?"}  # no word of it has an opposite, and no paragraph names anybody
    documents = {frozenset([d.head.doc_id]): d for d in found.documents()}
    assert set(documents) == held | {topic.doc_ids for topic in found.topics.kept}
    texts = {documents[ids].text for ids in held}
    assert not any(text in group.passages[0].split("\n") for group in found.reading for text in texts)
    assert found.topics.kept[0].answer == "cat"


def test_pairs_of_one_query_are_all_right_and_titles_do_not_tell(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "p.jsonl",
        [
            {"q": "list files", "p": "ls", "title": "How to list files"},
            {"q": "list files", "p": "dir", "title": "dir"},
            {"q": "", "p": "nothing asked"},
            *({"q": "options", "p": f"text {n}", "title": "t"} for n in range(4)),
        ],
    )
    found = pairs_collection(path, 0.0)
    (topic,) = found.topics.kept  # "options" asks for four documents and so for none
    titles = {d.head.doc_id: (d.text, d.head.title) for d in found.documents()}
    assert {titles[i] for i in topic.doc_ids} == {("ls", ""), ("dir", "dir")}
    assert len(titles) == 6


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", [{"q": "a", "p": "b"}, {"q": "a"}])
    with pytest.raises(BadTrainingData, match="line 2, is not a pair"):
        pairs_collection(path, 0.0)
