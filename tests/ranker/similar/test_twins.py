"""Which results are listed under others."""

import pytest

from indexer.document import Head, Passage
from ranker.hit import Evidence, Hit
from ranker.similar.twins import twins


def passage(
    key: str, text: str, title: str = "Fares", language: str | None = "en", headings: tuple[str, ...] = ()
) -> Passage:
    return Passage(Head(key, f"https://a.example/{key}", title, key, language=language), 0, text, headings)


def test_later_ones_that_say_the_same_are_under_the_first() -> None:
    pages = [passage("a", "A ride is free."), passage("b", "Dogs may ride."), passage("c", "A ride is free.")]
    found = twins(pages)
    hits = found.gathered([Hit(page, 0.5, Evidence()) for page in pages])
    assert [(hit.passage.head.doc_id, [p.head.doc_id for p in hit.similar]) for hit in hits] == [
        ("a", ["c"]),
        ("b", []),
    ]
    assert [*found.surplus] == ["c"]


@pytest.mark.parametrize(
    "other",
    [
        passage("b", "A ride is free.", title="Fares in winter"),
        passage("b", "A ride is free.", title="Fares 2"),
        passage("b", "A ride is free.", language="da"),
        passage("b", "A ride is free.", headings=("Fares", "Children")),
    ],
)
def test_another_title_heading_or_language_is_another_page(other: Passage) -> None:
    assert not twins([passage("a", "A ride is free."), other]).surplus


@pytest.mark.parametrize("title", ["Fares (print version)", "FARES", "Fares - PDF", "Fares: Druckansicht"])
def test_the_form_of_a_page_is_no_other_title(title: str) -> None:
    assert twins([passage("a", "A ride is free."), passage("b", "A ride is free.", title=title)]).surplus


def test_pages_alone_have_a_place_of_their_own() -> None:
    pages = [passage("a", "A ride is free."), passage("b", "A ride is free.")]
    assert not twins(pages, alone={"b"}).surplus


def test_what_has_no_twin_is_as_it_was() -> None:
    hit = Hit(passage("a", "A ride is free."), 0.5, Evidence())
    assert twins([hit.passage]).gathered([hit]) == [hit]
