"""A page of its own comes before a page that holds it among others."""

from dataclasses import replace

from indexer.document import Head, Passage
from ranker.hit import Evidence, Hit
from ranker.naming.specific import specific_first

SITE = "Garden Manual"


def hit(key: str, title: str, score: float, *headings: str, more: tuple[str, ...] = ()) -> Hit:
    head = Head(key, f"https://a.example/{key}.html", title, "", "a.example", f"/{key}.html")
    passage = Passage(head, 0, "Some text.", headings)
    others = tuple(replace(passage, ordinal=n, heading_path=(*headings[:-1], name)) for n, name in enumerate(more, 1))
    return Hit(passage, score, Evidence(), more=others)


WHOLE = hit("all", SITE, 0.9, SITE, "3. Pumps", "pump.start(speed)")
CHAPTER = hit("pumps", f"Pumps — {SITE}", 0.8, "Pumps", "pump.start(speed)")
OTHER = hit("tools", f"Tools — {SITE}", 0.85, "Tools", "pump.start(speed)")


def names(text: str, *hits: Hit) -> list[str]:
    return [found.passage.head.doc_id for found in specific_first(text, hits)]


def test_a_chapter_comes_before_the_page_that_holds_all() -> None:
    assert names("pump.start", WHOLE, OTHER, CHAPTER) == ["pumps", "all", "tools"]


def test_scores_never_rise() -> None:
    scores = [found.score for found in specific_first("pump.start", [WHOLE, OTHER, CHAPTER])]
    assert scores == [0.9, 0.9, 0.85]


def test_a_section_that_was_found_as_another_counts() -> None:
    chapter = hit("pumps", f"Pumps — {SITE}", 0.8, "Pumps", "pump.stop()", more=("pump.start(speed)",))
    assert names("pump.start", WHOLE, chapter) == ["pumps", "all"]


def test_a_page_of_one_section_comes_before_its_chapter() -> None:
    section = hit("start", "pump.start(speed)", 0.7, "pump.start(speed)")
    assert names("start", WHOLE, CHAPTER, section) == ["start", "pumps", "all"]


def test_pages_without_a_section_in_common_keep_their_order() -> None:
    links = hit("links", "Links", 0.9, "Links", "Pumps")
    assert names("pumps", links, CHAPTER) == ["links", "pumps"]
    assert names("pumps", OTHER, CHAPTER) == ["tools", "pumps"]


def test_versions_of_a_page_keep_their_order() -> None:
    old = hit("old", f"Pumps — {SITE}", 0.7, "Pumps", "pump.start(speed)")
    assert names("pump.start", CHAPTER, old) == ["pumps", "old"]


def test_the_page_that_holds_all_comes_first_where_its_title_is_asked_for() -> None:
    assert names("garden manual", WHOLE, CHAPTER) == ["all", "pumps"]
