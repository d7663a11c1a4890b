"""What became of a URL in the crawls so far, and what decided."""

import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any

from crawler.errors import BadUrl
from crawler.frontier.seam import Frontier, History, State
from crawler.outcome import Reason
from crawler.urls.url import canonicalise, origin_of
from crawler.visit.refusals import Refusals, Refused
from indexer.document import doc_id_of
from indexer.errors import StoreUnavailable
from indexer.store import Store
from server.assemble import open_store
from server.crawl_memory import open_frontier
from server.places import frontier_path, refusals_path
from server.probe.scope import scope_of
from server.schedule.status import schedule_status
from server.settings.config import Config

MAX_CHAIN = 20
WAITING_REMOVAL = (
    "it is gone and leaves the index when a crawl is at its end, unless more pages are gone than "
    "crawl.max_purge_share allows; recollect crawl --yes then removes them"
)
Json = dict[str, Any]


def explained(config: Config, url: str) -> Json:
    """The document of ``why --json`` for a URL as somebody writes it. Raises BadUrl for one that no crawl has met."""
    try:
        return explain(config, canonicalise(url, config.crawl.tracking_parameters))
    except BadUrl:
        if (refused := Refusals(refusals_path(config)).find(url)) is None:
            raise
        return _known_by_refusal(refused)


def explain(config: Config, url: str) -> Json:
    """The same for a canonical URL."""
    with ExitStack() as stack:
        frontier = history = None
        if config.frontier or frontier_path(config).exists():
            frontier = stack.enter_context(closing(open_frontier(config, indexed_documents=1)))
            history = frontier.history(url)
        refused = Refusals(refusals_path(config)).find(url)
        known: Json = {"url": url, "state": "unknown", "is_indexed": False, "passages": 0}
        if history is not None:
            known |= _known_by_history(history)
            known["chain"] = _chain(frontier, history) if frontier is not None else []
        elif refused is not None:
            known |= {"state": "refused", "reason": refused.reason, "referrer": refused.referrer}
            known["fetched_at"] = None
        if refused is not None and (history is None or refused.reason == history.reason):
            known["detail"] = refused.detail
        opened = stack.enter_context(closing(open_store(config, is_writing=False)))
        known["passages"] = _count_passages(opened, url)
        known["is_indexed"] = known["passages"] > 0
        if refused is not None and refused.reason is Reason.SET_ASIDE and not known["is_indexed"]:
            known |= {"reason": Reason.SET_ASIDE, "detail": refused.detail}
        if history is not None and history.state is State.GONE and history.is_indexed:
            known["removal"] = WAITING_REMOVAL
        scope = scope_of(config, url)[1]
        refusal = scope.explain(url)
        known["scope"] = {
            "is_allowed": refusal is None,
            "rule": refusal.detail if refusal else scope.deciding_rule(url),
        }
        if refusal is not None and known.get("reason", refusal.reason) == refusal.reason:
            known["reason"], known["detail"] = refusal.reason, refusal.detail
        known["meaning"] = Reason.stored(known.get("reason") or "").words
        if history is not None and history.target and (beyond := scope.explain(history.target)):
            # A redirect that was not followed, for what is wrong with where it leads.
            known |= {"detail": beyond.detail} if beyond.reason == history.reason else {}
    try:
        known["schedule"] = next((site for site in schedule_status(config, time.time) if _is_of(site, url)), None)
    except StoreUnavailable as error:
        known |= {"schedule": None, "note": f"Nothing is known of scheduled crawls: {error.what}"}
    return known


def _known_by_refusal(refused: Refused) -> Json:
    """Of a link that is no web address, the little that there is to tell."""
    return {
        "url": refused.url,
        "state": "refused",
        "is_indexed": False,
        "passages": 0,
        "reason": refused.reason,
        "detail": refused.detail,
        "referrer": refused.referrer,
        "fetched_at": None,
        "scope": {"is_allowed": False, "rule": None},
        "meaning": refused.reason.words,
        "schedule": None,
    }


def _known_by_history(history: History) -> Json:
    return {
        "state": str(history.state),
        "reason": history.reason,
        "status": history.status,
        "depth": history.depth,
        "referrer": history.referrer,
        "target": history.target,
        "attempts": history.attempts,
        "fetched_at": _time(history.fetched_at_s),
        "due_at": _time(history.revisit_at_s) if history.state not in (State.QUEUED, State.LEASED) else None,
    }


def _time(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None


def _is_of(site: Json, url: str) -> bool:
    is_kept = bool(site["schedule"] or site["outcome"] or site["state"] != "idle")
    return is_kept and origin_of(url) in {origin_of(canonicalise(seed)) for seed in site["seeds"]}


def _chain(frontier: Frontier, history: History) -> list[Json]:
    """Where redirects, canonical links and duplicates lead, the final document last."""
    chain: list[Json] = []
    seen = {history.url}
    known: History | None = history
    while known is not None and known.target and known.target not in seen and len(chain) < MAX_CHAIN:
        seen.add(known.target)
        by, target = known.reason, known.target
        known = frontier.history(target)
        chain.append({"by": by, "url": target, "state": str(known.state) if known else "unknown"})
    return chain


def _count_passages(store: Store, url: str) -> int:
    return len(store.passages(doc_id_of(url))) if store.manifest() is not None else 0
