"""Generated text to sentences and the ids they cite."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.marks import CitedSentence, cited_sentences, stream_sentences


@pytest.mark.parametrize(
    ("generated", "expected"),
    [
        ("Order is kept [1].", [("Order is kept.", (1,))]),
        ("Order is kept. [1]", [("Order is kept.", (1,))]),
        ("One thing.[2][3] Another one [1, 4].", [("One thing.", (2, 3)), ("Another one.", (1, 4))]),
        ("One. [1] two begins small. [2]", [("One.", (1,)), ("two begins small.", (2,))]),
        ("今天很好。[1]我们去吧。[2]", [("今天很好。", (1,)), ("我们去吧。", (2,))]),
        ("A list a[1] of x[2:3] stays [5]", [("A list a[1] of x[2:3] stays", (5,))]),
        ("[1] Mark first.", [("Mark first.", ())]),
        ("No mark at all.", [("No mark at all.", ())]),
        ("Twice [1] the same [1].", [("Twice the same.", (1,))]),
        ("- First [1]\n- Second [2]", [("First", (1,)), ("Second", (2,))]),
        ("  \n ", []),
    ],
)
def test_marks_belong_to_their_sentence(generated: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(s.text, s.ids) for s in cited_sentences(generated)] == expected


def test_separators_rebuild_the_answer() -> None:
    found = cited_sentences("One. [1] Two.\nThree. 好。[2]吗？")
    assert "".join(s.separator + s.text for s in found) == "One. Two.\nThree. 好。吗？"


def test_a_sentence_is_given_once_it_has_ended() -> None:
    def pieces() -> Iterator[str]:
        yield from ("Order", " is kept. ", "[1]")
        progress.append("asked for more")
        yield from (" And this is ", "the next. [2]")

    progress: list[str] = []
    stream = stream_sentences(pieces())
    assert next(stream) == CitedSentence("Order is kept.", (1,))
    assert progress == ["asked for more"]
    assert list(stream) == [CitedSentence("And this is the next.", (2,), " ")]


@given(
    st.lists(st.sampled_from(["Order ", "is kept. ", "[1]", " [2, 3]", "At 5 p.m. ", "The end", "\n", "好。", "a[1]"]))
)
def test_pieces_give_the_same_sentences_as_the_whole(pieces: list[str]) -> None:
    assert [s.text for s in stream_sentences(pieces)] == [s.text for s in cited_sentences("".join(pieces))]
