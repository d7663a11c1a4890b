"""Many passages out of few: real text repeated with changes, and vectors moved a little. The same ones every time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from indexer.beir import documents, qrels, queries
from indexer.document import EncodedDocument, Head, Passage, Vectors, doc_id_of
from indexer.encoder import Encoder

SETS = ("medquad", "squad11", "nfcorpus", "pubmedqa")
SEED = 7
ORIGINALS = 6000
MAX_CHARS = 900
"""About 200 word pieces: what a passage of an index aims at."""

PASSAGES_A_DOCUMENT = 4
CHANGED_WORDS = 0.2
"""The share of words that a repetition takes from another text."""

VECTOR_NOISE = 0.5
"""Length of what is added to the unit vector of a repetition: its cosine to the original is then about .9."""

SITES, SECTIONS = 8, 40
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Text:
    """A title and some 150 words under it."""

    title: str
    body: str


def originals(data: Path) -> list[Text]:
    """A fixed sample of the texts of all sets."""
    found = [
        Text(document.head.title or document.text[:60], cut(document.text))
        for name in SETS
        for document in documents(data / "beir" / name, lambda text: "en")
        if document.text.strip()
    ]
    return random.Random(SEED).sample(found, ORIGINALS)


def cut(text: str) -> str:
    """At most ``MAX_CHARS`` characters, to the last whole word."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_CHARS else flat[:MAX_CHARS].rsplit(" ", 1)[0]


def questions(data: Path, count: int) -> list[str]:
    """What people asked of these texts in the sets' training halves, a fixed sample."""
    found = []
    for name in SETS:
        asked = queries(data / "beir" / name)
        found += [asked[query_id] for query_id in qrels(data / "beir" / name, "train") if query_id in asked]
    return random.Random(SEED).sample(sorted(set(found)), count)


def encoded(texts: Sequence[Text], vectors: Vectors, count: int) -> Iterator[EncodedDocument]:
    """Documents with ``count`` passages in all; ``vectors`` are those of ``texts``."""
    chance, noise = random.Random(SEED), np.random.default_rng(SEED)
    for first in range(0, count, PASSAGES_A_DOCUMENT):
        numbers = range(first, min(first + PASSAGES_A_DOCUMENT, count))
        head = _head(first // PASSAGES_A_DOCUMENT, texts[first % len(texts)], chance)
        passages = tuple(_passage(head, i, n, texts, chance) for i, n in enumerate(numbers))
        rows = np.stack([_moved(vectors[n % len(texts)], n >= len(texts), noise) for n in numbers])
        yield EncodedDocument(head, passages, rows)


def vectors_of(texts: Sequence[Text], encoder: Encoder) -> Vectors:
    """(n, dim), one a text."""
    return encoder.encode_passages([f"{text.title}\n{text.body}" for text in texts])


def _head(number: int, text: Text, chance: random.Random) -> Head:
    site, section = f"site{number % SITES}.example", f"/part{chance.randrange(SECTIONS)}"
    url = f"https://{site}{section}/{number}"
    return Head(
        doc_id=doc_id_of(url),
        url=url,
        title=text.title if number * PASSAGES_A_DOCUMENT < ORIGINALS else f"{text.title} {number}",
        content_hash=str(number),
        site=site,
        path=f"{section}/{number}",
        language="en",
        modified_at=FIRST_DAY + timedelta(hours=number),
    )


def _passage(head: Head, ordinal: int, number: int, texts: Sequence[Text], chance: random.Random) -> Passage:
    text = texts[number % len(texts)]
    body = text.body if number < len(texts) else _changed(text.body, chance.choice(texts).body, chance)
    return Passage(head, ordinal, body, (head.title, text.title), end_char=len(body))


def _changed(body: str, other: str, chance: random.Random) -> str:
    words, others = body.split(), other.split()
    return " ".join(chance.choice(others) if chance.random() < CHANGED_WORDS else word for word in words)


def _moved(vector: Vectors, is_repetition: bool, noise: np.random.Generator) -> Vectors:
    if not is_repetition:
        return vector
    step = noise.standard_normal(len(vector)).astype(np.float32)
    moved = vector + VECTOR_NOISE * step / np.linalg.norm(step)
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
