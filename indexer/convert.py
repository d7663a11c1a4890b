"""A crawled page becomes a document."""

import hashlib
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.block_values import blocks_to_values
from crawler.page import Page
from indexer.document import Document, Head, doc_id_of


def document_from_page(page: Page, source: str = "web", access: Sequence[str] = ()) -> Document:
    """The document of a page: its id is that of the canonical URL; without a title it is named by its first heading.

    The content hash leaves times out: a page that says the same was not changed, whatever its server says of the date.
    """
    where = urlsplit(page.url)
    headings = (section.heading_path[0] for section in page.sections if section.heading_path)
    head = Head(
        doc_id=doc_id_of(page.url),
        url=page.url,
        title=page.title or next(headings, page.url),
        content_hash=_content_hash(page, source, access),
        site=where.netloc.rpartition("@")[2].lower() or source,
        path=where.path or "/",
        source=source,
        language=page.language,
        description=page.description,
        modified_at=page.last_modified,
        fetched_at=page.fetched_at,
        metadata=dict(page.metadata),
        access=tuple(access),
        stated=page.stated,
    )
    return Document(head, page.sections)


def _content_hash(page: Page, source: str, access: Sequence[str]) -> str:
    sections = [
        (s.text, s.heading_path, s.anchor, s.page_number, blocks_to_values(s.blocks, s.start_char))
        for s in page.sections
    ]
    # What states nothing keeps the hash it has in indexes made before pages were asked for it.
    stated = (page.stated,) if page.stated else ()
    metadata = sorted(page.metadata.items())
    covered = (page.title, page.description, page.language, metadata, source, access, sections, *stated)
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()[:32]
