"""Sentences of prose, lists, code, wrapped text and Chinese."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import sentences


def split(text: str, joins_lines: bool = True) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text, joins_lines)]


def test_full_stops_within_a_sentence_do_not_end_it() -> None:
    text = "Dr. J. Smith paid 3.5 million, e.g. for Fig. 3. He left at noon! Really? Yes."
    assert split(text) == ["Dr. J. Smith paid 3.5 million, e.g. for Fig. 3.", "He left at noon!", "Really?", "Yes."]


def test_a_sentence_may_begin_with_a_name_in_lower_case() -> None:
    text = "Opens a file. file is a path. os.path.join() joins them, etc. and so on."
    assert split(text) == ["Opens a file.", "file is a path.", "os.path.join() joins them, etc. and so on."]


def test_list_items_stand_alone_without_their_markers() -> None:
    assert split("Do this:\n- First one\n* Second. And more\n3. Third") == [
        "Do this:",
        "First one",
        "Second.",
        "And more",
        "Third",
    ]


def test_wrapped_lines_are_joined() -> None:
    text = "This behaviour was an\nimplementation detail of\nCPython. It is now\nguaranteed."
    assert split(text) == ["This behaviour was an\nimplementation detail of\nCPython.", "It is now\nguaranteed."]


def test_lines_of_a_page_are_not_joined() -> None:
    text = "A heading of the page\nA long paragraph " + "word " * 30 + "end.\nAnother line"
    assert len(split(text)) == 3


def test_generated_lines_are_never_joined() -> None:
    assert split("This line ends here\nthis one too", joins_lines=False) == ["This line ends here", "this one too"]


def test_code_is_one_piece_and_known_as_code() -> None:
    text = "See below:\n>>> d = {}\n>>> d.a. B\nNow prose."
    assert split(text) == ["See below:", ">>> d = {}\n>>> d.a. B", "Now prose."]
    assert [s.is_code for s in sentences(text)] == [False, True, False]


def test_chinese_needs_no_spaces() -> None:
    assert split("今天很好。我们去吧！好吗？好") == ["今天很好。", "我们去吧！", "好吗？", "好"]


@given(st.text("ab.!? \n\r\t-1)。中é>:|", max_size=200), st.booleans())
def test_sentences_are_in_order_and_lose_no_letter(text: str, joins_lines: bool) -> None:
    found = sentences(text, joins_lines)
    assert all(s.start < s.end for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = "".join(text[s.start : s.end] for s in found)
    for letter in "b中é":
        assert kept.count(letter) == text.count(letter)
