"""Heads, passages and vectors to rows of SQLite and back."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from json import JSONDecoder
from typing import Any

import numpy as np

from crawler.block_values import WrittenBlocks, blocks_to_values
from indexer.document import Head, Passage, Vectors
from indexer.wire import head_from_dict, head_to_dict

PASSAGE_COLUMNS = (
    "p.row, p.doc, p.ordinal, p.text, p.heading_path, p.anchor, p.start_char, p.end_char, p.page_number, p.blocks"
)

_decoded = JSONDecoder().raw_decode
"""What was written without white space around it; ``json.loads`` looks for that first."""


def has_words(sql: sqlite3.Connection) -> bool:
    """Whether passages have the numbers of their words, which an index of before the first writing has not."""
    return any(name == "words" for _, name, *_ in sql.execute("PRAGMA table_info(passages)"))


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970; a moment without a zone is taken as UTC."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() // 1)


def head_to_json(head: Head) -> str:
    """One line of JSON."""
    return json.dumps(head_to_dict(head), ensure_ascii=False)


@lru_cache(maxsize=4096)
def head_from_json(text: str) -> Head:
    """The inverse of ``head_to_json``."""
    return head_from_dict(_decoded(text)[0])


def passage_from_row(row: Sequence[Any], head: Head) -> Passage:
    """A passage from a row of ``PASSAGE_COLUMNS``."""
    _, _, ordinal, text, heading_path, anchor, start_char, end_char, page_number, written = row
    path = _heading_path(heading_path)
    blocks = WrittenBlocks(written, start_char) if written else ()
    return Passage(head, ordinal, text, path, anchor, start_char, end_char, page_number, blocks)


def _heading_path(text: str) -> tuple[str, ...]:
    """Strings as ``json.dumps`` lists them; where it escaped nothing, what stands between two stands nowhere else."""
    if "\\" in text or len(text) <= len("[]"):
        return tuple(json.loads(text))
    return tuple(text[2:-2].split('", "'))


def blocks_to_json(passage: Passage) -> str:
    """A passage's blocks as one line of JSON, empty for none; their offsets count from its beginning."""
    values = blocks_to_values(passage.blocks, passage.start_char)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else ""


def vector_to_blob(vector: Vectors) -> bytes:
    """float16: half the space, and the cosine is off by less than 1e-6."""
    return vector.astype(np.float16).tobytes()


def vectors_from_blobs(blobs: Sequence[bytes], dim: int) -> Vectors:
    """(n, dim) float32 of unit length."""
    halves = np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(len(blobs), dim)
    vectors = halves.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
