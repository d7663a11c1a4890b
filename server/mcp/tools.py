"""What assistants can do: search, fetch and ask, for one caller; plain functions, so that they know nothing of MCP.

``base`` is the server's address, where imported files open; without it links to them are relative.
"""

from collections.abc import Sequence

from server.api.backend import Backend
from server.doors.asker import Asker
from server.errors import NoDocument
from server.opening import opened_answer, opened_passage, opened_results
from server.request import make_filters, make_query
from server.shapes import Json, answer_json, degradation_json, passage_link, time_json
from server.whole import whole_text

MAX_RESULTS = 20
MAX_FETCHED_CHARS = 100_000


def search(
    backend: Backend, asker: Asker, query: str, size: int, site: Sequence[str], path: Sequence[str], base: str = ""
) -> Json:
    """Documents that match, best first. Raises BadQuery, Forbidden, StoreError."""
    filters = asker.narrowed(make_filters(site=site, path=path))
    query_asked = make_query(query, filters, size=min(size, MAX_RESULTS))
    results = opened_results(backend.ranker().search(query_asked), base)
    backend.query_log().record_search(results, asker, filters)
    found = [
        {
            "id": hit.passage.head.doc_id,
            "title": hit.passage.head.title,
            "url": passage_link(hit.passage),
            "text": hit.passage.text,
            "heading_path": list(hit.passage.heading_path),
            "score": hit.score,
        }
        for hit in results.hits
    ]
    return {"results": found, "total": results.total, "degraded": [degradation_json(one) for one in results.degraded]}


def fetch(backend: Backend, asker: Asker, document_id: str, base: str = "") -> Json:
    """A document's whole text. Raises NoDocument, in the same words where there is none and where it is not shown."""
    passages = backend.store().passages(document_id, asker.narrowed(make_filters()))
    if not passages:
        raise NoDocument(f"There is no document {document_id}", "Take an id from the results of search")
    head, text = opened_passage(passages[0], base).head, whole_text(passages)
    return {
        "id": head.doc_id,
        "title": head.title,
        "url": head.url,
        "text": text[:MAX_FETCHED_CHARS],
        "is_cut": len(text) > MAX_FETCHED_CHARS,
        "modified_at": time_json(head.modified_at),
        "metadata": dict(head.metadata),
    }


def ask(
    backend: Backend, asker: Asker, question: str, site: Sequence[str], path: Sequence[str], base: str = ""
) -> Json:
    """An answer with its citations. Raises BadQuery, Forbidden, StoreError, GeneratorUnavailable."""
    filters = asker.narrowed(make_filters(site=site, path=path))
    answer = opened_answer(backend.responder().answer(question, filters=filters), base)
    backend.query_log().record_answer(answer, asker, filters)
    answered = answer_json(answer)
    # Assistants read every word they are given; what only programs use is left out.
    return {name: answered[name] for name in ("answer", "refused", "reason", "citations", "degraded")}
