"""Blocks as values, read when they are needed."""

import json

import pytest

from crawler.block import Block, BlockKind
from crawler.block_values import WrittenBlocks, blocks_to_values

BLOCKS = (
    Block(BlockKind.PARAGRAPH, 7, 12),
    Block(BlockKind.TABLE_ROW, 13, 30, group=1, columns=("Plan", "Price"), caption="Plans"),
    Block(BlockKind.TABLE_ROW, 31, 44, group=1, columns=("Plan", "Price"), caption="Plans"),
)
WRITTEN = json.dumps(blocks_to_values(BLOCKS, 5))


def test_written_blocks_are_those_that_were_written() -> None:
    written = WrittenBlocks(WRITTEN, 5)
    assert written == BLOCKS
    assert (len(written), written[1], written[-2:], list(written)) == (3, BLOCKS[1], BLOCKS[-2:], list(BLOCKS))
    assert (hash(written), repr(written)) == (hash(BLOCKS), repr(BLOCKS))
    assert written == WrittenBlocks(WRITTEN, 5)
    assert written != WrittenBlocks(WRITTEN, 6)


def test_no_written_blocks_are_none() -> None:
    assert not WrittenBlocks("")
    assert WrittenBlocks("") == ()


def test_written_blocks_are_read_when_asked_for() -> None:
    written = WrittenBlocks("damaged")
    assert written
    with pytest.raises(ValueError, match="Expecting value"):
        list(written)
