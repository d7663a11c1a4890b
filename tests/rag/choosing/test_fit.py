"""Whether a text holds what a question for a limit asks for."""

import pytest

from crawler.block import BlockKind
from rag.choosing.fit import fits, misses
from rag.choosing.question import QuestionType

QUESTION = "What is the maximum number of cups?"


@pytest.mark.parametrize(
    ("text", "heading", "holds"),
    [
        ("The default of MAX_CUPS is 20.", "Maximum Number Of Cups", True),
        ("The default of MAX_CUPS is 20.", "Cups", False),
        ("Cups are counted by cup_count2().", "Maximum Number Of Cups", False),
        ("At most 20 cups stand on it.", "Cups", True),
    ],
)
def test_under_a_heading_that_speaks_of_a_limit_a_number_may_be_that(text: str, heading: str, holds: bool) -> None:
    assert fits(QuestionType.VALUE, QUESTION, text, BlockKind.PARAGRAPH, heading) == holds


@pytest.mark.parametrize(
    ("text", "cannot"),
    [
        ("In most kitchens the number of cups is small. See count_cups2().", True),
        ("The default of MAX_CUPS is 20.", False),
        ("The number of cups is unlimited.", False),
        ("It is set by cup_limit, the limit of cups.", False),
    ],
)
def test_a_text_without_a_number_or_a_word_for_a_limit_tells_none(text: str, cannot: bool) -> None:
    assert misses(QUESTION, text) == cannot
    assert not misses("How do I fill the largest cup?", text)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("kettle-boil - Heats water", True),
        ("kettle, teapot -- Heat water", True),
        ("Part of the kettle(1) suite", False),
    ],
)
def test_a_line_that_names_a_thing_and_tells_what_it_does_defines_it(text: str, holds: bool) -> None:
    assert fits(QuestionType.DEFINITION, "What is kettle-boil?", text, BlockKind.PARAGRAPH) == holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('The kitchen has an account called "tea".', True),
        ("The password is not set.", True),
        ("Log in with your account.", False),
    ],
)
def test_a_name_is_what_a_question_for_one_asks_for(text: str, holds: bool) -> None:
    question = "What is the default user name?"
    assert fits(QuestionType.VALUE, question, text, BlockKind.PARAGRAPH) == holds
