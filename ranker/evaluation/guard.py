"""Questions of another kind, which training must not do harm to: a judged collection, searched by vectors alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crawler.text.language import detect_language
from indexer import beir
from indexer.document import Vectors
from indexer.encoder import Encoder
from indexer.split import split
from ranker.errors import BadTrainingData
from ranker.evaluation.evaluate import sample
from ranker.evaluation.metrics import ndcg
from ranker.training.joint.pool import vectors_of

MAX_QUERIES = 1000
DEPTH = 60
"""Passages looked at for ten documents: a long one may have many."""

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Guarded:
    """nDCG@10 of a collection before and after."""

    name: str
    queries: int
    before: float
    after: float

    @property
    def loss(self) -> float:
        """What was lost; below 0 where something was gained."""
        return self.before - self.after


def guarded(
    of: tuple[Path, str],
    encoder: Encoder,
    after: Encode,
    kept: Path,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Guarded:
    """Search ``of``, a folder in BEIR's layout and a split of its judgements, with both encodings of its queries.

    Vectors of passages are kept in ``kept``. At most a thousand queries, the same every time. Raises BadDocument,
    BadTrainingData where nothing is judged, EncoderError.
    """
    folder, judgements = of
    judged = {q: docs for q, docs in beir.qrels(folder, judgements).items() if any(r > 0 for r in docs.values())}
    topics = sample({q: t for q, t in beir.queries(folder).items() if q in judged}, MAX_QUERIES)
    if not topics:
        raise BadTrainingData(f"{folder} has no judged queries in {judgements}", "Give a folder in BEIR's layout")
    ids, texts = [], []
    for document in beir.documents(folder, detect_language):
        for passage in split(document):
            ids.append(document.head.metadata["beir_id"])
            texts.append(passage.text_to_encode)
    vectors = vectors_of(texts, encoder, kept, report)
    before, changed = (
        float(np.mean([ndcg(ranked, judged[q]) for q, ranked in zip(topics, found, strict=True)]))
        for found in (_ranked(side(list(topics.values())), vectors, ids) for side in (encoder.encode_queries, after))
    )
    return Guarded(folder.resolve().name, len(topics), before, changed)


def _ranked(queries: Vectors, vectors: Vectors, ids: Sequence[str]) -> list[list[str]]:
    """Documents for each query, best first, each by its best passage."""
    found = []
    for query in queries:
        scores = vectors @ query
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        found.append(list(dict.fromkeys(ids[i] for i in best)))
    return found
