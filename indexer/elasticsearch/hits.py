"""Answers of Elasticsearch as candidates."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from indexer.elasticsearch.mapping import passage_of
from indexer.store import Candidate

SCORE_DIGITS = 5


def sources_of(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (hit["_source"] for hit in answer["hits"]["hits"])


def ranked(answer: Mapping[str, Any], k: int, *, keep_order: bool = False) -> list[Candidate]:
    """Candidates best first. Scores are rounded: sums in another order differ in the last bits, which breaks ties."""
    newest = _newest_versions(answer)
    found = [
        Candidate(passage_of(hit["_source"]), round(hit["_score"] or 0.0, SCORE_DIGITS))
        for hit in answer["hits"]["hits"]
        if hit["_source"]["version"] == newest[hit["_source"]["head"]["doc_id"]]
    ]
    if not keep_order:
        found.sort(key=lambda candidate: (-candidate.score, candidate.passage.passage_id))
    return found[:k]


def with_cosine(candidate: Candidate) -> Candidate:
    """Elasticsearch scores (1 + cosine) / 2, since its scores may not be negative."""
    return replace(candidate, score=round(2 * candidate.score - 1, SCORE_DIGITS))


def _newest_versions(answer: Mapping[str, Any]) -> dict[str, int]:
    """doc_id -> newest version among the hits; there are two only while several writers show one another's work."""
    newest: dict[str, int] = {}
    for source in sources_of(answer):
        doc_id = source["head"]["doc_id"]
        newest[doc_id] = max(newest.get(doc_id, 0), source["version"])
    return newest
