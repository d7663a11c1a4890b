"""The search page, its files, and what browsers need to offer it as a search engine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from crawler.errors import RecollectError
from indexer.store import Filters
from rag.answer import Answer
from rag.choosing.question import QuestionType, type_of
from ranker.hit import Results
from ranker.rank import Ranker
from server.api.access import Searcher, Served, backend_of, base_of
from server.api.backend import Backend
from server.api.count import visible_documents
from server.api.problems import headers_of, status_of
from server.api.search import MAX_PREFIX_CHARS, suggestions
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.errors import NoIndex
from server.opening import opened_answer, opened_results
from server.page import view
from server.page.render import FILES, FOLDER, rendered, static, templates
from server.request import make_filters, make_query, parse_metadata

PATH = "/"
SIZE = 10
MIN_WORDS_TO_ANSWER = 2
"""A single word is looked up rather than asked; an answer to it would be a guess at the question."""

MAX_PAGE_DIGITS = 6
SESSION = re.compile("[A-Za-z0-9_-]{8,128}")
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
A_YEAR = "public, max-age=31536000, immutable"
SUGGESTION_TYPE = "application/x-suggestions+json"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PageResults:
    """What one request for the page found; ``answer`` None where it is not wanted here."""

    results: Results
    answer: Answer | None = None


@router.get(PATH)
def get_page(request: Request, backend: Served, asker: Searcher) -> Response:
    """The start page, or the results for ``q``."""
    serve = backend.config.serve
    answers = serve.answers and asker.may(Scope.ANSWER)
    shared: dict[str, Any] = {"title": serve.title, "placeholder": serve.placeholder, "answers": answers}
    asked = view.Asked()
    try:
        asked = asked_by(request)
        if not asked.q.strip():
            return _render(
                shared | {"asked": view.Asked(), "is_home": True, "about": about(backend, asker), "status": ""}
            )
        is_answered = answers and is_question(asked)
        wants_answer = request.query_params.get("answer") == "1" and is_answered
        if wants_answer:
            backend.doors().admit(asker, Scope.ANSWER)
        ranker = backend.answering_ranker() if is_answered else backend.ranker()
        found = find(backend, ranker, asked, asker, wants_answer=wants_answer)
    except RecollectError as error:
        return problem_page(error, shared | {"asked": asked})
    return _render(shared | shown(asked, found, wants_stream=answers))


def problem_page(error: RecollectError, variables: dict[str, Any]) -> Response:
    """What is wrong and how to mend it, on the page itself."""
    problem = {"what": error.what, "cure": error.cure}
    return _render(variables | {"problem": problem, "status": error.what}, status_of(error), headers_of(error))


def refusal_page(request: Request, error: RecollectError) -> Response:
    """The page for those who may not come in, or not so often."""
    serve = backend_of(request).config.serve
    shared = {"title": serve.title, "placeholder": serve.placeholder, "answers": False}
    return problem_page(error, shared | {"asked": view.Asked()})


@router.get("/static/{digest}/{name}")
def get_static(digest: str, name: str) -> Response:
    """A file of the page, under a URL that changes with its content."""
    file = FILES.get(name)
    if file is None:
        return Response(status_code=404)
    # An old digest still gets the present file, but nobody may keep it.
    caching = A_YEAR if static(name) == f"/static/{digest}/{name}" else "no-cache"
    return Response(file.read_bytes(), media_type=MEDIA_TYPES[file.suffix], headers={"Cache-Control": caching})


@router.get("/favicon.ico")
def get_favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return Response((FOLDER / "icon.svg").read_bytes(), media_type="image/svg+xml")


@router.get("/opensearch.xml")
def get_opensearch(request: Request) -> Response:
    """The OpenSearch description, by which a browser can add this site as a search engine."""
    title = backend_of(request).config.serve.title
    text = templates.get_template("opensearch.xml").render(title=title, base=base_of(request))
    return Response(text, media_type="application/opensearchdescription+xml")


@router.get("/opensearch/suggest")
def get_opensearch_suggest(backend: Served, asker: Searcher, q: str = "") -> Response:
    """``["prefix", ["suggestion", ...]]``, as browsers want it."""
    prefix = q[:MAX_PREFIX_CHARS]
    texts = suggestions(backend, asker, prefix, 8, asker.narrowed(Filters()))
    return JSONResponse([q, texts], media_type=SUGGESTION_TYPE)


def asked_by(request: Request) -> view.Asked:
    """What the page's URL asks for; a page number that is none counts as 1."""
    given = request.query_params
    page = given.get("page", "1")
    return view.Asked(
        q=given.get("q", ""),
        page=max(1, int(page[:MAX_PAGE_DIGITS])) if page.isascii() and page.isdigit() else 1,
        sort=given.get("sort", "relevance"),
        modified_from=given.get("from", ""),
        modified_before=given.get("before", ""),
        is_as_typed=given.get("as_typed") == "1",
        session=session if SESSION.fullmatch(session := given.get("session", "")) else token_hex(16),
        filters={name: values for name in view.FILTER_FIELDS if (values := tuple(v for v in given.getlist(name) if v))},
    )


def filters_of(asked: view.Asked, asker: Asker) -> Filters:
    """The filters the page's URL names, for this asker."""
    chosen = dict(asked.filters)
    metadata = parse_metadata(chosen.pop("meta", ()))
    wanted = make_filters(
        **chosen, metadata=metadata, modified_from=asked.modified_from, modified_before=asked.modified_before
    )
    return asker.narrowed(wanted)


def find(backend: Backend, ranker: Ranker, asked: view.Asked, asker: Asker, *, wants_answer: bool) -> PageResults:
    """Search and, where it is wanted in the page itself, answer."""
    facets, filters = backend.config.serve.facets, filters_of(asked, asker)
    answer = None
    if wants_answer:
        found = backend.conversation().answer(asked.q, asker.session(asked.session), filters)
        answer = opened_answer(found, "")
    query = make_query(
        # What a follow-up stands for finds its pages.
        (answer.understood if answer else "") or asked.q,
        filters,
        page=asked.page,
        size=SIZE,
        sort=asked.sort,
        facets=facets,
        corrects=not asked.is_as_typed,
    )
    results = opened_results(ranker.search(query), "")
    if asked.page == 1:
        backend.query_log().record_search(results, asker, filters)
    if answer is None or not results.hits:
        return PageResults(results)
    backend.query_log().record_answer(answer, asker, filters)
    return PageResults(results, answer)


def is_question(asked: view.Asked) -> bool:
    """Whether an answer belongs above these results: only on the first page of a plain search of several words."""
    has_words = len(asked.q.split()) >= MIN_WORDS_TO_ANSWER or is_asked(asked.q)
    return asked.page == 1 and asked.sort == "relevance" and has_words


def is_asked(text: str) -> bool:
    """Whether a text has the form of a question, so that silence would be no answer to it."""
    return text.rstrip().endswith(("?", "？", "؟")) or type_of(text) is not QuestionType.OTHER


def about(backend: Backend, asker: Asker) -> str:
    """One line under the box of the start page."""
    try:
        count = visible_documents(backend, asker)
    except NoIndex:
        return "Nothing is indexed yet."
    return f"{count:,} page{'' if count == 1 else 's'}"


def shown(asked: view.Asked, found: PageResults, *, wants_stream: bool) -> dict[str, Any]:
    """The template's variables for a page of results."""
    results, answer = found.results, found.answer
    sources = view.answer_sources(answer) if answer else {}
    streams = wants_stream and answer is None and is_question(asked) and bool(results.hits)
    status = f"{results.total:,} result{'' if results.total == 1 else 's'}" if results.total else "Nothing found"
    return {
        "asked": asked,
        "status": status,
        "hits": view.shown_hits(results, asked, SIZE),
        "total": results.total,
        "correction": results.correction,
        "corrected_url": asked.url(q=results.correction.text) if results.correction else "",
        "as_typed_url": asked.url(as_typed=True),
        "size": SIZE,
        "pages": view.pager(results.total, asked, SIZE),
        "facets": view.facets(results, asked),
        "chips": view.active_filters(asked),
        "bare_url": view.Asked(q=asked.q).url(),
        "sorts": sort_choices(asked),
        # Visitors of a site need not know how deep a busy machine read, or which languages its models know.
        "degraded": [str(one) for one in results.degraded if one.part.is_failure],
        "answer": answer,
        "pieces": view.answer_pieces(answer, sources) if answer else (),
        "blocks": view.answer_blocks(answer, sources) if answer else (),
        "sources": tuple(sources.values()),
        "closest": view.shown_closest(answer) if answer else (),
        "alternatives": [(one.label, asked.url(q=one.question)) for one in answer.alternatives] if answer else (),
        "is_asked": is_asked(asked.q),
        "answer_url": asked.url(at="/api/v1/answer", sort="relevance") if streams else "",
    }


def sort_choices(asked: view.Asked) -> tuple[view.Choice, ...]:
    """The orders offered."""
    orders = (("relevance", "Best match"), ("newest", "Newest"))
    return tuple(view.Choice(name, asked.url(sort=key), is_chosen=asked.sort == key) for key, name in orders)


def _render(variables: dict[str, Any], status: int = 200, headers: Mapping[str, str] = {}) -> HTMLResponse:
    return rendered("search.html", variables, status, headers)
