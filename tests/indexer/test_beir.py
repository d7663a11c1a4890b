"""Reading BEIR folders: plain and gzipped, and what is wrong with a broken one."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from indexer.beir import documents, qrels, queries
from indexer.errors import BadDocument

CORPUS: list[dict[str, Any]] = [
    {"_id": "d1", "title": "Cats", "text": "Cats sleep.", "metadata": {"url": "https://a.test/cats", "kind": "animal"}},
    {"_id": "d 2", "title": "A title alone", "text": ""},
]


def lines(records: Iterable[object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture(params=["plain", "gzipped"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    files = {
        "corpus.jsonl": lines(CORPUS) + "\n",
        "queries.jsonl": lines([{"_id": "q1", "text": "sleeping cats"}]),
        "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td 2\t0\n",
    }
    home = tmp_path / "pets"
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if request.param == "plain":
            path.write_text(content)
        else:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(content.encode()))
    return home


def english(text: str) -> str | None:
    return "en" if "sleep" in text else None


def test_documents_carry_their_id_title_text_and_metadata(folder: Path) -> None:
    first, second = documents(folder, english)
    assert (first.head.url, first.head.title, first.text) == ("https://a.test/cats", "Cats", "Cats sleep.")
    assert first.head.metadata == {"beir_id": "d1", "kind": "animal"}
    assert (first.head.source, first.head.site) == ("beir", "pets")
    assert second.head.url == "beir:pets/d%202"
    assert second.text == "A title alone"


def test_a_document_of_unknown_language_gets_the_commonest_one(folder: Path) -> None:
    assert [d.head.language for d in documents(folder, english)] == ["en", "en"]
    assert [d.head.language for d in documents(folder, lambda text: None)] == [None, None]


def test_content_hash_changes_with_the_content_alone(folder: Path) -> None:
    before = [d.head.content_hash for d in documents(folder, english)]
    assert before == [d.head.content_hash for d in documents(folder, english)]
    corpus = [{**CORPUS[0], "text": "Cats purr."}, CORPUS[1]]
    for old in folder.glob("corpus.jsonl*"):
        old.unlink()
    (folder / "corpus.jsonl").write_text(lines(corpus))
    after = [d.head.content_hash for d in documents(folder, lambda text: "en")]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_documents_cut_from_one_page_stay_apart(tmp_path: Path) -> None:
    page = {"url": "https://a.test/faq"}
    records = [{"_id": name, "text": f"Answer {name}.", "metadata": page} for name in ("a1", "a2")]
    (tmp_path / "corpus.jsonl").write_text(lines(records))
    heads = [document.head for document in documents(tmp_path, english)]
    assert {head.url for head in heads} == {"https://a.test/faq"}
    assert len({head.doc_id for head in heads}) == 2


def test_reads_queries_and_judgements(folder: Path) -> None:
    assert queries(folder) == {"q1": "sleeping cats"}
    assert qrels(folder, "test") == {"q1": {"d1": 2, "d 2": 0}}


def test_an_unknown_split_names_those_there_are(folder: Path) -> None:
    with pytest.raises(BadDocument, match=r"no judgements qrels/dev\.tsv\. Use one of: test$"):
        qrels(folder, "dev")


def test_a_folder_without_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"has no corpus\.jsonl"):
        list(documents(tmp_path, english))


@pytest.mark.parametrize(
    ("line", "problem"),
    [("{", "is not JSON"), ("[]", "is not a JSON object"), ('{"text": "x"}', 'has no "_id"')],
)
def test_a_broken_line_is_named_with_its_file_and_number(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "fine"}\n' + line + "\n")
    with pytest.raises(BadDocument, match=rf"queries\.jsonl, line 2, {problem}"):
        queries(tmp_path)


@pytest.mark.parametrize("line", ["q1 d1 1", "q1\td1", "q1\td1\tmuch"])
def test_a_broken_judgement_is_named_with_its_file_and_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{line}\n")
    with pytest.raises(BadDocument, match=r"test\.tsv, line 2, is not"):
        qrels(tmp_path, "test")


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl.gz").write_bytes(gzip.compress(lines([{"_id": "q", "text": "x"}]).encode())[:-6])
    with pytest.raises(BadDocument, match=r"queries\.jsonl\.gz, line 2, cannot be read"):
        queries(tmp_path)
