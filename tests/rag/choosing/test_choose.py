"""Which of the pieces that answer are shown, beside the best."""

import pytest

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.choosing.choice import Pick
from rag.choosing.choose import picked
from rag.choosing.config import ChoosingConfig
from rag.choosing.pieces import Piece
from rag.choosing.weights import log_odds

LEAST = 0.6


def pick(text: str, score: float, *, in_passing: bool = False) -> Pick:
    """A paragraph that is a page."""
    passage = Passage(Head(doc_id=text[:8], url="https://a.example/", title="Kettles", content_hash=""), 0, text)
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    piece = Piece(0, BlockKind.PARAGRAPH, 0, len(text), (block,), "", text)
    return Pick(passage, piece, score, {"in_passing": float(in_passing)})


BEST = pick("Kettles hold two litres of water.", 0.999)
OTHER = pick("Small teapots keep one litre warm.", 0.97)
NEWS = pick("Larger lids arrived in spring.", 0.99, in_passing=True)


def test_further_pieces_are_nearly_as_sure() -> None:
    behind = log_odds(BEST.score) - log_odds(OTHER.score)
    assert picked([BEST, OTHER], LEAST, ChoosingConfig(margin=behind + 0.1)) == (BEST, OTHER)
    assert picked([BEST, OTHER], LEAST, ChoosingConfig(margin=behind - 0.1)) == (BEST,)


def test_what_is_told_in_passing_does_not_follow_a_section_about_it() -> None:
    assert picked([BEST, NEWS, OTHER], LEAST, ChoosingConfig()) == (BEST, OTHER)
    assert picked([NEWS, OTHER], LEAST, ChoosingConfig()) == (NEWS, OTHER)


@pytest.mark.parametrize("repeated", [BEST, pick("Kettles hold two litres.", 0.998)])
def test_nothing_is_said_twice(repeated: Pick) -> None:
    assert picked([BEST, repeated, OTHER], LEAST, ChoosingConfig()) == (BEST, OTHER)


def test_nothing_is_shown_that_is_not_sure_enough() -> None:
    assert picked([pick("Kettles may whistle.", 0.5)], LEAST, ChoosingConfig()) == ()


@pytest.mark.parametrize(
    ("kind", "shown"), [(BlockKind.PARAGRAPH, 2), (BlockKind.LIST_ITEM, 1), (BlockKind.TABLE_ROW, 1)]
)
def test_paragraphs_of_one_item_are_shown_each_and_items_with_their_list(kind: BlockKind, shown: int) -> None:
    text = "Kettles hold two litres of water.\nSmall teapots keep one litre warm."
    passage = Passage(Head(doc_id="a", url="https://a.example/", title="Kettles", content_hash=""), 0, text)
    blocks = [Block(kind, 0, text.index("\n"), group=1), Block(kind, text.index("\n") + 1, len(text), group=1)]
    picks = [
        Pick(
            passage,
            Piece(0, kind, b.start_char, b.end_char, (b,), "", text[b.start_char : b.end_char]),
            0.99,
            {"in_passing": 0.0},
        )
        for b in blocks
    ]
    assert len(picked(picks, LEAST, ChoosingConfig())) == shown
