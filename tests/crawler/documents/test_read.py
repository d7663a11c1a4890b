"""Real and hand-made documents through the whole way: sniffed, read in another process, and handed back as sections."""

import io
import random
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crawler.documents.draft import DocumentConfig, ExtractedDocument, UnreadableDocument
from crawler.documents.pool import DocumentPool
from crawler.documents.read import close_pools, extract_document, sniff
from tests.support.documents import assemble_pdf, bomb_stream, paragraph, pdf, with_false_size, with_part

FOLDER = Path(__file__).parent
PUBLIC = {
    "docx/sample_docx.docx": "White House coronavirus briefing",
    "docx/sample_docx_1.docx": "History and standardization",
    "docx/sample_docx_2_page_breaks.docx": "soft page break",
    "docx/sample_docx_3.docx": "Healthcare | Predictive diagnostics | Improved patient outcomes",
    "docx/sample_docx_with_links.docx": "Adobe Systems made the PDF specification",
    "docx/sample_docx_with_single_link.docx": "Adobe Systems made the PDF specification",
    "pdf/react_paper.pdf": "allowing for greater synergy between the two: reasoning traces help the model induce",
    "pdf/sample_pdf_1.pdf": "Page 2 of Sample PDF",
    "pdf/sample_pdf_2.pdf": "A wiki engine, being a form of a content management system",
    "pdf/sample_pdf_3.pdf": "This is an example table",
    "pptx/sample_pptx.pptx": "This is another bullet point",
    "pptx/sample_pptx_with_link.pptx": "Visit Example for more info.",
    "xlsx/basic_tables_two_sheets.xlsx": "col_a | col_b\n1.5 | test",
    "xlsx/multiple_tables.xlsx": "col_c | col_d",
    "xlsx/spreadsheet_with_links.xlsx": "Python | Docs",
    "xlsx/table_empty_rows_and_columns.xlsx": "col_a | col_b\n1.5 | test",
    "csv/sample_1.csv": "Jane Smith | 37",
    "csv/sample_2.csv": "Jane Smith | Los Angeles",
    "csv/sample_3.csv": "Mike Johnson | mikejohnson@example.com",
}


@pytest.fixture(scope="module", autouse=True)
def no_processes_left() -> Iterator[None]:
    yield
    close_pools()


def minimal_docx(body: str = "<w:p><w:r><w:t>Hello there</w:t></w:r></w:p>", prolog: str = "") -> bytes:
    import docx

    out = io.BytesIO()
    docx.Document().save(out)
    markup = (
        f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    return with_part(out.getvalue(), "word/document.xml", markup.encode())


def text_of(document: ExtractedDocument) -> str:
    return "\n\n".join(section.text for section in document.sections)


def reason_of(data: bytes, name: str = "file", config: DocumentConfig = DocumentConfig()) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        extract_document(data, name, config)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)
    return caught.value.reason


@pytest.mark.data
@pytest.mark.parametrize(("path", "words"), PUBLIC.items())
def test_public_documents_are_read(public_data: Path, path: str, words: str) -> None:
    data = (public_data / "conformance" / "documents" / path).read_bytes()
    document = extract_document(data, path)
    assert document.kind == path.partition("/")[0]
    assert words in text_of(document)
    assert document.title
    for section in document.sections:
        assert text_of(document)[section.start_char : section.end_char] == section.text


@pytest.mark.data
def test_a_scanned_pdf_is_said_to_be_one(public_data: Path) -> None:
    data = (public_data / "conformance/documents/pdf/non_text_searchable.pdf").read_bytes()
    with pytest.raises(UnreadableDocument, match="no text: it is scanned") as caught:
        extract_document(data, "https://example.org/scan.pdf")
    assert caught.value.reason == "no_text"


@pytest.mark.data
def test_a_papers_outline_gives_the_heading_path_and_pages(public_data: Path) -> None:
    document = extract_document((public_data / "conformance/documents/pdf/react_paper.pdf").read_bytes(), "react.pdf")
    [setup] = [s for s in document.sections if s.heading_path[-1:] == ("3.1 Setup",)]
    assert setup.heading_path == ("3 Knowledge-Intensive Reasoning Tasks", "3.1 Setup")
    assert setup.text.startswith("Domains We consider two datasets")
    assert (setup.page_number, setup.anchor) == (4, "page=4")
    assert "Published as a conference paper" not in text_of(document)
    assert document.metadata["pages"] == "31"


@pytest.mark.parametrize(
    ("data", "declared", "kind"),
    [
        (b"%PDF-1.7\n", None, "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "text/html", "pdf"),
        (b"<!doctype html><p>%PDF-1.7", "application/pdf", None),
        (b"PK\x03\x04 cut off", "application/zip", None),
        (b"a,b\n1,2\n", "text/csv; charset=utf-8", "csv"),
        (b"a,b\n1,2\n", "text/plain", None),
        (b"a,b\n1,2\n", None, None),
        (b"<html>", "text/csv", None),
        (b"\x00\x01\x02", "text/csv", None),
        ("a;b".encode("utf-16"), "text/csv", "csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "ole"),
        (b"", None, None),
    ],
)
def test_the_kind_is_told_by_content(data: bytes, declared: str | None, kind: str | None) -> None:
    assert sniff(data, declared) == kind


def test_a_zip_file_is_told_by_its_members() -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("notes/word/readme.txt", "no office file")
    assert sniff(plain.getvalue(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document") is None
    assert sniff(minimal_docx()) == "docx"


def test_a_wrong_ending_changes_nothing() -> None:
    document = extract_document(pdf([[("A page of words", 72, 700, 12)]]), "https://example.org/report.docx?download=1")
    assert (document.kind, document.title) == ("pdf", "report")
    assert text_of(document) == "A page of words"


def test_a_csv_may_be_declared_where_the_address_has_no_ending() -> None:
    document = extract_document(b"name,city\nAda,London\n", "https://example.org/export", declared_type="text/csv")
    assert text_of(document) == "name | city\nAda | London"


# damaged, protected and hostile files


def test_a_password_protected_pdf_is_said_to_be_one() -> None:
    assert reason_of((FOLDER / "encrypted.pdf").read_bytes()) == "encrypted"


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    assert text_of(extract_document((FOLDER / "owner-password.pdf").read_bytes(), "a.pdf")) == "Secret words"


def test_a_password_protected_office_file_is_said_to_be_one() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert reason_of(data, "plan.docx") == "encrypted"


def test_an_old_office_file_is_named_with_the_cure() -> None:
    with pytest.raises(UnreadableDocument, match=r"before 2007.*Save it as DOCX"):
        extract_document(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "plan.doc")


def test_what_is_no_document_is_refused() -> None:
    assert reason_of(b"\x89PNG\r\n", "a.pdf") == "type"


def test_a_file_above_the_limit_is_refused() -> None:
    assert reason_of(minimal_docx(), "a.docx", DocumentConfig(max_bytes=1000)) == "too_large"


def test_cut_off_files_are_damaged() -> None:
    whole = pdf([[("words", 72, 700, 12)]])
    assert reason_of(b"%PDF-1.7\nnothing else") == "damaged"
    assert reason_of(minimal_docx()[:-3000] + b"PK\x05\x06" + bytes(18)) == "type"
    assert sniff(whole[:200]) == "pdf"
    assert reason_of(whole[:200]) == "damaged"


def test_a_part_with_a_wrong_checksum_is_damaged() -> None:
    data = bytearray(minimal_docx())
    at = data.find(b"word/document.xml") + 40
    data[at : at + 8] = bytes(8)
    assert reason_of(bytes(data)) == "damaged"


def test_broken_markup_is_damaged() -> None:
    assert reason_of(with_part(minimal_docx(), "word/document.xml", b"<w:document")) == "damaged"
    assert reason_of(with_part(minimal_docx(), "[Content_Types].xml", b"")) == "damaged"


def test_a_zip_that_declares_too_much_is_a_bomb() -> None:
    data = with_part(minimal_docx(), "word/media/big.bin", bytes(3_000_000))
    assert reason_of(data, "bomb.docx", DocumentConfig(max_unpacked_bytes=2_000_000)) == "bomb"


def test_a_zip_that_declares_too_little_is_caught_while_it_is_unpacked() -> None:
    honest = with_part(minimal_docx(), "word/bomb.xml", b" " * 300_000_000)
    assert len(honest) < 400_000
    data = with_false_size(honest, "word/bomb.xml", 5)
    assert reason_of(data, "liar.docx", DocumentConfig(max_memory_bytes=256 * 1024 * 1024)) == "damaged"


def test_a_zip_with_countless_parts_is_a_bomb() -> None:
    out = io.BytesIO(minimal_docx())
    with zipfile.ZipFile(out, "a") as archive:
        for i in range(200):
            archive.writestr(f"word/part{i}.xml", "")
    assert reason_of(out.getvalue(), "many.docx", DocumentConfig(max_members=100)) == "bomb"


def test_markup_that_grows_in_memory_costs_only_its_own_process() -> None:
    body = "<w:p/>" * 3_000_000
    config = DocumentConfig(max_memory_bytes=256 * 1024 * 1024)
    assert reason_of(minimal_docx(body), "wide.docx", config) in ("memory", "crashed", "damaged")
    assert text_of(extract_document(minimal_docx(), "next.docx", config)) == "Hello there"


def test_entities_are_not_expanded() -> None:
    prolog = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY p SYSTEM "file:///etc/passwd">]>'
    data = minimal_docx("<w:p><w:r><w:t>safe &b;&p;</w:t></w:r></w:p>", prolog)
    document = extract_document(data, "entities.docx")
    assert "ha" not in text_of(document)
    assert "root:" not in text_of(document)


def test_deeply_nested_markup_ends_in_one_line() -> None:
    depth = 5000
    body = "<w:sdt><w:sdtContent>" * depth + "<w:p/>" + "</w:sdtContent></w:sdt>" * depth
    assert reason_of(minimal_docx(body), "deep.docx") == "damaged"


def test_a_pdf_stream_that_unpacks_without_end_costs_only_its_own_process() -> None:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        4: bomb_stream(1 << 28),
    }
    config = DocumentConfig(max_memory_bytes=300 * 1024 * 1024, timeout_s=20)
    assert reason_of(assemble_pdf(objects), "bomb.pdf", config) in ("memory", "crashed")
    assert text_of(extract_document(minimal_docx(), "next.docx", config)) == "Hello there"


def test_pages_that_point_at_each_other_end() -> None:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>",
    }
    assert reason_of(assemble_pdf(objects), "loop.pdf", DocumentConfig(timeout_s=20)) == "damaged"


def test_a_document_that_takes_too_long_is_ended_and_the_next_one_read() -> None:
    config = DocumentConfig(timeout_s=0.01)
    assert reason_of(b"a,b\n" * 1000, "slow.csv", config) == "timeout"
    assert text_of(extract_document(b"a,b\n1,2\n", "next.csv")) == "a | b\n1 | 2"


def test_quotes_without_end_do_not_keep_a_table_from_being_read_in_time() -> None:
    document = extract_document(b",'a" * 30_000 + b"\n", "quotes.csv", DocumentConfig(timeout_s=10))
    assert text_of(document).startswith("'a | 'a")


def test_documents_that_are_bent_at_random_give_text_or_one_clear_line() -> None:
    bend = random.Random(7)
    whole = [
        pdf([paragraph("Some words on a page\nand more of them.")], outline=[("Some words", 0), ("More", 0)]),
        minimal_docx(),
    ]
    outcomes = set()
    for round_ in range(80):
        data = bytearray(whole[round_ % len(whole)])
        for _ in range(bend.randint(1, 30)):
            data[bend.randrange(len(data))] = bend.randrange(256)
        cut = bytes(data[: bend.randrange(len(data))] if bend.random() < 0.2 else data)
        try:
            outcomes.add(extract_document(cut, "bent").kind)
        except UnreadableDocument as error:
            assert error.reason in ("type", "damaged", "no_text", "encrypted", "bomb", "memory")
            outcomes.add(error.reason)
    assert len(outcomes) >= 3


# limits that cut


def test_text_above_the_limit_is_cut_and_noted() -> None:
    config = DocumentConfig(max_text_chars=20)
    document = extract_document(b"first,row\nsecond,row\nthird,row\n", "long.csv", config)
    assert text_of(document) == "first | row\nsecond |"
    assert document.notes == ("text after the first 20 characters is left out",)


def test_pages_above_the_limit_are_noted() -> None:
    document = extract_document(
        pdf([[(f"Page of {word}", 72, 700, 12)] for word in ("one", "two", "three")]),
        "a.pdf",
        DocumentConfig(max_pages=2),
    )
    assert [section.text for section in document.sections] == ["Page of one", "Page of two"]
    assert "pages 3 to 3 are left out (max_pages)" in document.notes


# the processes


def test_a_process_is_used_again_and_renewed() -> None:
    pool = DocumentPool(DocumentConfig(documents_per_process=2))
    try:
        ids = []
        for _ in range(3):
            assert pool.read("csv", b"a,b")["sections"]
            ids.append([worker._process.pid for worker in pool._idle])
        assert len(ids[0]) == 1
        assert ids[1] == []
        assert len(ids[2]) == 1
        assert ids[2] != ids[0]
    finally:
        pool.close()


def test_a_process_that_died_while_waiting_is_replaced() -> None:
    pool = DocumentPool(DocumentConfig())
    try:
        pool.read("csv", b"a,b")
        [worker] = pool._idle
        worker._process.kill()
        worker._process.wait()
        assert pool.read("csv", b"c,d")["sections"][0][0] == "c | d"
    finally:
        pool.close()


def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOLLECT_SECRET", "hunter2")
    pool = DocumentPool(DocumentConfig())
    try:
        pool.read("csv", b"a,b")
        [worker] = pool._idle
        assert b"hunter2" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()
    finally:
        pool.close()


def test_many_threads_share_a_few_processes() -> None:
    config = DocumentConfig(processes=2)
    started = threading.Barrier(8)

    def read(i: int) -> str:
        started.wait()
        return text_of(extract_document(f"n,{i}\n".encode(), f"{i}.csv", config))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, range(8))) == [f"n | {i}" for i in range(8)]
