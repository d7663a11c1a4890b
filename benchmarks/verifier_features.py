"""Examples to what the verifier knows of them, with the models that ship."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from benchmarks.verifier_data import Example
from indexer.document import Head, Passage
from indexer.encoders.bundled import BundledEncoder
from rag.verifying.best_support import Support, best_support
from ranker.scorers.bundled import BundledScorer

HEAD = Head("measured", "https://docs.test/", "", "", language="en")


def supports(examples: Sequence[Example], reads: bool = True) -> Iterator[Support | None]:
    """What the product makes of each claim in its passage."""
    encoder, reader = BundledEncoder(), BundledScorer() if reads else None
    for example in examples:
        yield best_support(example.claim, [Passage(HEAD, 0, example.passage)], [0], encoder, reader)


def auc(scores: Sequence[float], is_true: Sequence[bool]) -> float:
    """How likely a true claim is above a false one (ties count half)."""
    order = sorted(zip(scores, is_true, strict=True))
    area, below, positives = 0.0, 0, sum(is_true)
    for _, tied in groupby(order, key=lambda item: item[0]):
        labels = [label for _, label in tied]
        up, down = sum(labels), len(labels) - sum(labels)
        area += up * (below + down / 2)
        below += down
    return area / (positives * (len(is_true) - positives))


def f1_at(scores: Sequence[float], is_true: Sequence[bool], least: float) -> float:
    """F1 of "true" where the score reaches ``least``."""
    hits = sum(label for score, label in zip(scores, is_true, strict=True) if score >= least)
    said = sum(score >= least for score in scores)
    return 2 * hits / (said + sum(is_true)) if said else 0.0


def best_threshold(scores: Sequence[float], is_true: Sequence[bool]) -> float:
    """The score with the highest F1."""
    return max(set(scores), key=lambda least: (f1_at(scores, is_true, least), least))
