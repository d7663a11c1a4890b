"""Names of programs as a question says them."""

import pytest

from rag.choosing.spoken import name_of, parts_of, said_by_label, share_said, terms_said_in
from ranker.words import term_set


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("kettle.boilWaterSync(litres[, options])", "kettle.boilWaterSync"),
        ("class brewing.TeaCounter([leaves])", "brewing.TeaCounter"),
        ("async pot.fill(litres)", "pot.fill"),
        ("@brewing.cached(maxsize=128)", "brewing.cached"),
        ("void kettle_open(const char *name)", "kettle_open"),
        ("kettle_stop ( id integer ) → boolean", "kettle_stop"),
        ("MaxBrewTime Directive", "MaxBrewTime"),
        ("<TeaHost> Directive", "TeaHost"),
        ("--keep-warm", "--keep-warm"),
        ("-k", "-k"),
        ("kettle::Pot", "kettle::Pot"),
        ("Brewing tea", ""),
        ("How to use the kettle (in short)", ""),
        ("Tea", ""),
        ("Why KettleScript is slow in kitchens", ""),
        ("", ""),
    ],
)
def test_a_label_is_a_name_if_it_is_no_prose(label: str, name: str) -> None:
    assert name_of(label) == name


def test_names_come_apart_at_humps_and_signs() -> None:
    assert parts_of("boilWaterSync") == ["boil", "Water", "Sync"]
    assert parts_of("boil_water") == ["boil", "water"]
    assert parts_of("--keep-warm") == ["keep", "warm"]
    assert parts_of("getcwd") == ["getcwd"]


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("How do I boil water synchronously?", "kettle.boilWaterSync(litres)"),
        ("How do I get the current brewing method?", "kettle.getcbm()"),
        ("How do I split tea by leaves?", "tea.splitleaves(keep=False)"),
        ("How do I remove a cup?", "rmcup(path)"),
        ("How do I brew tea in a pot?", "tea_pot.brew(leaves[, options])"),
        ("How do I limit a tea body?", "LimitTeaBody Directive"),
        ("How do I find out if tea starts with milk?", "tea.startswith(milk)"),
    ],
)
def test_a_name_is_said_by_its_parts_short_forms_and_initials(question: str, label: str) -> None:
    said = said_by_label(question, label)
    assert said.unsaid == 0
    assert len(said.terms) >= 2
    assert said.terms <= term_set(question)


def test_what_a_question_does_not_say_counts_against_a_name() -> None:
    question = "How do I boil water synchronously?"
    whole = share_said(question, "kettle.boilWaterSync(litres)")
    assert whole == 1
    assert share_said(question, "kettle.boilWater(litres)") == pytest.approx(2 / 3)
    assert share_said(question, "kettle.boilMilkWaterSync(litres)") == pytest.approx(3 / 4)
    assert share_said(question, "kettle.boilWaterSyncb(litres)") == pytest.approx(3 / (3 + 1 / 5))
    assert share_said(question, "kettle.boilWatering(litres)") == pytest.approx(1 / 4)
    assert share_said(question, "Boiling water synchronously") == 0


def test_a_name_in_the_question_is_that_name_and_no_other() -> None:
    assert share_said("What does brewCode do?", "kettle.brew([code])") == 0
    assert said_by_label("Who is the user?", "use(tea)").terms == frozenset()


def test_names_within_a_text_say_what_they_say_whole() -> None:
    question = "How do I boil water synchronously?"
    assert terms_said_in(question, "Call boilWaterSync() first.") == term_set("boil water synchronously")
    assert terms_said_in(question, "Call boilMilkSync() first.") == frozenset()
    assert terms_said_in(question, "Boil water first.") == frozenset()


def test_a_question_of_signs_alone_says_no_name() -> None:
    assert [share_said(signs, "kettle.boil()") for signs in ("-", "!!", "\\", "?")] == [0.0] * 4
