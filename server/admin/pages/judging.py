"""Judging: which pages answer a query, said by people who know the site; for ``recollect tune``."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from crawler.errors import RecollectError
from ranker.hit import Hit
from server.admin.guard import PREFIX, At, Change, Someone
from server.admin.pages.explain import query_of
from server.admin.render import page, see
from server.errors import BadInput
from server.opening import opened_results
from server.querylog.record import MAX_RELEVANCE, same_query
from server.querylog.report import QueryList, counted
from server.querylog.tell import judgement_json

GRADES = ((0, "not relevant"), (1, "a little"), (2, "relevant"), (3, "the very page"))
POOLED = (None, "lexical", "dense")
"""Ways to search whose first pages are judged together, so that no way is judged by what it found alone."""

SIZE = 10
SUGGESTED = 20
SUGGESTED_DAYS = 90
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/judging")
def get_judging(desk: At, session: Someone, q: str = "", saved: str = "") -> Response:
    """The pages to judge for a query, or queries worth judging."""
    judged = desk.queries.judgements()
    variables = {"q": q, "grades": GRADES, "saved": "Saved." if saved else "", "problem": "", "hits": ()}
    if q.strip():
        given = {one.url: one.relevance for one in desk.queries.judgements(q)}
        try:
            hits = pooled(desk, q)
        except RecollectError as error:
            return page("judging", session, variables | {"problem": str(error), "given": given})
        return page("judging", session, variables | {"hits": hits, "given": given})
    queries: dict[str, list[int]] = {}
    for one in judged:
        queries.setdefault(one.query, []).append(one.relevance)
    known = {same_query(query) for query in queries}
    since = datetime.now(UTC) - timedelta(days=SUGGESTED_DAYS)
    common = counted(desk.queries, QueryList.TOP, since, SUGGESTED + len(known))
    suggested = [one for one in common if same_query(one.query) not in known][:SUGGESTED]
    return page("judging", session, variables | {"queries": queries, "suggested": suggested, "given": {}})


@router.post("/judging")
def post_judging(desk: At, change: Change) -> Response:
    """Keep what was said of each page; one that is left out has its judgement taken back."""
    form = change.form
    query = form.one("q")
    before = {one.url: one.relevance for one in desk.queries.judgements(query)}
    urls, grades = form.all("url"), form.all("grade")
    if len(urls) != len(grades):
        raise BadInput("A page has no judgement beside it", "Load the page again")
    for url, grade in zip(urls, grades, strict=True):
        if not grade:
            desk.queries.unjudge(query, url)
        elif grade.isascii() and grade.isdigit() and len(grade) == 1 and int(grade) <= MAX_RELEVANCE:
            desk.backend.query_log().record_judgement(query, url, int(grade), change.who)
        else:
            raise BadInput(f"grade is {grade!r}", f"Choose one from 0 to {MAX_RELEVANCE}")
    after = {one.url: one.relevance for one in desk.queries.judgements(query)}
    if after != before:
        desk.audit.note(change.who, f"judge {query!r}", before, after)
    return see(f"{PREFIX}/judging?{urlencode({'q': query, 'saved': '1'})}")


@router.get("/judgements.ndjson")
def get_judgements(desk: At, session: Someone) -> Response:
    """All of them, as ``recollect tune --queries`` reads them."""
    lines = "".join(f"{json.dumps(judgement_json(one))}\n" for one in desk.queries.judgements())
    headers = {"Content-Disposition": 'attachment; filename="judgements.ndjson"', "Cache-Control": "no-store"}
    return Response(lines, media_type="application/x-ndjson", headers=headers)


def pooled(desk: At, text: str) -> list[Hit]:
    """The first pages of each way to search, each document once, in the order of their identifiers: whoever judges
    does not see which one came first. Rules of ``rank.steer`` do not count."""
    found: dict[str, Hit] = {}
    for mode in POOLED:
        query = replace(query_of(text, mode or "", size=SIZE), is_steered=False)
        for hit in opened_results(desk.backend.ranker().search(query), "").hits:
            found.setdefault(hit.passage.head.doc_id, hit)
    return [found[doc_id] for doc_id in sorted(found)]
