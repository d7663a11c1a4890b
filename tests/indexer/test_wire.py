"""Documents survive the journey as JSON."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.block import Block, BlockKind
from crawler.page import Section, Stated
from indexer.document import Document, Head
from indexer.errors import BadDocument
from indexer.wire import document_from_dict, document_to_dict

TEXT = st.text(st.characters(exclude_categories=()))
TIMES = st.none() | st.datetimes(timezones=st.sampled_from([UTC, UTC]))
HEADS = st.builds(
    Head,
    doc_id=TEXT,
    url=TEXT,
    title=TEXT,
    content_hash=TEXT,
    site=TEXT,
    path=TEXT,
    source=TEXT,
    language=st.none() | TEXT,
    description=TEXT,
    modified_at=TIMES,
    fetched_at=TIMES,
    metadata=st.dictionaries(TEXT, TEXT),
    access=st.lists(TEXT).map(tuple),
)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    start_char=st.integers(0),
    end_char=st.integers(0),
    group=st.integers(0),
    depth=st.integers(0),
    number=st.none() | st.integers(),
    columns=st.lists(TEXT).map(tuple),
    is_header=st.booleans(),
    row_header=TEXT,
    caption=TEXT,
    language=TEXT,
    term=TEXT,
    level=st.integers(0, 6),
)
SECTIONS = st.builds(
    Section,
    text=TEXT,
    heading_path=st.lists(TEXT).map(tuple),
    anchor=st.none() | TEXT,
    start_char=st.integers(0),
    end_char=st.integers(0),
    page_number=st.none() | st.integers(),
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.builds(Document, head=HEADS, sections=st.lists(SECTIONS, max_size=4).map(tuple)))
def test_any_document_comes_back_as_it_was_sent(document: Document) -> None:
    assert document_from_dict(json.loads(json.dumps(document_to_dict(document)))) == document


def test_what_a_page_states_in_data_comes_back_and_older_heads_state_nothing() -> None:
    head = Head(
        "d", "https://example.com/a", "A", "h", stated=(Stated("A", "price", "5 EUR"), Stated("A", "type", "B"))
    )
    record = json.loads(json.dumps(document_to_dict(Document(head, ()))))
    assert document_from_dict(record).head == head
    del record["head"]["stated"]
    assert document_from_dict(record).head.stated == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record.pop("sections"),
        lambda record: record.update(wire=0),
        lambda record: record.update(sections=[{"text": "x", "unknown": 1, "heading_path": []}]),
        lambda record: record["sections"][0].pop("blocks"),
        lambda record: record["sections"][0].update(blocks={"blocks": [["unknown", 0, 1]]}),
        lambda record: record["sections"][0].update(blocks={"blocks": [["r", 0, 1, {"c": 0}]]}),
        lambda record: record["head"].update(modified_at="yesterday"),
        lambda record: record["head"].pop("doc_id"),
        lambda record: record["head"].update(access=None),
    ],
)
def test_what_is_no_document_is_refused_by_name(damage: Callable[[dict[str, Any]], object]) -> None:
    head = Head("d", "https://example.com/a", "A", "h", modified_at=datetime.now(UTC))
    record = document_to_dict(Document(head, (Section("x", end_char=1),)))
    damage(record)
    with pytest.raises(BadDocument, match=r"https://example\.com/a"):
        document_from_dict(record)
