"""What is known of a piece before it is chosen."""

import pytest

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.choosing.features import asked_of, features
from rag.choosing.pieces import pieces_of
from rag.choosing.question import type_of

QUESTION = "What is pressure mode?"


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [
        ("This document describes low-level details of how pressure mode is implemented in most kettles.", True),
        ("This section is about pressure mode and about its history in kitchens.", True),
        ("What pressure mode is.", True),
        ("Pressure mode heats water in a closed vessel, so that it boils later.", False),
        ("This mode describes a curve: first the kettle heats quickly, then slowly.", False),
    ],
)
def test_a_text_that_repeats_the_question_or_speaks_of_itself_says_nothing(text: str, says_nothing: bool) -> None:
    head = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
    passage = Passage(head, 0, text, end_char=len(text), blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    pieces = pieces_of(0, passage)
    asked = asked_of(QUESTION, type_of(QUESTION), [passage], pieces)
    assert features(asked, passage, pieces[0], None)["echo"] == says_nothing
