"""One query, stage by stage: how long each took, and where each document stood after it."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from crawler.errors import RecollectError
from ranker.hit import Results
from ranker.query import Query
from server.admin.drawing.bars import bar_plot
from server.admin.drawing.ranks import RankPlot, rank_plot
from server.admin.guard import PREFIX, At, Someone
from server.admin.render import page
from server.opening import opened_results
from server.request import MODES, make_filters, make_query

SIZE = 10
LISTS = ("Words", "Meaning", "Joined", "Reread", "Shown")
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/explain")
def get_explain(desk: At, session: Someone, q: str = "", mode: str = "", group: str = "") -> Response:
    """The picture of one query; ``group`` asks as a member of an access group."""
    variables: dict[str, Any] = {"q": q, "mode": mode, "group": group, "modes": MODES, "problem": "", "results": None}
    if q.strip():
        try:
            query = query_of(q, mode, group)
            results = opened_results(desk.backend.ranker().search(query), "")
        except RecollectError as error:
            return page("explain", session, variables | {"problem": str(error)})
        variables |= {
            "results": results,
            "stages": bar_plot("Milliseconds of each stage", list(results.stages.items()), " ms"),
            "ranks_plot": ranks_of(results),
        }
    return page("explain", session, variables)


def query_of(text: str, mode: str = "", group: str = "", *, size: int = SIZE) -> Query:
    """What an admin asks, who sees what is public or a group's. Raises BadQuery."""
    filters = make_filters(groups=[group.strip()] if group.strip() else None)
    return make_query(text, filters, size=size, mode=mode or None)


def ranks_of(results: Results) -> RankPlot:
    """Where each document shown stood in each list."""
    joined = _places(results, "fused_score")
    read = _places(results, "rerank_score")
    ranks = [
        (
            hit.passage.head.title or hit.passage.head.url,
            (hit.evidence.lexical_rank, hit.evidence.dense_rank, joined[place], read[place], place + 1),
        )
        for place, hit in enumerate(results.hits)
    ]
    return rank_plot("Each document from list to list", LISTS, ranks)


def _places(results: Results, score: str) -> list[int | None]:
    """The places of the hits among themselves by one score."""
    scores = [getattr(hit.evidence, score) for hit in results.hits]
    order = sorted((value for value in scores if value is not None), reverse=True)
    return [None if value is None else order.index(value) + 1 for value in scores]
