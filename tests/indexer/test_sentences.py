"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("See Dr. Smith, e.g. Fig. 3. Next.", ["See Dr. Smith, e.g. Fig. 3.", "Next."]),
        ("Version 3.11 of www.example.com is out. Yes.", ["Version 3.11 of www.example.com is out.", "Yes."]),
        ("It ends here. and goes on. Then", ["It ends here. and goes on.", "Then"]),
        ("一つ目。二つ目！「三つ目。」四つ目", ["一つ目。", "二つ目！", "「三つ目。」", "四つ目"]),
        ("no end\nnew line", ["no end", "new line"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says_so(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab A.!?。\n\"' e.g.", max_size=80))
def test_the_spans_cover_the_text(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
