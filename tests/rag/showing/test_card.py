"""A record is shown as rows of names and values, and quoted by the line that answers."""

from dataclasses import replace

from crawler.block import Block, BlockKind
from indexer.document import Document, Head
from indexer.sources.card import card
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import pieces_of
from rag.choosing.question import QuestionType
from rag.quoted import quoted
from rag.recall.memory import whole
from rag.showing.region import region_around
from rag.showing.short import short_answer
from rag.showing.show import show

FIELDS = [("name", "Toaster Zephyr"), ("price", "24.50"), ("warranty_years", "2"), ("maker", "Brewer")]


def picked(answer: str, fields: list[tuple[str, str]] = FIELDS) -> Pick:
    """The card as the piece that was chosen, with these words as those that answer."""
    passage = whole(Document(Head("t", "record:shop/2", "Toaster Zephyr", content_hash="t"), card(fields)))
    (piece,) = pieces_of(0, passage)
    start = passage.text.index(answer) if answer else 0
    return Pick(passage, piece, 0.9, {}, span_start=start, span_end=start + len(answer))


def shown(pick: Pick) -> AnswerBlock:
    return show(pick, region_around(pick.passage, []), QuestionType.VALUE)


def test_a_card_is_a_table_and_its_line_the_quote() -> None:
    question, pick = "How much does the Toaster Zephyr cost?", picked("24.50")
    block = shown(pick)
    assert block.shape is Shape.TABLE
    assert block.rows == tuple(FIELDS)
    assert quoted(question, pick, block).text == "price: 24.50"
    assert short_answer(question, QuestionType.VALUE, pick, block) == "24.50"


def test_words_of_several_lines_are_no_answer_by_themselves() -> None:
    question, pick = "What about the Toaster Zephyr?", picked("warranty_years: 2\nmaker")
    block = shown(pick)
    assert short_answer(question, QuestionType.OTHER, pick, block) == ""
    assert quoted(question, pick, block).text == "\n".join(f"{name}: {value}" for name, value in FIELDS)


def test_of_a_long_card_the_lines_around_the_answer_are_shown() -> None:
    block = shown(picked("value 70", [(f"field{number}", f"value {number}") for number in range(100)]))
    assert ("field70", "value 70") in block.rows
    assert (len(block.rows), block.left_out) == (12, 88)
    long = shown(picked("24.50", [*FIELDS, ("about", "It toasts. " * 400)]))
    assert ("price", "24.50") in long.rows
    assert all(len(value) < 1_000 for _, value in long.rows)


def test_a_definition_is_no_card() -> None:
    pick = picked("24.50")
    text = "Roasts bread."
    block = Block(BlockKind.DEFINITION, 0, len(text), term="Toaster")
    passage = replace(pick.passage, blocks=(block,), text=text, end_char=len(text))
    (piece,) = pieces_of(0, passage)
    assert show(Pick(passage, piece, 0.9, {}), region_around(passage, []), QuestionType.VALUE).shape is Shape.DEFINITION
