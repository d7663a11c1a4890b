"""A table of facts is read, and questions about it are the same every time."""

from pathlib import Path

import pytest

from server.comparing.facts import WORDINGS, Asked, questions, read_facts
from server.errors import BadInput

TABLE = "town\triver\tinhabitants\nAston\tTame\t1200\nBrill\t\t900\nCorby\tWelland\t70000\n"


def test_facts_are_rows_of_things(tmp_path: Path) -> None:
    (tmp_path / "towns.tsv").write_text(TABLE)
    facts = read_facts(tmp_path / "towns.tsv")
    assert (facts.noun, facts.properties) == ("town", ("river", "inhabitants"))
    assert facts.page("Brill") == "The inhabitants of Brill is 900."
    assert facts.page("Aston").splitlines()[0] == "The river of Aston is Tame."


@pytest.mark.parametrize("text", ["", "town\n", "town\triver\n", "town\triver\nAston\n", "town\triver\n\tTame\n"])
def test_what_is_no_table_of_facts_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.tsv").write_text(text)
    with pytest.raises(BadInput, match=r"bad\.tsv"):
        read_facts(tmp_path / "bad.tsv")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.tsv cannot be read"):
        read_facts(tmp_path / "none.tsv")


def test_questions_ask_for_what_is_known_in_all_wordings(tmp_path: Path) -> None:
    (tmp_path / "towns.tsv").write_text(TABLE)
    facts = read_facts(tmp_path / "towns.tsv")
    found = questions(facts, 100)
    assert found == questions(facts, 100)
    assert sorted(one.answer for one in found) == ["1200", "70000", "900", "Tame", "Welland"]
    assert len({one.question for one in found}) == len(WORDINGS)
    assert len(questions(facts, 2)) == 2


def test_an_answer_is_right_where_it_holds_the_value_as_a_word() -> None:
    asked = Asked("Which period does iron have?", "4")
    assert asked.is_answered_by("The period of iron is 4.")
    assert not asked.is_answered_by("The atomic number of iron is 46.")
