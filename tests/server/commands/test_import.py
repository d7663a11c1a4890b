"""recollect import: everything that can be read is indexed, everything else is named and counted."""

import json
from pathlib import Path

import pytest

from server.errors import BadInput
from server.importing.ndjson import parse
from tests.server.conftest import Recollect
from tests.support.documents import pdf, small_docx, small_pptx, small_xlsx


def test_a_folder_is_read_to_the_bottom(recollect: Recollect, tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "index.html").write_text("<title>Badgers</title><main><p>Badgers dig long setts.</p></main>")
    (folder / "deep" / "notes.md").write_text("# Otters\n\n## Food\n\nOtters eat fish and crabs.")
    (folder / "deep" / "er" / "plain.txt").write_text("Beavers build dams of wood and mud.")
    (folder / ".git" / "hidden.md").write_text("# Hidden")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    ran = recollect("import", folder, "--data", "d", "--json")
    assert ran.status == 0
    assert (ran.json["indexed"], ran.json["skipped"], ran.json["failed"]) == (3, {".png": 1}, {})
    found = recollect("search", "what do otters eat", "--data", "d", "--json").json["hits"][0]
    assert (found["title"], found["source"]) == ("Otters", "files")
    assert found["url"].startswith("file://")
    assert recollect("import", folder, "--data", "d", "--json").json["unchanged"] == 3


def test_bad_lines_are_named_and_the_others_imported(recollect: Recollect, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": 1, "title": "Otters", "text": "Otters eat fish.", "metadata": {"team": "river", "size": 3}}),
        "{broken",
        json.dumps({"text": "nobody knows me"}),
        "",
        json.dumps({"id": "2", "text": "x", "acess": ["staff"]}),
        json.dumps({"id": "3", "text": "Dated.", "modified_at": "2026-01-31", "url": "https://example.com/3"}),
    ]
    path = tmp_path / "animals.ndjson"
    path.write_text("\n".join(lines))
    ran = recollect("import", path, "--data", "d", "--json")
    assert ran.status == 1
    assert ran.json["indexed"] == 2
    assert set(ran.json["failed"]) == {f"{path}:2", f"{path}:3", f"{path}:5"}
    assert "Did you mean 'access'" in ran.json["failed"][f"{path}:5"]
    found = recollect("search", "otters", "--data", "d", "--json", "--meta", "team=river").json["hits"]
    assert [hit["metadata"] for hit in found] == [{"size": "3", "team": "river"}]
    newest = recollect("search", "", "--data", "d", "--json", "--sort", "newest").json["hits"][0]
    assert (newest["url"], newest["modified_at"]) == ("https://example.com/3", "2026-01-31T00:00:00+00:00")


def test_restricted_documents_show_to_their_groups_alone(recollect: Recollect, tmp_path: Path) -> None:
    lines = [
        {"id": "open", "text": "The badger is open to all."},
        {"id": "own", "text": "The badger of the board.", "access": ["board"]},
    ]
    path = tmp_path / "a.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)))
    recollect("import", path, "--data", "d", "--access", "staff")

    def titles(*groups: str) -> set[str]:
        options = [word for group in groups for word in ("--group", group)]
        return {hit["title"] for hit in recollect("search", "badger", "--data", "d", "--json", *options).json["hits"]}

    assert titles() == set()
    assert titles("staff") == {"open"}
    assert titles("board") == {"own"}
    assert recollect("ask", "Who is the badger open to?", "--data", "d", "--json").json["hits"] == []


def test_changing_only_the_access_list_is_indexed(recollect: Recollect, tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text(json.dumps({"id": "1", "text": "Badgers."}))
    recollect("import", path, "--data", "d")
    path.write_text(json.dumps({"id": "1", "text": "Badgers.", "access": ["staff"]}))
    assert recollect("import", path, "--data", "d", "--json").json["indexed"] == 1
    assert recollect("search", "badgers", "--data", "d", "--json").json["hits"] == []


def test_a_corpus_in_beirs_format_is_recognised(recollect: Recollect, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "title": "Otters", "text": "Otters eat fish."}\n')
    assert recollect("import", folder, "--data", "d", "--json").json["indexed"] == 1


def test_an_unreadable_file_does_not_stop_the_others(recollect: Recollect, tmp_path: Path) -> None:
    (tmp_path / "page.pages").write_bytes(b"\x00")
    (tmp_path / "ok.md").write_text("# Fine\n\nAll is well.")
    ran = recollect("import", tmp_path / "page.pages", tmp_path / "ok.md", "--data", "d")
    assert ran.status == 1
    assert f"failed: {tmp_path / 'page.pages'}" in ran.err
    assert "Indexed 1 documents" in ran.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[1]", "not a JSON object"),
        (b"\xff", "not JSON"),
        (b'{"id": "1", "text": " "}', "no text"),
        (b'{"id": "1", "text": 5}', "text is 5, expected text"),
        (b'{"id": true, "text": "x"}', "id is True, expected text"),
        (b'{"id": "1", "text": "x", "access": "staff", "metadata": [1]}', "metadata is [1]"),
        (b'{"id": "1", "text": "x", "access": {"a": 1}}', "access is {'a': 1}"),
        (b'{"id": "1", "text": "x", "modified_at": "soon"}', "modified_at 'soon'"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": "1", "text": "x", "url": "javascript:alert(1)"}', "expected one that begins with http"),
        (b'{"id": "1", "text": "x", "html": "<p>x"}', "both text and html"),
        (b'{"id": "1", "sections": {"text": "x"}}', "sections is {'text': 'x'}"),
        (b'{"id": "1", "sections": ["x"]}', "section 1 is not a JSON object"),
        (b'{"id": "1", "sections": [{"txt": "x"}]}', "section 1: unknown key 'txt'"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(line, "ndjson", "file:///x.ndjson")
    assert said in str(caught.value)


def test_a_line_may_hold_a_page_or_its_sections(recollect: Recollect, tmp_path: Path) -> None:
    html = "<title>Otters</title><nav>Menu</nav><main><h1>Otters</h1><h2 id=food>Food</h2><p>They eat crabs.</main>"
    sections = [{"text": "Terns dive.", "heading_path": ["Terns", "Hunting"], "anchor": "hunting"}]
    lines = [{"url": "https://a.example/o", "html": html}, {"url": "https://a.example/t", "sections": sections}]
    path = tmp_path / "a.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)))
    assert recollect("import", path, "--data", "d", "--json").json["indexed"] == 2
    otters = recollect("search", "crabs", "--data", "d", "--json").json["hits"][0]
    assert (otters["title"], otters["link"]) == ("Otters", "https://a.example/o#food")
    assert "Menu" not in otters["passage"]
    terns = recollect("search", "dive", "--data", "d", "--json").json["hits"][0]
    assert (terns["heading_path"], terns["link"]) == (["Terns", "Hunting"], "https://a.example/t#hunting")


def test_documents_are_told_by_their_content_and_read_with_their_pages(recollect: Recollect, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    pages = [[("Badgers dig long setts.", 72.0, 700.0, 12.0)], [("Otters eat fish and crabs.", 72.0, 700.0, 12.0)]]
    (folder / "animals.pdf").write_bytes(pdf(pages))
    (folder / "without-ending").write_bytes(small_docx("Beavers", "Beavers build dams of wood and mud."))
    (folder / "wrong.txt").write_bytes(small_pptx("Hedgehogs sleep through the winter"))
    (folder / "prices.xlsx").write_bytes(small_xlsx([["Honey", "price"], ["acacia", 7]]))
    (folder / "legs.csv").write_text("animal;legs\nbadger;4\nheron;2\n")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 cut off")
    (folder / "old.zip").write_bytes(b"PK\x03\x04 cut off")
    ran = recollect("import", folder, "--data", "d", "--json")
    assert ran.status == 1
    assert (ran.json["indexed"], ran.json["skipped"]) == (5, {".zip": 1})
    assert list(ran.json["failed"]) == [str(folder / "broken.docx")]
    found = recollect("ask", "What do otters eat?", "--data", "d", "--json").json
    assert found["citations"][0]["url"].endswith("animals.pdf#page=2")
    for words, name in (
        ("who builds dams", "without-ending"),
        ("hedgehogs winter", "wrong.txt"),
        ("heron", "legs.csv"),
    ):
        assert recollect("search", words, "--data", "d", "--json").json["hits"][0]["url"].endswith(name)


def test_what_is_cut_off_a_document_is_reported(recollect: Recollect, tmp_path: Path) -> None:
    path = tmp_path / "legs.csv"
    path.write_text("animal,legs\nbadger,4\nheron,2\n")
    (tmp_path / "recollect.yml").write_text("crawl:\n  documents:\n    max_rows: 2\n")
    ran = recollect("import", path, "--data", "d", "--config", tmp_path / "recollect.yml", "--json")
    assert ran.json["notes"] == {str(path): "rows after the first 2 are left out (max_rows)"}
