"""PDF pages made line by line: paragraphs, headings, running lines and metadata."""

from crawler.documents.draft import DocumentConfig, Draft
from crawler.documents.pdf import read_pdf
from tests.support.documents import paragraph, pdf

FLOWING = "The first line fills the column and the sentence goes\non in the second line, which is short.\n"


def read(data: bytes) -> Draft:
    draft = Draft(DocumentConfig())
    read_pdf(data, draft)
    return draft


def texts(draft: Draft) -> list[str]:
    return [section.text for section in draft.sections]


def test_lines_of_one_paragraph_flow_and_paragraphs_stay_apart() -> None:
    page = [*paragraph(FLOWING.strip()), *paragraph("Another paragraph stands further down the page here.", 640)]
    [text] = texts(read(pdf([page])))
    assert text == (
        "The first line fills the column and the sentence goes on in the second line, which is short.\n\n"
        "Another paragraph stands further down the page here."
    )


def test_list_items_keep_their_lines() -> None:
    page = paragraph("What to bring along on the day of the examination:\n1. a pen\n2. some paper\n3. patience")
    assert texts(read(pdf([page]))) == [
        "What to bring along on the day of the examination:\n1. a pen\n2. some paper\n3. patience"
    ]


def test_a_word_broken_at_the_end_of_a_line_is_mended() -> None:
    page = paragraph("A long sentence about the art of bookbind-\ning in many state-of-the-\nart libraries.")
    [text] = texts(read(pdf([page])))
    assert "bookbinding in" in text
    assert "state-of-the-art libraries" in text


def test_outline_entries_become_heading_paths_with_page_numbers() -> None:
    pages = [
        [("Install", 72, 720, 11), *paragraph("Copy the program to your disk.", 690)],
        [*paragraph("Then start it once.", 720), ("Use", 72, 690, 11), *paragraph("Press the button.", 660)],
    ]
    draft = read(pdf(pages, outline=[("Install", 0), ("Use", 1)]))
    assert [(s.page_number, s.anchor, s.heading_path, s.text) for s in draft.sections] == [
        (1, "page=1", ("Install",), "Copy the program to your disk."),
        (2, "page=2", ("Install",), "Then start it once."),
        (2, "page=2", ("Use",), "Press the button."),
    ]


def test_an_outline_that_counts_its_chapters_still_finds_them() -> None:
    page = [("2.1 Getting the", 72, 720, 14), ("parts", 72, 704, 14), *paragraph("Buy them.", 660)]
    draft = read(pdf([page], outline=[("Getting the parts", 0), ("Nowhere to be found", 0)]))
    assert draft.sections[-1].text == "Buy them."
    assert "Getting the parts" in texts(draft)


def test_without_an_outline_taller_letters_are_headings() -> None:
    body = "\n".join(["This is ordinary text that goes on for a while in this document."] * 6)
    page = [
        ("Gardening", 72, 740, 24),
        ("Roses", 72, 700, 16),
        *paragraph(body, 680),
        ("Tulips", 72, 560, 16),
        *paragraph(body, 540),
    ]
    draft = read(pdf([page]))
    assert draft.title == "Gardening"
    assert [s.heading_path for s in draft.sections] == [("Gardening", "Roses"), ("Gardening", "Tulips")]


def test_a_heading_without_text_is_not_lost() -> None:
    body = "\n".join(["This is ordinary text that goes on for a while in this document."] * 6)
    draft = read(
        pdf(
            [
                [("Empty chapter", 72, 740, 18)],
                [("Full", 72, 740, 18), *paragraph(body, 700)],
                [("The end", 72, 740, 18)],
            ]
        )
    )
    assert texts(draft)[0] == "Empty chapter"
    assert texts(draft)[-1] == "The end"
    assert [s.page_number for s in draft.sections] == [1, 2, 3]


def test_running_headers_and_page_numbers_are_left_out_and_counted() -> None:
    pages = [
        [("The Handbook", 72, 770, 9), *paragraph(f"Words of chapter {word}.", 700), (f"- {i} -", 300, 30, 9)]
        for i, word in enumerate(("one", "two", "three", "four"), start=1)
    ]
    draft = read(pdf(pages))
    assert texts(draft) == [f"Words of chapter {word}." for word in ("one", "two", "three", "four")]
    assert "8 running headers, footers and page numbers are left out" in draft.notes


def test_the_files_own_description_is_kept() -> None:
    info = {
        "Title": "Care of Bicycles",
        "Author": "A. Rider",
        "CreationDate": "D:20240131120000+01'00'",
        "ModDate": "D:2024",
    }
    draft = read(pdf([[("words", 72, 700, 11)]], info=info))
    assert draft.title == "Care of Bicycles"
    assert draft.metadata == {"author": "A. Rider", "created": "2024-01-31T12:00:00", "modified": "2024", "pages": "1"}


def test_a_title_that_is_only_a_file_name_is_passed_over() -> None:
    page = [("Annual Report", 72, 740, 24), *paragraph("We did well.\nVery well indeed, in all the regions.", 690)]
    for name in ("Microsoft Word - final_v2.doc", "report.indd", "Untitled", "my_report_v3"):
        assert read(pdf([page], info={"Title": name})).title == "Annual Report"


def test_pages_without_text_are_counted() -> None:
    assert "1 of 2 pages hold no text (scanned or empty)" in read(pdf([[("words", 72, 700, 11)], []])).notes
