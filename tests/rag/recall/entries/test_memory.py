"""An entry is asked for by its question, its key, and its key without the prefix of its source."""

import json
from pathlib import Path

import pytest

from indexer.sources.config import SourceConfig
from rag.recall.asked import Asked
from rag.recall.entries.memory import EntryMemory


@pytest.fixture
def memory(tmp_path: Path) -> EntryMemory:
    path = tmp_path / "faq.json"
    entry = {"question": "How long does shipping take?", "answer": "Two days."}
    path.write_text(json.dumps({"faq:hotline": "0800 123 456", "faq:shipping": entry}), "utf-8")
    return EntryMemory(SourceConfig(name="faq", kind="key-value", url=f"file:{path}", prefix="faq:"))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("faq:hotline", "hotline: 0800 123 456"),
        ("FAQ: Hotline", "hotline: 0800 123 456"),
        ("hotline", "hotline: 0800 123 456"),
        ("faq:shipping", "Two days."),
        ("how long does shipping take", "Two days."),
    ],
)
def test_a_key_is_known_with_its_prefix_and_without(memory: EntryMemory, question: str, answer: str) -> None:
    (found,) = memory.recall(Asked(question), None)
    assert found.text == answer
