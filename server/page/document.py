"""The text of a document as a page of ours: for files that were imported, whose own address no browser opens."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from indexer.document import Passage
from indexer.store import Filters
from server.api.access import Searcher, Served
from server.errors import NoDocument
from server.opening import place_name
from server.page.render import rendered
from server.page.routes import refusal_page
from server.whole import without_overlaps

ABSENT = (
    "It may have been taken out, or be a record of a source that answers by itself and has not been read into the "
    "index yet (recollect sync does that). Search for it anew"
)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Part:
    """A passage; ``anchor`` is where links lead: its own, the number of a PDF's page, or one of ours.

    ``heading`` is empty where it is the one above.
    """

    anchor: str
    heading: str
    lines: tuple[str, ...]


@router.get("/documents/{document_id}")
def get_document(request: Request, backend: Served, asker: Searcher, document_id: str) -> Response:
    """The text under its headings; the same page and 404 where there is none and where it is not shown to the asker."""
    passages = backend.store().passages(document_id, asker.narrowed(Filters()))
    if not passages:
        return refusal_page(request, NoDocument(f"There is no document {document_id} in the index", ABSENT))
    head = passages[0].head
    place = str(head.metadata.get("path") or head.url.rpartition("/")[2])
    variables = {"title": backend.config.serve.title, "head": head, "place": place, "parts": parts(passages)}
    return rendered("document.html", variables)


def parts(passages: Sequence[Passage]) -> list[Part]:
    """The passages in order; each heading and each anchor once."""
    found: list[Part] = []
    anchors: set[str] = set()
    under: tuple[str, ...] = ()
    for passage, text in without_overlaps(passages):
        own = f"page={passage.page_number}" if passage.page_number is not None else passage.anchor
        anchor = own if own and own not in anchors else place_name(passage)
        anchors.add(anchor)
        heading = passage.heading_path[-1] if passage.heading_path and passage.heading_path != under else ""
        under = passage.heading_path
        found.append(Part(anchor, heading, tuple(line.strip() for line in text.splitlines() if line.strip())))
    return found
