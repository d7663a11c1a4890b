"""Reading queries with the documents they should find."""

import json
from pathlib import Path

import pytest

from indexer.document import Head
from server.errors import BadInput
from server.judged import read_judged

HEADS = (
    Head("1" * 32, "https://site.test/a", "A", "h"),
    Head("2" * 32, "https://site.test/b", "B", "h", metadata={"beir_id": "doc-b"}),
    Head("3" * 32, "https://site.test/secret", "C", "h", access=("staff",)),
)
A, B = "1" * 32, "2" * 32


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_lines_name_pages_by_url_or_id_or_as_a_list(tmp_path: Path) -> None:
    lines = [
        {"query": "first", "url": "HTTPS://site.test/a#part"},
        {"query": "second", "doc_id": B},
        {"query": " third ", "relevant": ["https://site.test/a", "https://site.test/b"]},
        {"query": "first", "url": "https://site.test/b"},
    ]
    found = read_judged(written(tmp_path / "q.jsonl", "\n".join(map(json.dumps, lines)) + "\n\n"), HEADS)
    assert found.qrels == {"first": {A: 1, B: 1}, "second": {B: 1}, "third": {A: 1, B: 1}}
    assert (found.unknown, found.left_out) == ((), 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.csv", 'query,url\n"reset, a password",https://site.test/a\n'),
        ("q.csv", '\ufeffURL,note,Query\nhttps://site.test/a,x,"reset, a password"\n'),
        ("q.tsv", "reset, a password\thttps://site.test/a\n\n"),
    ],
)
def test_tables_with_and_without_names_of_columns(tmp_path: Path, name: str, text: str) -> None:
    assert read_judged(written(tmp_path / name, text), HEADS).qrels == {"reset, a password": {A: 1}}


def test_documents_that_search_cannot_show_are_named_and_their_queries_counted(tmp_path: Path) -> None:
    text = "x,https://site.test/secret\ny,https://site.test/gone\nz,https://site.test/a\nz,https://site.test/gone\n"
    found = read_judged(written(tmp_path / "q.csv", text), HEADS)
    assert found.qrels == {"z": {A: 1}}
    assert found.unknown == ("https://site.test/secret", "https://site.test/gone")
    assert found.left_out == 2


def test_a_folder_of_queries_and_judgements_keeps_their_grades(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    written(tmp_path / "queries.jsonl", '{"_id": "q1", "text": "bees"}\n{"_id": "q2", "text": "not judged"}\n')
    written(tmp_path / "qrels" / "dev.tsv", "query-id\tcorpus-id\tscore\nq1\tdoc-b\t2\nq1\tother\t0\n")
    found = read_judged(tmp_path, HEADS, "dev")
    assert (found.qrels, found.unknown) == ({"bees": {B: 2}}, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"query": "x"}', "line 1, names no document"),
        ('{"query": "x", "url": "u"}\n{"url": "u"}', "line 2, has no query"),
        ("{", "line 1, is not JSON"),
        ("[1]", "line 1, has no query"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_judged(written(tmp_path / "q.jsonl", text), HEADS)


def test_a_file_that_is_not_there_or_not_text_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        read_judged(tmp_path / "none.csv", HEADS)
    (tmp_path / "q.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="cannot be read"):
        read_judged(tmp_path / "q.csv", HEADS)


def test_a_line_may_say_how_relevant(tmp_path: Path) -> None:
    lines = [
        {"query": "first", "url": "https://site.test/a", "relevance": 3},
        {"query": "first", "url": "https://site.test/b", "relevance": 0},
    ]
    found = read_judged(written(tmp_path / "q.jsonl", "\n".join(map(json.dumps, lines))), HEADS)
    assert found.qrels == {"first": {A: 3, B: 0}}
    table = written(tmp_path / "q.csv", "query,url,relevance\nfirst,https://site.test/a,2\n")
    assert read_judged(table, HEADS).qrels == {"first": {A: 2}}
    with pytest.raises(BadInput, match="line 1: relevance is 'much'"):
        read_judged(written(tmp_path / "q.ndjson", '{"query": "a", "url": "b", "relevance": "much"}'), HEADS)
