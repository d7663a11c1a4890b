"""Texts that say the same, and texts that differ in what they say."""

import pytest

from ranker.similar.same import says_the_same

TEXT = (
    "The ferry leaves the northern pier when the tide allows it. Bring warm clothes and something to eat, because the "
    "crossing takes longer than most visitors expect and the kitchen on board is closed outside of the season."
)

SAME = (
    (TEXT, TEXT),
    (TEXT, TEXT.replace(" ", "\n  ", 3)),
    (TEXT, f"{TEXT}\nLast updated: 3 March 2021."),
    (f"{TEXT}\nLast updated: 3 March 2021.", f"{TEXT}\nLast updated: 9 May 2024."),
    (TEXT, f"{TEXT} print this page"),
    (TEXT, TEXT.replace("visitors", "travellers")),
    (TEXT, TEXT.replace("visitors expect", "visitors expected")),
    ("Tickets are sold on board.", "Tickets are sold on board"),
    ("船は北の桟橋から出ます。", "船は北の桟橋から出ます"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_say_the_same(one: str, other: str) -> None:
    assert says_the_same(one, other)
    assert says_the_same(other, one)


DIFFERENT = (
    (f"{TEXT} It costs 12 crowns.", f"{TEXT} It costs 14 crowns."),
    (f"{TEXT} It costs 12 crowns.", TEXT),
    (f"{TEXT} As of version 2.1.", f"{TEXT} As of version 2.10."),
    (f"{TEXT} Ask Maren.", f"{TEXT} Ask Torben."),
    (f"{TEXT} Berlin is closed.", f"{TEXT} Bremen is closed."),
    (TEXT, TEXT.replace("is closed", "is not closed")),
    (TEXT, TEXT.replace("is closed", "is open")),
    (TEXT, TEXT.replace("northern", "southern")),
    (f"{TEXT} Run get_fare.", f"{TEXT} Run set_fare."),
    (f"{TEXT} Pass --dry-run to it.", f"{TEXT} Pass --force to it."),
    (f"{TEXT} Take the red bus.", f"{TEXT} Take the blue bus."),
    (f"{TEXT} It runs daily.", f"{TEXT} It runs weekly."),
    (f"{TEXT} You need two coats.", f"{TEXT} You need three coats."),
    ("The captain greets the pilot.", "The pilot greets the captain."),
    (TEXT, TEXT.upper()),
    (TEXT, f"{TEXT} {TEXT}"),
    ("Tickets are sold on board.", "Blankets are sold on board."),
    ("船は北の桟橋から出ます。", "船は南の桟橋から出ます。"),
    (TEXT, ""),
)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_do_not(one: str, other: str) -> None:
    assert not says_the_same(one, other)
    assert not says_the_same(other, one)
