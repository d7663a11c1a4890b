"""Ranked passages and hits as the site's keepers want them: pure functions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from indexer.document import Head
from indexer.keywords import keywords
from ranker.hit import Hit
from ranker.ranked import Ranked
from ranker.steering import BoostConfig

DAY_S = 86_400


def boosted(ranked: Sequence[Ranked], boosts: Sequence[BoostConfig], now: datetime) -> list[Ranked]:
    """The passages with their odds multiplied by every boost that holds, best first, ties as they were."""
    if not boosts:
        return list(ranked)
    changed = [replace(item, score=_odds_times(item.score, times(item.passage.head, boosts, now))) for item in ranked]
    return sorted(changed, key=lambda item: -item.score)


def times(head: Head, boosts: Sequence[BoostConfig], now: datetime) -> float:
    """How many times as much a document counts."""
    factor = 1.0
    for boost in boosts:
        if _holds(boost, head):
            factor *= boost.times ** _share_left(boost, head, now)
    return factor


def without(ranked: Sequence[Ranked], names: Sequence[str]) -> list[Ranked]:
    """Without the passages of these pages."""
    unwanted = {*names}
    return [item for item in ranked if not names_of(item.passage.head) & unwanted] if names else list(ranked)


def pinned_first(pinned: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """The pinned ones before the others; scores never rise from one to the next."""
    first = {hit.passage.head.doc_id: hit for hit in pinned}
    top = max((hit.score for hit in hits), default=1.0)
    rest = (hit for hit in hits if hit.passage.head.doc_id not in first)
    return [*(replace(hit, score=top) for hit in first.values()), *rest]


def names_of(head: Head) -> frozenset[str]:
    """What settings may call a page."""
    return frozenset((head.url, head.doc_id))


def _holds(boost: BoostConfig, head: Head) -> bool:
    of = keywords(head)
    path = "/" + boost.path.strip("/") if boost.path else ""
    wanted = {
        "site": boost.site.lower(),
        "path": path,
        "language": boost.language,
        "source": boost.source,
        "metadata": boost.metadata,
    }
    return all(value in of[field] for field, value in wanted.items() if value)


def _share_left(boost: BoostConfig, head: Head, now: datetime) -> float:
    """How much of a boost is left at the document's age; nothing of one that fades where no date is known."""
    if boost.half_life_days is None:
        return 1.0
    if head.modified_at is None:
        return 0.0
    modified = head.modified_at if head.modified_at.tzinfo else head.modified_at.replace(tzinfo=UTC)
    age_days = max(0.0, (now - modified).total_seconds() / DAY_S)
    return float(0.5 ** (age_days / boost.half_life_days))


def _odds_times(score: float, factor: float) -> float:
    return factor * score / (1 - score + factor * score) if score < 1 else score
