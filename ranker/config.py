"""Settings of the ranker."""

from dataclasses import dataclass

from ranker.fuse import FuseConfig
from ranker.query import Mode


@dataclass(frozen=True, slots=True)
class RankConfig:
    """How a query becomes hits.

    ``mode`` None means: rerank where a scorer is configured, else hybrid. ``depth_passages`` is the length of each
    of the two candidate lists whose fusion decides the first documents. ``rerank_passages`` is how many fused passages
    the scorer reads. Documents whose final score is below ``min_score`` are left out. Where no word of a query is
    found, the nearest passage must be ``min_deviations`` nearer than unrelated texts are (see ``FuseConfig``), else
    there are no hits; the modes ``lexical`` and ``dense`` know no such rule. Besides the best passage of a document,
    ``more_passages`` others are kept.
    """

    mode: Mode | None = None
    fuse: FuseConfig = FuseConfig()
    depth_passages: int = 100
    rerank_passages: int = 30
    min_score: float = 0.0
    min_deviations: float = 4.4
    more_passages: int = 5
    snippet_chars: int = 240
    facet_values: int = 10
    max_query_chars: int = 10_000
    max_page_size: int = 100
    max_documents: int = 10_000
