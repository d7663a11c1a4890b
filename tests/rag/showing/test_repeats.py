"""What an answer has shown is not shown again."""

from indexer.document import Head, Passage
from rag.answer import AnswerBlock, Item, Shape
from rag.showing.repeats import without_repeats


def listed(page: str, *items: str, lead: str = "", heading: str = "Filling", start: int = 0) -> AnswerBlock:
    passage = Passage(Head(page, f"https://a.example/{page}", page, ""), 0, "text")
    return AnswerBlock(
        Shape.LIST, passage, "", start, start + 9, 1.0, "", (page, heading), lead, tuple(map(Item, items))
    )


FIRST = listed("kettles", "Open it.", "Fill it.", "Close it.", lead="To fill a kettle:")


def test_what_stands_within_an_earlier_block_is_left_out() -> None:
    other = listed("kettles", "Fill it.", heading="Other", start=4)
    assert without_repeats((FIRST, other)) == (FIRST,)


def test_a_list_of_a_copy_of_the_page_is_left_out() -> None:
    same = listed("manual", "Fill it.", "Close it.", "Plug it in.")
    rest = listed("manual", "Plug it in.", "Boil it.", lead="To fill a kettle:")
    assert without_repeats((FIRST, same)) == (FIRST,)
    assert without_repeats((FIRST, rest)) == (FIRST,)


def test_a_list_of_another_heading_or_with_other_items_stays() -> None:
    blocks = (
        FIRST,
        listed("pots", "Fill it.", "Close it.", heading="Pots"),
        listed("cups", "Rinse it.", "Fill it.", "Sip.", "Wash it.", "Dry it."),
    )
    assert without_repeats(blocks) == blocks
