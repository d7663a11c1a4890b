"""Real texts of mixed length, and queries about them, the same every time."""

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from indexer.beir import documents, queries

SETS = ("nfcorpus", "squad11", "wikiqa", "medline")
ROOT = Path(__file__).parents[1]


class Texts(NamedTuple):
    passages: list[str]
    queries: list[str]


def public_texts(data: Path, passages: int, asked: int) -> Texts:
    """From the public collections in ``data``, a folder with beir/."""
    choice = random.Random(7)
    texts, questions = [], []
    for name in SETS:
        folder = data / "beir" / name
        found = [f"{d.head.title}\n{d.text}" for d in documents(folder, lambda text: "en")]
        texts += choice.sample(found, passages // len(SETS))
        questions += choice.sample(list(queries(folder).values()), asked // len(SETS) + 1)
    choice.shuffle(texts)
    return Texts(texts, choice.sample(questions, asked))


def own_texts(passages: int, asked: int) -> Texts:
    """From this project's documentation: one to eight paragraphs that follow each other, and headings as queries."""
    choice = random.Random(7)
    files = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    paragraphs = [re.split(r"\n\s*\n", file.read_text("utf-8")) for file in files]
    headings = [p.lstrip("# ") for file in paragraphs for p in file if re.fullmatch(r"#+ .+", p)]
    texts: list[str] = []
    while len(texts) < passages:
        file = choice.choice(paragraphs)
        start = choice.randrange(len(file))
        texts.append("\n\n".join(file[start : start + choice.randint(1, 8)]))
    return Texts(texts, choice.sample(headings, asked))


def shortened(tokenizer: object, texts: Sequence[str], tokens: int) -> list[str]:
    """Those of the texts that have at least so many tokens, cut after them."""
    encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)  # type: ignore[attr-defined]
    found = zip(texts, encodings, strict=True)
    return [text[: e.offsets[tokens - 1][1]] for text, e in found if len(e.ids) >= tokens]
