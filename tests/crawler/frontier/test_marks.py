"""Names, numbers and contact details tell pages of one mould apart; dates, counters and banners do not."""

import pytest

from crawler.frontier.marks import MAX_MARKS, marks, tell_apart

MOULD = "Our branch sells bread and cakes. Come and see us on any day of the week, we bake every morning. "


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Call 040 123 4567.", "Call 040 765 4321."),
        ("Write to north@bakery.example for cakes.", "Write to south@bakery.example for cakes."),
        ("Ask for Anna Berg at the door.", "Ask for Jonas Holm at the door."),
        ("The room holds 24 guests.", "The room holds 60 guests."),
        ("You find us in the Mill Lane, near the Old Bridge.", "You find us in the High Street, near the New Church."),
        ("A loaf costs 3.20 euros.", "A loaf costs 3.90 euros."),
        ("Part A-1042 fits.", "Part A-2210 fits."),
    ],
)
def test_details_tell_pages_apart(one: str, other: str) -> None:
    assert tell_apart(marks(MOULD + one), marks(MOULD + other))
    assert not tell_apart(marks(MOULD + one), marks(MOULD + one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Last changed on 3 May 2024.", "Last changed on 7 June 2025."),
        ("It is Monday, 3 May 2024, 10:15.", "It is Friday, 4 May 2024, 11:45."),
        ("You are visitor number 1,204.", "You are visitor number 1,377."),
        ("Page generated in 12 ms.", "Page generated in 31 ms."),
        ("Spring sale! All is cheap.", "Autumn sale! All is cheap."),
        ("", "Ask for Anna Berg on 040 123 4567."),
        ("Stand: 03.05.2024", "Stand: 04.06.2025"),
    ],
)
def test_dates_counters_and_additions_do_not(one: str, other: str) -> None:
    assert not tell_apart(marks(MOULD + one), marks(MOULD + other))


def test_of_a_page_with_many_marks_a_sample_is_compared() -> None:
    text = " ".join(f"It weighs {number} grams." for number in range(1000, 1000 + 2 * MAX_MARKS))
    more = f"{text} It weighs 1 gram."
    assert len(marks(text)) == 4 * MAX_MARKS
    assert not tell_apart(marks(text), marks(more))
