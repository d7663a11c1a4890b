"""Near duplicates among real texts: pages that differ in a date or a sidebar are one, distinct pages stay apart."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest

from crawler.frontier.minhash import SIMILAR, VALUES, NearDuplicates, similarity, sketch
from crawler.frontier.rows import SKETCHES
from crawler.frontier.sqlite import TYPES

ROOT = Path(__file__).parents[3]
SIDEBAR = "Home News About Contact Imprint Subscribe to our letter Follow us Most read today Weather Sport Culture " * 2


def make_tables(database: sqlite3.Connection) -> NearDuplicates:
    for statement in SKETCHES:
        database.execute(statement.format(**TYPES))
    return NearDuplicates(database)


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as opened:
        yield opened


@pytest.fixture
def pages(database: sqlite3.Connection) -> NearDuplicates:
    return make_tables(database)


def made_text(words: int, seed: int) -> str:
    """Words drawn as in a language: few are common, many are rare."""
    draw = random.Random(seed)
    return " ".join(f"w{int(draw.paretovariate(0.7))}" for _ in range(words))


def resemblance(one: str, other: str) -> float:
    """The exact share of word triples in common."""

    def triples(text: str) -> set[tuple[str, ...]]:
        words = text.lower().split()
        return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}

    a, b = triples(one), triples(other)
    return len(a & b) / len(a | b)


ARTICLE = made_text(400, seed=1)


def test_a_page_that_differs_in_its_date_is_found(pages: NearDuplicates) -> None:
    pages.add("/a", "Bees", sketch(f"{ARTICLE} Last changed on 3 May 2024 at 10:15"))
    match = pages.find("/b", "Bees", sketch(f"{ARTICLE} Last changed on 4 June 2025 at 09:41"))
    assert match is not None
    assert match[0] == "/a"
    assert match[1] >= 0.95


def test_a_page_with_another_sidebar_is_found(pages: NearDuplicates) -> None:
    pages.add("/a", "Bees", sketch(ARTICLE))
    assert pages.find("/print/a", "Bees", sketch(f"{SIDEBAR} {ARTICLE}")) is not None


def test_equal_texts_under_different_titles_stay_apart(pages: NearDuplicates) -> None:
    text = sketch(f"{ARTICLE} a security fix")
    pages.add("/1.3.5", "Release notes 1.3.5", text)
    assert pages.find("/1.4.3", "Release notes 1.4.3", text) is None
    assert pages.find("/copy", "RELEASE  notes 1.3.5", text) == ("/1.3.5", 1.0)


def test_other_texts_under_the_same_title_stay_apart(pages: NearDuplicates) -> None:
    for i in range(50):
        text = sketch(made_text(300, seed=i))
        assert pages.find(f"/{i}", "My site", text) is None
        pages.add(f"/{i}", "My site", text)


def test_a_page_is_no_duplicate_of_itself(pages: NearDuplicates) -> None:
    pages.add("/a", "Bees", sketch(ARTICLE))
    assert pages.find("/a", "Bees", sketch(ARTICLE)) is None


def test_the_most_similar_page_wins_and_ties_go_by_url(pages: NearDuplicates) -> None:
    pages.add("/z", "Bees", sketch(ARTICLE))
    pages.add("/close", "Bees", sketch(f"{ARTICLE} and seven more words at the very end"))
    assert pages.find("/new", "Bees", sketch(ARTICLE)) == ("/z", 1.0)
    pages.add("/b", "Bees", sketch(ARTICLE))
    assert pages.find("/new", "Bees", sketch(ARTICLE)) == ("/b", 1.0)


def test_a_page_that_changed_or_went_is_forgotten(pages: NearDuplicates, database: sqlite3.Connection) -> None:
    pages.add("/a", "Bees", sketch(ARTICLE))
    pages.add("/a", "Wasps", sketch(made_text(300, seed=9)))
    assert pages.find("/b", "Bees", sketch(ARTICLE)) is None
    pages.remove("/a")
    pages.remove("/never-seen")
    assert pages.find("/b", "Wasps", sketch(made_text(300, seed=9))) is None
    assert database.execute("SELECT count(*) FROM sketch_band").fetchone() == (0,)


def test_nothing_is_folded_into_a_folded_page(pages: NearDuplicates) -> None:
    pages.add("/a", "Bees", sketch(ARTICLE))
    pages.add("/b", "Bees", sketch(f"{ARTICLE} once more"), owner="/a")
    pages.remove("/a")
    assert pages.find("/c", "Bees", sketch(ARTICLE)) is None


def test_folded_pages_stray_when_their_owner_changes(pages: NearDuplicates) -> None:
    pages.add("/a", "Bees", sketch(ARTICLE))
    pages.add("/b", "Bees", sketch(f"{ARTICLE} once more"), owner="/a")
    assert pages.strayed("/a", "Bees", sketch(f"{ARTICLE} and again")) == []
    assert pages.strayed("/a", "Wasps", sketch(ARTICLE)) == ["/b"]
    assert pages.strayed("/a", "Bees", sketch(made_text(400, seed=3))) == ["/b"]


def test_pages_without_words_are_no_duplicates(pages: NearDuplicates) -> None:
    pages.add("/a", "", sketch(" \n "))
    assert pages.find("/b", "", sketch("")) is None
    assert similarity(b"", sketch("words")) == 0.0


def test_what_was_seen_outlives_the_process(tmp_path: Path) -> None:
    first = sqlite3.connect(tmp_path / "crawl.sqlite")
    make_tables(first).add("/a", "Bees", sketch(ARTICLE))
    first.commit()
    first.close()
    second = sqlite3.connect(tmp_path / "crawl.sqlite")
    assert NearDuplicates(second).find("/b", "Bees", sketch(ARTICLE)) == ("/a", 1.0)
    second.close()


@pytest.mark.parametrize("words", [5, 20, 60, 200, 2000])
def test_the_estimate_agrees_with_exact_counting(words: int) -> None:
    errors = []
    draw = random.Random(words)
    for seed in range(40):
        text = made_text(words, seed)
        changed = text.split()
        for _ in range(max(1, words // 50)):
            changed[draw.randrange(words)] = "changed"
        other = " ".join(changed)
        errors.append(similarity(sketch(text), sketch(other)) - resemblance(text, other))
    assert abs(sum(errors) / len(errors)) < 0.03
    assert max(map(abs, errors)) < 4 * 0.5 / VALUES**0.5


def test_texts_without_spaces_are_compared_by_character() -> None:
    text = "蜜蜂是会飞行的群居昆虫它们采集花粉和花蜜并酿造蜂蜜是重要的传粉者" * 4
    assert similarity(sketch(text), sketch(f"{text}更新于五月三日")) >= 0.7
    assert similarity(sketch(text), sketch("图书馆在星期天也开放读者可以借阅书籍和杂志" * 4)) < 0.2


def test_a_sketch_never_changes() -> None:
    """Sketches are kept between crawls, so their values are part of the format."""
    assert sketch("The quick brown fox jumps over the lazy dog")[:8].hex() == "df4569cafc953f81"


def test_distinct_pages_of_documentation_stay_apart() -> None:
    """Every pair of this project's own texts, all under one title."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))]
    sketches = [sketch(text) for text in texts]
    assert len(sketches) >= 1
    assert all(similarity(one, other) < SIMILAR for one, other in combinations(sketches, 2))


@pytest.mark.data
def test_no_two_articles_of_a_news_set_are_taken_for_one(public_data: Path) -> None:
    import json

    truth = json.loads((public_data / "conformance/article_extraction/ground-truth.json").read_text(encoding="utf-8"))
    sketches = {key: sketch(item["articleBody"]) for key, item in truth.items()}
    close = [pair for pair in combinations(sketches, 2) if similarity(sketches[pair[0]], sketches[pair[1]]) >= SIMILAR]
    assert close == []
