"""A table of facts is read, and changed."""

from pathlib import Path

import pytest

from server.comparing.facts import read_facts
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


def test_where_things_have_texts_alone_a_page_is_the_text(tmp_path: Path) -> None:
    (tmp_path / "faq.tsv").write_text("question\tanswer\nMay I pay later?\tYes, within a month.\n")
    facts = read_facts(tmp_path / "faq.tsv")
    assert facts.is_texts
    assert facts.page("May I pay later?") == "Yes, within a month."


def test_one_fact_is_changed_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "towns.tsv").write_text(TABLE)
    facts = read_facts(tmp_path / "towns.tsv")
    now = facts.changed("Aston", "river", "Rea")
    assert now.rows["Aston"] == {"river": "Rea", "inhabitants": "1200"}
    assert now.rows["Corby"] == facts.rows["Corby"]
    assert facts.rows["Aston"]["river"] == "Tame"
