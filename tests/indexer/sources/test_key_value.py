"""What stands under a key becomes a document: texts, hashes, JSON, entries of an FAQ; what cannot is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.document import Document
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource
from indexer.sources.key_value import MAX_VALUE_BYTES, KeyValueSource
from indexer.sources.source import BadRecord
from tests.support.redis import redis_url

__all__ = ["redis_url"]
pytestmark = pytest.mark.redis


@pytest.fixture
def client(redis_url: str) -> Iterator[Any]:
    import redis

    client = redis.Redis.from_url(f"{redis_url}/5")
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def read(redis_url: str, **settings: Any) -> dict[str, Document | BadRecord]:
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=f"{redis_url}/5", **settings))
    with source.reading() as reading:
        return {one.head.title if isinstance(one, Document) else one.key: one for one in reading.records(None)}


def test_an_entry_of_an_faq_is_answered_under_its_question(client: Any, redis_url: str) -> None:
    client.hset("faq:1", mapping={"question": "How do I cancel?", "answer": "Write to us.\n\nIt takes a day."})
    client.set("faq:2", '{"question": "Is there a trial?", "answer": "Yes, 14 days.", "access": "staff"}')
    found = read(redis_url, prefix="faq:", access_field="access")
    cancel, trial = found["How do I cancel?"], found["Is there a trial?"]
    assert isinstance(cancel, Document)
    assert isinstance(trial, Document)
    assert cancel.text == "Write to us.\n\nIt takes a day."
    assert cancel.head.url == "record:kv/faq%3A1"
    assert (cancel.head.access, trial.head.access) == ((), ("staff",))


def test_plain_text_is_a_value_and_other_kinds_are_passed_over(client: Any, redis_url: str) -> None:
    client.set("opening hours", "9 to 5")
    client.set("number", "[1, 2]")
    client.rpush("a list", "x")
    found = read(redis_url)
    assert sorted(found) == ["9 to 5", "[1, 2]"]
    hours = found["9 to 5"]
    assert isinstance(hours, Document)
    assert hours.text == "key: opening hours\nvalue: 9 to 5"


def test_what_is_no_text_or_too_large_is_named(client: Any, redis_url: str) -> None:
    client.set("bytes", b"\xff\xfe\x00")
    client.set("huge", b"x" * (MAX_VALUE_BYTES + 1))
    client.set("good", "fine")
    found = read(redis_url)
    assert {key: one.why for key, one in found.items() if isinstance(one, BadRecord)} == {
        "bytes": "is no text",
        "huge": "is larger than 1,048,576 bytes",
    }
    assert isinstance(found["fine"], Document)


def test_much_under_each_key_is_read_bit_by_bit(client: Any, redis_url: str) -> None:
    client.hset("large hash", mapping={str(number): "x" * 1_000_000 for number in range(20)})
    client.hset("hash", mapping={"a": "b"})
    for number in range(30):
        client.set(f"text {number}", f"{number} " + "x" * 1_000_000)
    found = read(redis_url)
    assert {key: one.why for key, one in found.items() if isinstance(one, BadRecord)} == {
        "large hash": "is larger than 16,777,216 bytes"
    }
    assert len(found) == 32


def test_what_grew_too_large_is_not_gone(client: Any, redis_url: str) -> None:
    client.set("huge", b"x" * (MAX_VALUE_BYTES + 1))
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=f"{redis_url}/5"))
    with source.reading() as reading:
        assert len(list(reading.doc_ids())) == 1


def test_an_expired_key_is_gone(client: Any, redis_url: str) -> None:
    client.set("brief", "x", px=1)
    client.set("lasting", "y")
    for _ in range(1_000):
        if not client.exists("brief"):
            break
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=f"{redis_url}/5"))
    with source.reading() as reading:
        assert len(set(reading.doc_ids())) == 1


@pytest.mark.parametrize("url", ["mongodb://host/db", "nothing"])
def test_an_address_of_something_else_is_reported(url: str) -> None:
    with pytest.raises(BadSource, match="no key-value store"):
        KeyValueSource(SourceConfig(name="kv", kind="key-value", url=url))


def test_memcached_needs_its_keys_named() -> None:
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url="memcached://127.0.0.1"))
    with pytest.raises(BadSource, match="cannot list them"), source.reading():
        pass


def test_a_file_holds_entries_and_values(tmp_path: Path) -> None:
    path = tmp_path / "entries.json"
    path.write_text(
        '{"faq:1": {"question": "How do I cancel?", "answer": "Write to us."}, "faq:hours": "9 to 5", "x": "y"}'
    )
    source = KeyValueSource(SourceConfig(name="kv", kind="key-value", url=f"file:{path}", prefix="faq:"))
    with source.reading() as reading:
        entry, hours = reading.records(None)
        assert reading.entry("faq:2") is None
    assert isinstance(entry, Document)
    assert (entry.head.title, entry.text) == ("How do I cancel?", "Write to us.")
    assert isinstance(hours, Document)
    assert hours.text == "key: faq:hours\nvalue: 9 to 5"
    path.write_text("[]")
    with pytest.raises(BadSource, match="not one JSON object"), source.reading():
        pass
