"""Passages and heads to rows and back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Head
from indexer.embedded.rows import head_from_json, head_to_json, passage_from_row

HEAD = Head("id", "https://example.com/", "Title", "hash", metadata={"author": 'A "B" C'}, access=("staff",))
PARTS = st.sampled_from(['"', "\\", '", "', "[", "]", "\n", "\u00e9", "Install", ", ", "", " "])


@given(st.lists(st.lists(PARTS).map("".join)))
def test_headings_come_back_whatever_signs_they_hold(headings: list[str]) -> None:
    written = json.dumps(headings, ensure_ascii=False)
    passage = passage_from_row((1, 1, 0, "Text", written, None, 0, 4, None, ""), HEAD)
    assert passage.heading_path == tuple(headings)


def test_a_head_comes_back() -> None:
    assert head_from_json(head_to_json(HEAD)) == HEAD
