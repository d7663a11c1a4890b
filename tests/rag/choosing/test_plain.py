"""Blocks of texts that came without any."""

from crawler.block import BlockKind
from rag.choosing.plain import blocks_of


def kinds(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, text[block.start_char : block.end_char]) for block in blocks_of(text)]


def test_paragraphs_lists_rows_and_code_are_told_by_their_lines() -> None:
    text = (
        "Do the following:\n\n1. Stop the pump.\n2. Drain it.\n\nPlan | Seats\nFree | 3\n\n$ pump drain\n\n"
        "```sh\npump start\n```\n\nDone."
    )
    assert kinds(text) == [
        (BlockKind.PARAGRAPH, "Do the following:"),
        (BlockKind.LIST_ITEM, "Stop the pump."),
        (BlockKind.LIST_ITEM, "Drain it."),
        (BlockKind.TABLE_ROW, "Plan | Seats"),
        (BlockKind.TABLE_ROW, "Free | 3"),
        (BlockKind.CODE, "$ pump drain"),
        (BlockKind.CODE, "```sh\npump start\n```"),
        (BlockKind.PARAGRAPH, "Done."),
    ]
    assert [block.number for block in blocks_of(text)][1:3] == [1, 2]


def test_an_item_goes_on_in_the_lines_below_it() -> None:
    text = "Notes:\n- The pump\n  is loud.\n- It leaks."
    assert kinds(text) == [
        (BlockKind.PARAGRAPH, "Notes:"),
        (BlockKind.LIST_ITEM, "The pump\n  is loud."),
        (BlockKind.LIST_ITEM, "It leaks."),
    ]


def test_no_text_has_no_blocks() -> None:
    assert blocks_of("") == () == blocks_of(" \n\n ")
