"""Questions about facts are the same every time, and are judged by what an answer must hold."""

from pathlib import Path

import pytest

from server.comparing.facts import Facts
from server.comparing.questions import WORDINGS, Asked, questions, read_questions
from server.errors import BadInput

TOWNS = Facts(
    "town",
    ("river", "inhabitants"),
    {
        "Aston": {"river": "Tame", "inhabitants": "1200"},
        "Brill": {"river": "", "inhabitants": "900"},
        "Corby": {"river": "Welland", "inhabitants": "70000"},
    },
)
ENTRY = "You may pay within a month of the day on which the goods were sent. Nothing is charged for that."


def test_questions_ask_for_what_is_known_in_all_wordings() -> None:
    found = questions(TOWNS, 100)
    assert found == questions(TOWNS, 100)
    assert sorted(one.answers for one in found) == [("1200",), ("70000",), ("900",), ("Tame",), ("Welland",)]
    assert len({one.question for one in found}) == len(WORDINGS)
    assert len(questions(TOWNS, 2)) == 2


def test_texts_are_asked_for_by_their_names() -> None:
    (one,) = questions(Facts("question", ("answer",), {"May I pay later?": {"answer": ENTRY}}), 5)
    assert (one.question, one.answers) == ("May I pay later?", (ENTRY,))


def test_an_answer_is_right_where_it_holds_the_value_as_a_word() -> None:
    asked = Asked("Which period does iron have?", ("4", "the fourth"))
    assert asked.is_answered_by("The period of iron is 4.")
    assert asked.is_answered_by("It is in The Fourth.")
    assert not asked.is_answered_by("The atomic number of iron is 46.")
    assert not asked.is_answered_by("")


def test_a_part_of_a_text_is_right_and_what_stands_elsewhere_is_not() -> None:
    asked = Asked("May I pay later?", (ENTRY,))
    assert asked.is_answered_by("You may pay within a month\nof the day on which")
    assert asked.is_answered_by(f"May I pay later?: {ENTRY}")
    assert not asked.is_answered_by("You may pay within a year.")
    assert not asked.is_answered_by("")
    assert not Asked("Where?", ("North Sea",)).is_answered_by("sea")


def test_questions_of_a_file_have_kinds_and_several_right_answers(tmp_path: Path) -> None:
    (tmp_path / "asked.tsv").write_text(
        "question\tkind\tanswer\nWhere is it?\tplace\there\tthere\nHow many?\tcount\t4\t\n"
    )
    assert read_questions(tmp_path / "asked.tsv") == [
        Asked("Where is it?", ("here", "there"), "place"),
        Asked("How many?", ("4",), "count"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no question"),
        ("question\tkind\tanswer\n", "holds no question"),
        ("question\tkind\tanswer\nWhere?\tplace\n", "row 2"),
        ("question\tkind\tanswer\nWhere?\tplace\there\n\tplace\there\n", "row 3"),
    ],
)
def test_a_file_without_questions_is_refused_by_the_row(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "bad.tsv").write_text(text)
    with pytest.raises(BadInput, match=told):
        read_questions(tmp_path / "bad.tsv")
