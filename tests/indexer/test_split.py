"""Splitting keeps every word, every offset and the budget."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.block import Block, BlockKind
from crawler.page import Section, place_sections
from indexer.config import IndexConfig
from indexer.document import Document, Head, doc_id_of
from indexer.split import estimated_tokens, split

CONFIG = IndexConfig(passage_tokens=20, max_passage_tokens=30)
HEAD = Head(doc_id_of("a"), "https://example.com/a", "Title", "1")

WORDS = st.sampled_from(
    [
        "fox",
        "internationalisation",
        "e.g.",
        "3.14",
        "東京都",
        "ไทย",
        "слово",
        "a",
        "x" * 400,
        "\u3000",
        "🦊",
        "```",
        ">>>",
    ]
)
ENDS = st.sampled_from([" ", " ", ". ", "! ", "。", "\n", "\n\n", "\n    ", "\t", "\r\n", "\u2028", "\x1c"])
TEXTS = st.one_of(
    st.lists(st.tuples(WORDS, ENDS), max_size=60).map(lambda pairs: "".join(a + b for a, b in pairs)),
    st.text(max_size=300),
)
PATHS = st.sampled_from([(), ("One",), ("One", "Two"), ("Three",)])
SECTIONS = st.lists(st.builds(Section, TEXTS, PATHS, st.sampled_from([None, "a", "b"])), max_size=6)


def document(*sections: Section) -> Document:
    return Document(HEAD, place_sections(sections))


@given(SECTIONS)
@settings(max_examples=300, deadline=None)
def test_offsets_are_exact_no_word_is_lost_and_the_budget_holds(sections: list[Section]) -> None:
    whole = document(*sections)
    passages = split(whole, CONFIG)
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    end = 0
    for passage in passages:
        assert passage.text == whole.text[passage.start_char : passage.end_char]
        assert passage.text == passage.text.strip() != ""
        assert whole.text[end : passage.start_char].strip() == ""
        assert estimated_tokens(passage.text) <= CONFIG.max_passage_tokens
        end = passage.end_char
    assert whole.text[end:].strip() == ""


@given(SECTIONS)
@settings(max_examples=100, deadline=None)
def test_passages_stay_within_their_section_and_carry_its_heading_and_anchor(sections: list[Section]) -> None:
    whole = document(*sections)
    for passage in split(whole, CONFIG):
        covered = [s for s in whole.sections if s.start_char < passage.end_char and passage.start_char < s.end_char]
        assert {s.heading_path for s in covered} == {passage.heading_path}
        assert {s.anchor for s in covered} == {passage.anchor}


def test_a_section_that_fits_stays_whole() -> None:
    text = "One sentence. " * 7
    (passage,) = split(document(Section(text)), IndexConfig(passage_tokens=10, max_passage_tokens=30))
    assert passage.text == text.strip()


def test_a_typical_abstract_stays_whole_by_default() -> None:
    assert len(split(document(Section("A sentence of eight common English words here. " * 25)))) == 1


def test_a_long_section_is_divided_evenly_at_the_ends_of_sentences() -> None:
    sentences = [f"Here is number {i} of some short sentences." for i in range(30)]
    passages = split(document(Section(" ".join(sentences))), IndexConfig(passage_tokens=60, max_passage_tokens=90))
    assert all(p.text.startswith("Here") and p.text.endswith(".") for p in passages)
    sizes = [estimated_tokens(p.text) for p in passages]
    assert max(sizes) <= 1.5 * min(sizes)


def test_paragraphs_are_preferred_to_sentences() -> None:
    paragraphs = [
        "This one is. It has two sentences and some words. " * 2,
        "Another begins. It goes on for a while. " * 2,
    ]
    passages = split(document(Section("\n\n".join(paragraphs))), IndexConfig(passage_tokens=25, max_passage_tokens=30))
    assert [p.text for p in passages] == [p.strip() for p in paragraphs]


@pytest.mark.parametrize(("before", "after"), [("```python\n", "```"), ("", "")], ids=["fenced", "indented"])
def test_a_code_block_that_fits_is_not_cut(before: str, after: str) -> None:
    lines = "".join(f"    value_{i} = call({i})\n" for i in range(6))
    code = before + lines + after
    text = "Some prose comes first. " * 6 + "\n\n" + code + "\n\n" + "And prose follows after. " * 6
    passages = split(document(Section(text)), IndexConfig(passage_tokens=60, max_passage_tokens=100))
    assert sum(lines.strip() in p.text for p in passages) == 1


def test_a_code_block_that_does_not_fit_is_cut_between_lines() -> None:
    lines = [f"    value_{i} = call({i})" for i in range(40)]
    passages = split(document(Section("\n".join(lines))), IndexConfig(passage_tokens=60, max_passage_tokens=80))
    assert len(passages) > 2
    assert [line.strip() for p in passages for line in p.text.splitlines()] == [line.strip() for line in lines]


def test_unbroken_text_is_cut_hard() -> None:
    passages = split(document(Section("x" * 5000)), CONFIG)
    assert "".join(p.text for p in passages) == "x" * 5000
    assert len(passages) > 10


def test_chinese_is_cut_at_its_full_stops() -> None:
    text = "梵文是印度的古典語言。" * 20
    passages = split(document(Section(text)), CONFIG)
    assert len(passages) > 5
    assert all(p.text.endswith("。") for p in passages)


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "We met Dr. Smith in e.g. the U. S. office. " * 12
    assert all(p.text.endswith("office.") for p in split(document(Section(text)), CONFIG))


def test_neighbouring_sections_under_one_heading_and_anchor_share_passages() -> None:
    passages = split(
        document(Section("One.", ("H",), "a"), Section("Two.", ("H",), "a"), Section("Three.", ("H",), "b"))
    )
    assert [p.text for p in passages] == ["One.\n\nTwo.", "Three."]


def test_an_empty_document_has_no_passages() -> None:
    assert split(document()) == ()
    assert split(document(Section(" \n "))) == ()


def test_a_book_is_split_in_reasonable_time() -> None:
    text = "A sentence of the book, with a comma and some words in it. " * 20_000
    assert len(split(document(Section(text)))) > 1000


def sentences(count: int) -> str:
    return " ".join(f"The fox number {number} sleeps." for number in range(count))


@pytest.mark.parametrize("before", range(1, 30))
@pytest.mark.parametrize(
    ("lead", "expected", "kind"),
    [
        ("These are needed:", ("a hammer", "a saw", "a nail"), BlockKind.LIST_ITEM),
        ("Run this:", ("make all && make install",), BlockKind.CODE),
        ("Prices", ("S | 1 EUR", "M | 2 EUR"), BlockKind.TABLE_ROW),
    ],
)
def test_a_lead_in_stays_with_what_it_leads_in(
    before: int, lead: str, expected: tuple[str, ...], kind: BlockKind
) -> None:
    opening = sentences(before)
    lines = "\n".join(expected)
    text = f"{opening}\n\n{lead}\n\n{lines}\n\n{sentences(6)}"
    start = len(opening) + 2
    lead_kind = BlockKind.CAPTION if kind is BlockKind.TABLE_ROW else BlockKind.PARAGRAPH
    blocks = [Block(BlockKind.PARAGRAPH, 0, len(opening)), Block(lead_kind, start, start + len(lead), 1)]
    at = start + len(lead) + 2
    for line in expected:
        blocks.append(Block(kind, at, at + len(line), 1 if kind is not BlockKind.LIST_ITEM else 2))
        at += len(line) + 1
    blocks.append(Block(BlockKind.PARAGRAPH, at + 1, len(text)))
    passages = split(Document(HEAD, (Section(text, blocks=tuple(blocks)),)), CONFIG)
    assert any(lead in passage.text and expected[0] in passage.text for passage in passages)
    assert all(estimated_tokens(passage.text) <= CONFIG.max_passage_tokens for passage in passages)


@pytest.mark.parametrize("before", range(1, 30))
def test_a_header_stays_with_a_row_and_a_term_with_its_text(before: int) -> None:
    opening = sentences(before)
    parts = (
        ("Size | Price", Block(BlockKind.TABLE_ROW, 0, 0, 1, is_header=True)),
        ("S | 1 EUR", Block(BlockKind.TABLE_ROW, 0, 0, 1)),
        ("Fox", Block(BlockKind.TERM, 0, 0, 2)),
        ("An animal that sleeps.", Block(BlockKind.DEFINITION, 0, 0, 2)),
    )
    text, blocks = opening, [Block(BlockKind.PARAGRAPH, 0, len(opening))]
    for words, like in parts:
        text += "\n\n"
        blocks.append(like.between(len(text), len(text) + len(words)))
        text += words
    passages = split(Document(HEAD, (Section(text, blocks=tuple(blocks)),)), CONFIG)
    assert any("Size | Price" in passage.text and "S | 1 EUR" in passage.text for passage in passages)
    assert any("Fox" in passage.text and "An animal" in passage.text for passage in passages)


def test_a_text_without_blocks_is_divided_as_ever() -> None:
    text = f"{sentences(9)}\n\nThese:\n\na hammer\na saw\n\n{sentences(9)}"
    whole = Block(BlockKind.PARAGRAPH, 0, len(text))
    without, within = (split(Document(HEAD, (Section(text, blocks=b),)), CONFIG) for b in ((), (whole,)))
    assert [p.text for p in without] == [p.text for p in within]
