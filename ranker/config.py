"""Settings of the ranker."""

from dataclasses import dataclass

from ranker.fusion.fuse import FuseConfig
from ranker.query import Mode
from ranker.steering import SteerConfig


@dataclass(frozen=True, slots=True)
class RankConfig:
    """How a query becomes hits.

    ``mode`` None means: rerank where a scorer is configured, else hybrid. ``depth_passages`` is the length of each
    of the two candidate lists whose fusion decides the first documents. Documents whose final score is below
    ``min_score`` are left out, and those that say what an earlier one says are shown under it with
    ``collapse_similar``. Where no word of a query is found, the nearest passage must be ``min_deviations``
    nearer than unrelated texts are (see ``FuseConfig``), else there are no hits; the modes ``lexical`` and
    ``dense`` know no such rule. Beside words found, a document without them must be ``tail_deviations`` nearer than
    unrelated texts are and ``tail_share`` as near as the nearest. Besides the best passage of a document,
    ``more_passages`` others are kept.

    Before it reranks, a search for a subject, of ``feedback_words`` at most, looks again, with a vector of which
    ``feedback_weight`` is that of the ``feedback_passages`` that read best among the first ``feedback_depth`` (see
    ``ranker.rerank.feedback``); 0 passages: it does not.
    """

    mode: Mode | None = None
    fuse: FuseConfig = FuseConfig()
    steer: SteerConfig = SteerConfig()
    depth_passages: int = 100
    min_score: float = 0.0
    min_deviations: float = 4.4
    tail_deviations: float = 2.0
    tail_share: float = 0.3
    feedback_passages: int = 3
    feedback_depth: int = 20
    feedback_weight: float = 0.5
    feedback_words: int = 6
    more_passages: int = 5
    collapse_similar: bool = True
    snippet_chars: int = 240
    facet_values: int = 10
    max_query_chars: int = 10_000
    max_page_size: int = 100
    max_documents: int = 10_000

    def __post_init__(self) -> None:
        if not 0 <= self.tail_share <= 1:
            raise ValueError(f"tail_share is {self.tail_share:g}, not from 0 to 1")
        if self.feedback_passages < 0:
            raise ValueError(f"feedback_passages is {self.feedback_passages}, less than 0")
        if self.feedback_depth < self.feedback_passages:
            raise ValueError(f"feedback_depth is {self.feedback_depth}, less than feedback_passages")
        if not 0 <= self.feedback_weight <= 1:
            raise ValueError(f"feedback_weight is {self.feedback_weight:g}, not from 0 to 1")


@dataclass(frozen=True, slots=True)
class RerankConfig:
    """How deep the scorer reads: the best ``passages`` of the fused list, as many of them as fit ``budget_ms``.

    Without a budget (None) it reads them all, however long that takes. ``mixed`` joins its scores with the fused ones
    (see ``ranker.rerank.mix``), else they decide alone; None means: with the bundled reader-ranker.
    """

    passages: int = 50
    budget_ms: float | None = 500.0
    mixed: bool | None = None

    def __post_init__(self) -> None:
        if self.passages < 0:
            raise ValueError(f"passages is {self.passages}, less than 0")
        if self.budget_ms is not None and not self.budget_ms > 0:
            raise ValueError(f"budget_ms is {self.budget_ms:g}, not above 0")
