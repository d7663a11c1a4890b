"""Words and signs as they stand."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.asking.exact import MAX_TOKEN_CHARS, exact_spans, exact_tokens


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_parted_as_any_text_is(text: str) -> None:
    assert exact_tokens(text) == [token.text for token in exact_spans(text)]


def test_of_an_endless_word_the_beginning_is_kept() -> None:
    assert exact_tokens("A" * 1000) == ["a" * MAX_TOKEN_CHARS]
