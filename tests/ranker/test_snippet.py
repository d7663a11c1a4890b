"""Snippets: what is shown, what is marked, and that it is safe."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.snippet import ELLIPSIS, snippet

OPEN = (
    "open(file, mode='r') Opens file and returns a corresponding file object. If the file cannot be opened, an OSError "
    "is raised. file is a path-like object giving the pathname of the file to be opened. mode is an optional string "
    "that specifies the mode in which the file is opened. It defaults to 'r' which means open for reading in text "
    "mode. Other common values are 'w' for writing (truncating the file if it already exists), 'x' for exclusive "
    "creation, and 'a' for appending (which on some Unix systems, means that all writes append to the end of the file)."
)


def marked(text: str) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", text)


def plain(text: str) -> str:
    return html.unescape(re.sub(r"</?mark>", "", text))


@pytest.mark.parametrize(
    ("text", "query", "language", "words"),
    [
        ("She was opening it.", "open", "en", ["opening"]),
        ("Open it now.", "opening", "en", ["Open"]),
        ("Many dictionaries here.", "dictionary", None, ["dictionaries"]),
        ("Die Dateien sind da.", "Datei", "de", ["Dateien"]),
        ("Voilà le café noir.", "cafe", "fr", ["café"]),
        ("Use os.path.join_all here.", "os path join", "en", ["os.path.join"]),
        ("PYTHON Python python", "python", "en", ["PYTHON", "Python", "python"]),
    ],
)
def test_inflected_words_are_marked(text: str, query: str, language: str | None, words: list[str]) -> None:
    assert marked(snippet(text, query, language=language)) == words


def test_words_that_say_nothing_are_not_marked() -> None:
    assert marked(snippet("How do I open the file?", "how do I open the file", language="en")) == ["open", "file"]


def test_a_query_of_such_words_alone_is_marked() -> None:
    assert marked(snippet("To be or not to be.", "to be", language="en")) == ["To", "be", "to", "be"]


def test_chinese_words_are_marked_as_runs() -> None:
    assert marked(snippet("为用户提供检索服务,检索是服务。", "检索服务", language="zh")) == ["检索服务", "检索", "服务"]


def test_markup_in_the_text_is_shown_not_run() -> None:
    shown = snippet("Use <script>alert('x')</script> & open <b>it</b>", "script open")
    assert "<script>" not in shown and "<b>" not in shown
    assert plain(shown) == "Use <script>alert('x')</script> & open <b>it</b>"


def test_the_window_stands_around_the_words() -> None:
    shown = snippet(OPEN, "exclusive creation")
    assert marked(shown) == ["exclusive", "creation"]
    assert shown.startswith(ELLIPSIS)


def test_distant_words_are_shown_in_two_fragments() -> None:
    shown = snippet(OPEN, "OSError appending")
    assert marked(shown)[0] == "OSError" and "appending" in marked(shown)
    assert f" {ELLIPSIS} " in shown


def test_a_window_begins_with_its_sentence_where_that_is_near() -> None:
    assert snippet(OPEN, "defaults reading text").startswith(f"{ELLIPSIS}It <mark>defaults</mark>")


@pytest.mark.parametrize("query", ["", "absent", "?!"])
def test_without_a_match_the_beginning_is_shown(query: str) -> None:
    shown = snippet(OPEN, query)
    assert shown.endswith(ELLIPSIS)
    assert OPEN.startswith(shown.removesuffix(ELLIPSIS))


def test_long_text_is_cut_between_words() -> None:
    kept = plain(snippet(OPEN, "mode string")).strip(ELLIPSIS)
    before, after = OPEN.split(kept)
    assert before.endswith(" ") and after.startswith(" ")


def test_text_without_spaces_is_cut_anyway() -> None:
    assert len(snippet("a" * 5000, "a" * 5000)) <= 241
    assert len(plain(snippet("搜索引擎是系统" * 200, "系统"))) <= 250


def test_white_space_and_line_breaks_become_one_space() -> None:
    assert snippet("one\n\n  two\tthree", "two") == "one <mark>two</mark> three"


LETTERS = st.text("ab <>&'\"\n.,é中文字_0", max_size=600)


@given(LETTERS, LETTERS, st.integers(40, 300))
def test_any_snippet_is_short_escaped_text_of_the_passage(text: str, query: str, max_chars: int) -> None:
    shown = snippet(text, query, max_chars)
    assert re.fullmatch(r"(?:[^<>&]|&(?:amp|lt|gt);|<mark>|</mark>)*", shown)
    fragments = [part.strip() for part in re.split(ELLIPSIS, plain(shown))]
    flat = " ".join(text.split())
    assert all(fragment in flat for fragment in fragments)
    assert sum(map(len, fragments)) <= max_chars
    assert len(re.findall("<mark>", shown)) == len(marked(shown))


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("the shop_cart table", "shop cart", "the <mark>shop_cart</mark> table"),
        ("use os.path here", "os path", "use <mark>os.path</mark> here"),
        ("shop. Cart", "shop cart", "<mark>shop</mark>. <mark>Cart</mark>"),
    ],
)
def test_parts_of_one_word_are_marked_as_one(text: str, query: str, marked: str) -> None:
    assert snippet(text, query) == marked
