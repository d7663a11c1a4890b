"""What the search page shows of an answer."""

from server.page.view import answer_blocks, answer_pieces, answer_sources
from tests.support.answers import section_answer


def test_parts_of_one_section_stand_under_its_heading_once() -> None:
    answer = section_answer()
    shown = answer_blocks(answer, answer_sources(answer))
    assert [block.headings for block in shown] == [("How do I hold it?",), (), (), ("Noise",)]


def test_a_text_that_a_block_says_in_its_own_form_is_not_said_twice() -> None:
    quoted, written = section_answer(), section_answer(is_quoted=False)
    assert answer_pieces(quoted, answer_sources(quoted)) == ()
    assert [piece.text for piece in answer_pieces(written, answer_sources(written))] == ["kettle hold"]
