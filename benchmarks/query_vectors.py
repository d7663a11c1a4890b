"""How much the vectors of queries gain where those of passages stay: two ways to move them, learnt and held out.

    python -m benchmarks.query_vectors --index FOLDER --set BEIR_DIR

``FOLDER`` is an embedded index of the set, or of a part of it: only questions whose document it holds are asked.
``map`` adds a low-rank linear map of the vector, learnt by cross-entropy over all passages of the training questions,
so that the hardest wrong answers are always among them. ``expansion`` adds a weighted sum of the passages that words
and vectors find first; the weights are learnt from likeness and rank. ``fused`` is no vector: both lists by reciprocal
rank, for comparison. What is learnt on are questions of the ``train`` judgements; a tenth of their documents is held
out and alone decides how far each way is followed. The ``test`` questions are asked once.
"""

import argparse
import json
import random
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from indexer.beir import qrels, queries
from indexer.document import Vectors
from indexer.embedded.store import EmbeddedStore
from server.assemble import bundled_encoder

DEPTH, LISTED = 5, 10
SCALE = 20.0
SHARES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions with their vectors (n, dim), the row of the right passage, and the rows both lists put first."""

    vectors: Vectors
    right: list[int]
    listed: "np.ndarray[Any, np.dtype[np.int64]]"


def recall(vectors: Vectors, memory: Vectors, right: Sequence[int]) -> float:
    """The share of queries that find row ``right[i]`` among the first five."""
    scores = vectors @ memory.T
    better = (scores > scores[np.arange(len(right)), list(right)][:, None]).sum(1)
    return float((better < DEPTH).mean())


def unit(vectors: Vectors) -> Vectors:
    """Every row of unit length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def taught_by(asked: Asked) -> tuple[list[int], list[int]]:
    """The rows that these questions ask for, and the place of each question's right one among them."""
    rows = sorted(set(asked.right))
    place = {row: number for number, row in enumerate(rows)}
    return rows, [place[row] for row in asked.right]


def learnt_map(asked: Asked, memory: Vectors, rank: int, epochs: int) -> Any:
    """A function of vectors: what is added to them. Wrong answers are the other passages that ``asked`` asks for."""
    import torch

    torch.manual_seed(1)
    down = torch.nn.Linear(memory.shape[1], rank, bias=False)
    up = torch.nn.Linear(rank, memory.shape[1], bias=False)
    torch.nn.init.zeros_(up.weight)
    optimizer = torch.optim.Adam([*down.parameters(), *up.parameters()], lr=1e-3, weight_decay=1e-4)
    rows, places = taught_by(asked)
    all_vectors, all_right, passages = torch.tensor(asked.vectors), torch.tensor(places), torch.tensor(memory[rows])
    for _ in range(epochs):
        order: Any = torch.randperm(len(all_right))
        for batch in order.split(256):
            given = all_vectors[batch]
            moved = torch.nn.functional.normalize(given + up(down(given)), dim=1)
            loss: Any = torch.nn.functional.cross_entropy(SCALE * moved @ passages.T, all_right[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        product = (up.weight @ down.weight).numpy()
    return lambda vectors: vectors @ product.T


def learnt_expansion(asked: Asked, memory: Vectors, epochs: int) -> Any:
    """A function of questions: the weighted sum of what was found first."""
    import torch

    torch.manual_seed(1)
    weigh = torch.nn.Sequential(torch.nn.Linear(5, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.Adam(weigh.parameters(), lr=3e-3)
    passages = torch.tensor(memory)

    def added(some: Asked, rows: Any) -> Any:
        vectors, listed = torch.tensor(some.vectors[rows]), torch.tensor(some.listed[rows])
        found = passages[listed.clamp(min=0)]
        like = (found * vectors[:, None]).sum(2)
        place = torch.arange(LISTED).repeat(2).expand_as(like)
        by_words = (torch.arange(2 * LISTED) < LISTED).float().expand_as(like)
        again = (listed[:, :, None] == listed[:, None, :]).sum(2).float() - 1
        features = torch.stack([like, like - like.max(1, keepdim=True).values, 1 / (1 + place), by_words, again], 2)
        weights = weigh(features).squeeze(2).masked_fill(listed < 0, -1e4).softmax(1)
        return (weights[:, :, None] * found).sum(1)

    rows, places = taught_by(asked)
    right, taught = torch.tensor(places), torch.tensor(memory[rows])
    for _ in range(epochs):
        order: Any = torch.randperm(len(right))
        for batch in order.split(256):
            moved = torch.nn.functional.normalize(torch.tensor(asked.vectors[batch]) + added(asked, batch), dim=1)
            loss: Any = torch.nn.functional.cross_entropy(SCALE * moved @ taught.T, right[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def told(some: Asked) -> Vectors:
        with torch.no_grad():
            return np.asarray(added(some, torch.arange(len(some.right))).numpy(), dtype=np.float32)

    return told


def fused(asked: Asked) -> float:
    """Recall of both lists by reciprocal rank."""
    hits = 0
    for rows, right in zip(asked.listed, asked.right, strict=True):
        scores: dict[int, float] = {}
        for place, row in enumerate(rows):
            if row >= 0:
                scores[int(row)] = scores.get(int(row), 0.0) + 1 / (60 + place % LISTED)
        hits += right in sorted(scores, key=lambda row: -scores[row])[:DEPTH]
    return hits / len(asked.right)


class Collection:
    """The passages of an index, and the questions of a set that ask for them."""

    def __init__(self, index: Path, folder: Path, seed: int = 1) -> None:
        self._store = EmbeddedStore(index)
        self._encoder = bundled_encoder()
        self._texts = dict(queries(folder))
        self._rows: dict[str, int] = {}
        self._of_document: dict[str, int] = {}
        vectors: list[Vectors] = []
        for head in self._store.scan():
            known = self._store.known_vectors([head.doc_id])
            for passage in self._store.passages(head.doc_id)[:1]:
                self._rows[passage.passage_id] = self._of_document[head.metadata["beir_id"]] = len(vectors)
                vectors.append(known[passage.text_to_encode])
        self.memory = np.stack(vectors)
        self._random = random.Random(seed)
        self._folder = folder

    def pairs(self, split: str) -> list[tuple[str, int]]:
        """(question, row of its passage), shuffled; only what the index holds."""
        found = [
            (self._texts[query_id], self._of_document[doc_id])
            for query_id, judged in qrels(self._folder, split).items()
            for doc_id, grade in judged.items()
            if grade > 0 and doc_id in self._of_document
        ]
        self._random.shuffle(found)
        return found

    def asked(self, pairs: Sequence[tuple[str, int]]) -> Asked:
        """Encoded, and searched by words and by vectors."""
        vectors = self._encoder.encode_queries([text for text, _ in pairs])
        dense = np.argsort(-(vectors @ self.memory.T), axis=1)[:, :LISTED]
        listed = np.full((len(pairs), 2 * LISTED), -1, np.int64)
        listed[:, LISTED:] = dense
        for place, (text, _) in enumerate(pairs):
            found = self._store.candidates(text, None, 3 * LISTED).lexical
            rows = (self._rows[one.passage.passage_id] for one in found if one.passage.passage_id in self._rows)
            for rank, row in enumerate(islice(rows, LISTED)):
                listed[place, rank] = row
        return Asked(vectors, [row for _, row in pairs], listed)


def measured(collection: Collection, most: int, tested: int, epochs: int) -> dict[str, Any]:
    """Figures on the held-out and on the test questions."""
    pairs = collection.pairs("train")
    held_rows = set(sorted({row for _, row in pairs})[::10])
    learning = collection.asked([pair for pair in pairs if pair[1] not in held_rows][:most])
    held = collection.asked([pair for pair in pairs if pair[1] in held_rows][:1000])
    test = collection.asked(collection.pairs("test")[:tested])
    memory = collection.memory
    mapped, expanded = learnt_map(learning, memory, 64, epochs), learnt_expansion(learning, memory, epochs)
    ways: dict[str, Callable[[Asked, float], Vectors]] = {
        "map": lambda asked, share: unit(asked.vectors + share * mapped(asked.vectors)),
        "expansion": lambda asked, share: unit(asked.vectors + share * expanded(asked)),
    }
    report: dict[str, Any] = {"passages": len(memory), "learnt_on": len(learning.right), "held": len(held.right)}
    report["test"] = len(test.right)
    report["shipped"] = {name: recall(one.vectors, memory, one.right) for name, one in (("held", held), ("test", test))}
    for name, way in ways.items():
        tried = {share: recall(way(held, share), memory, held.right) for share in SHARES}
        best = max(tried, key=lambda share: (tried[share], -share))
        report[name] = {"share": best, "held": tried[best], "test": recall(way(test, best), memory, test.right)}
    report["fused"] = {"held": fused(held), "test": fused(test)}
    return report


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--set", type=Path, required=True, dest="folder")
    parser.add_argument("--questions", type=int, default=12_000, help="to learn on, at most")
    parser.add_argument("--test", type=int, default=1_000, help="to ask at the end, at most")
    parser.add_argument("--epochs", type=int, default=8)
    given = parser.parse_args()
    report = measured(Collection(given.index, given.folder), given.questions, given.test, given.epochs)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    report |= {"processor_s": round(usage.ru_utime + usage.ru_stime), "peak_mib": round(usage.ru_maxrss / 1024)}
    print(json.dumps(report, indent=2, default=float))


if __name__ == "__main__":
    main()
