"""Claims with evidence for the verifier: WiCE, and sentences of documentation made false by rule."""

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.verifier_false import CHANGES, names_in, reworded
from indexer.sentences import sentence_spans

CHUNK_WORDS = 240
"""As long as WiCE's own chunks of evidence."""

MEASURED_TENTH = 0
"""Pages whose checksum ends so are for measuring alone."""


@dataclass(frozen=True, slots=True)
class Example:
    """``kind`` says where it comes from or how it was made."""

    claim: str
    passage: str
    is_true: bool
    kind: str


def wice(data: Path, split: str) -> list[Example]:
    """WiCE's claims with their chunks of evidence (``dev`` or ``test``); true where fully supported."""
    rows = _rows(data / f"qa/wice/code_and_resources__entailment_inputs__oracle_chunks__claim__{split}.jsonl.gz")
    return [Example(row["claim"], " ".join(row["evidence"]), row["label"] == "supported", "wice") for row in rows]


def wice_train(data: Path, rng: random.Random) -> Iterator[Example]:
    """Partly supported claims as false ones; without their words that nothing supports, as true ones."""
    rows = list(_rows(data / "qa/wice/data__non_supported_tokens__train.jsonl.gz"))
    for row in rows:
        passage = _chunk(row, rng)
        yield Example(row["claim"], passage, False, "wice")
        kept = [t for t, missing in zip(row["claim_tokens"], row["non_supported_spans"], strict=True) if not missing]
        if len(kept) >= 5:
            yield Example(" ".join(kept).replace(" ,", ",").replace(" .", "."), passage, True, "wice")
        yield Example(rng.choice(rows)["claim"], passage, False, "wice")


def documents(data: Path, measured: bool, count: int, seed: int = 0) -> list[Example]:
    """Sentences of documentation in their passage: ``count`` true ones, half of them reworded, and as many false."""
    rng = random.Random(seed)
    rows = [row for row in _rows(data / "pairs/docs_heading_section.jsonl.gz") if row["lang"] == "en"]
    rows = [row for row in rows if (zlib.crc32(row["p"].encode()) % 10 == MEASURED_TENTH) is measured]
    rng.shuffle(rows)
    elsewhere = [name for row in rows[:300] for name in names_in(row["p"])]
    wanted = {kind: count // len(CHANGES) for kind in CHANGES}
    true: list[Example] = []
    false: list[Example] = []
    for row in rows:
        sentences = [row["p"][a:b].strip() for a, b in sentence_spans(row["p"])]
        good = [i for i, sentence in enumerate(sentences) if _is_plain(sentence)]
        if not good:
            continue
        at = rng.choice(good)
        passage = " ".join(sentences[max(0, at - 3) : at + 4])
        if len(true) < count:
            is_verbatim = len(true) % 2 == 0
            claim = sentences[at] if is_verbatim else reworded(sentences[at])
            true.append(Example(claim, passage, True, "verbatim" if is_verbatim else "reworded"))
        for kind in sorted(wanted, key=lambda kind: -wanted[kind]):
            changed = CHANGES[kind](sentences[at], elsewhere, rng) if wanted[kind] else None
            if changed and changed != sentences[at] and changed not in row["p"]:
                false.append(Example(changed, passage, False, kind))
                wanted[kind] -= 1
                break
        if len(true) >= count and not any(wanted.values()):
            break
    return true + false


def _is_plain(sentence: str) -> bool:
    return 8 <= len(sentence.split()) <= 40 and sentence[0].isupper() and sentence.endswith(".")


def _chunk(row: Any, rng: random.Random) -> str:
    """The sentences that support the claim, filled with others of the page up to the length of a chunk."""
    evidence = row["evidence"]
    chosen = set(row["supporting_sentences"][0])
    others = [i for i in range(len(evidence)) if i not in chosen]
    rng.shuffle(others)
    words = sum(len(evidence[i].split()) for i in chosen)
    for i in others:
        words += len(evidence[i].split())
        if words > CHUNK_WORDS:
            break
        chosen.add(i)
    return " ".join(evidence[i] for i in sorted(chosen))


def _rows(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt") as lines:
        yield from map(json.loads, lines)
