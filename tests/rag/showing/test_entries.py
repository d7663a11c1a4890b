"""What a section lists by its headings."""

from indexer.document import Head, Passage
from rag.showing.entries import Section, entries_of, goes_on

HEAD = Head("manual", "https://a.example/", "Manual", "", language="en")


def passage(ordinal: int, *headings: str) -> Passage:
    text = f"Since: 0.{ordinal}\n\n{headings[-1]} is a thing for tea."
    return Passage(HEAD, ordinal, text, headings, end_char=len(text))


def test_names_are_entries_whatever_their_brackets_say() -> None:
    names = ("Kettle (Water and Tea)", "Samovar (Water for Many)", "Pot (Tea and Coffee)")
    found = entries_of(
        Section(passage(0, "Tools"), ("Tools",)), [passage(i, "Tools", name) for i, name in enumerate(names)]
    )
    assert found is not None
    assert found[1].rows == tuple((name, f"{name} is a thing for tea.") for name in names)


def test_a_section_goes_on_where_its_last_passage_looked_at_is_its_own() -> None:
    section = Section(passage(5, "Tools", "Pot"), ("Tools",))
    around = [passage(i, "Tools", "Cup") for i in range(3, 8)]
    assert goes_on(section, around, 2)
    assert not goes_on(section, around, 3)
    assert not goes_on(section, [passage(7, "Cups", "Cup")], 2)
