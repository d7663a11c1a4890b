"""Words and what they are compared by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.asking.stems import has_cjk, plain_words, stem
from ranker.words import marked, spans, term_set, terms, words


def test_words_stand_where_they_say() -> None:
    text = "Don't split_this: naïve 中文 3.14"
    assert [text[w.start : w.end] for w in words(text)] == ["Don", "t", "split", "this", "naïve", "中", "文", "3", "14"]


def test_terms_leave_out_what_questions_are_made_of() -> None:
    assert terms("How do I make a dictionary keep insertion order?") == [
        "make",
        "dictionari",
        "keep",
        "insert",
        "order",
    ]


@pytest.mark.parametrize("text", ["Opening files, naïvely", "to be or not", "café\u0301s of 3.14", "…", ""])
@pytest.mark.parametrize("language", [None, "en", "de", "zh"])
def test_terms_are_the_stems_of_the_words(text: str, language: str | None) -> None:
    found = words(text, language)
    stems = [word.stem for word in found if not word.is_stopword] or [word.stem for word in found]
    assert terms(text, language) == stems
    assert term_set(text, language) == frozenset(stems)


def test_terms_of_nothing_else_are_kept() -> None:
    assert terms("to be or not to be") == ["to", "be", "or", "not", "to", "be"]


def test_stop_words_are_those_of_the_language() -> None:
    assert terms("und die Dateien", "de") == ["datei"]
    assert "die" in terms("die casting", "en")


def test_chinese_goes_in_overlapping_pairs() -> None:
    assert terms("搜索引擎 a1 字", "zh") == ["搜索", "索引", "引擎", "a1", "字"]


def test_unknown_language_keeps_whole_words() -> None:
    assert terms("Opening files", "vi") == ["opening", "files"]


def test_cjk_is_told_from_other_scripts() -> None:
    assert has_cjk("a 한 b") and not has_cjk("Ελληνικά кириллица")


@pytest.mark.parametrize(("accented", "plain"), [("résumés", "resumes"), ("naïvely", "naively"), ("cafés", "cafes")])
def test_english_words_are_alike_with_and_without_accents(accented: str, plain: str) -> None:
    assert stem(accented) == stem(plain)


def test_accents_that_follow_their_letters_split_no_word() -> None:
    joined = "Die Ärzte schließen"
    apart = unicodedata.normalize("NFD", joined)
    assert [apart[w.start : w.end] for w in words(apart, "de")] == apart.split()
    assert terms(apart, "de") == terms(joined, "de")
    assert [stem(word, "de") for word in plain_words(apart)] == [stem(word, "de") for word in plain_words(joined)]


@pytest.mark.parametrize("text", ["What's _new_ in 3.11?", "naïve «Größe»", "ab 東京 cd 1", "e\u0301te\u0301 x_y"])
def test_plain_words_are_the_words(text: str) -> None:
    found = [text[w.start : w.end] for w in words(text)]
    assert plain_words(text) == (list(map(str.lower, found)) if text.isascii() else found)


@pytest.mark.parametrize("text", ["The joined words join a join", "Größe und größer", "東京タワー, 東京"])
def test_marked_terms_are_those_of_all_terms_that_are_wanted(text: str) -> None:
    every = spans(words(text))
    wanted = {every[0][0], every[-1][0]}
    assert marked(text, wanted) == [span for span in every if span[0] in wanted]


@given(st.lists(st.sampled_from(["index", "indexes", "Index", "in", "3", "_", "-", " ", "  ", "\n", "."])).map("".join))
def test_marked_terms_of_ascii_stand_side_by_side_and_at_the_ends(text: str) -> None:
    wanted = {"index", "3"}
    assert marked(text, wanted) == [span for span in spans(words(text)) if span[0] in wanted]
