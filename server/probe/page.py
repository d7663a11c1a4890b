"""What a body says when it is read as a crawl reads it, and what the index would make of it."""

import asyncio
from collections import Counter
from dataclasses import asdict, replace
from typing import Any

from crawler.block import Block
from crawler.config import CrawlConfig
from crawler.extract.any import extract_any
from crawler.extract.extract import Extracted
from crawler.fetch.response import Response
from crawler.frontier.seam import Lease
from crawler.outcome import Reason
from crawler.page import Link, Section
from crawler.render.render import Renderer
from crawler.urls.scope import Scope
from crawler.visit import decide
from crawler.visit.decide import Decision
from crawler.visit.read import leading_on, page_of
from indexer.config import IndexConfig
from indexer.convert import document_from_page
from indexer.split import estimated_tokens, split

Json = dict[str, Any]


async def page_json(
    lease: Lease, response: Response, crawl: CrawlConfig, scope: Scope, index: IndexConfig, renderer: Renderer
) -> tuple[Decision, Json]:
    """What a crawl decides of a page that was answered with 200, and the document of it.

    Raises UnreadableDocument, and FetchError where a browser cannot build the page.
    """
    extracted = None if renderer.is_wanted(response) else await _read(response, crawl)
    is_rendered = extracted is None or renderer.is_needed(response, extracted)
    if extracted is None or is_rendered:
        rendered = await renderer.render(response)
        response = rendered.response
        extracted = await _read(response, crawl)
        extracted = replace(extracted, notes=(*extracted.notes, *rendered.notes))
    decision = decide.read(lease, response, extracted, scope, crawl)
    extracted = leading_on(response, extracted, crawl)
    return decision, {
        "is_rendered": is_rendered,
        "title": extracted.title,
        "language": extracted.language,
        "description": extracted.description,
        "canonical": extracted.canonical_url,
        "modified_at": extracted.modified_at.isoformat() if extracted.modified_at else None,
        "metadata": dict(extracted.metadata),
        "is_noindex": not extracted.is_indexable,
        "is_nofollow": not extracted.is_followable,
        "notes": list(extracted.notes),
        "links": _links_told(extracted, scope),
        "sections": [
            {
                "heading_path": list(s.heading_path),
                "anchor": s.anchor,
                "page_number": s.page_number,
                "text": s.text,
                "blocks": [_block_told(block, s) for block in s.blocks],
            }
            for s in extracted.sections
        ],
        "passages": _passages_told(response, extracted, index),
    }


def _block_told(block: Block, section: Section) -> Json:
    """A block with its text, and of its fields those that say something."""
    fields = {name: value for name, value in asdict(block).items() if value not in (None, "", 0, ())}
    start = section.start_char
    text = section.text[block.start_char - start : block.end_char - start]
    return fields | {"kind": block.kind.value, "start_char": block.start_char, "end_char": block.end_char, "text": text}


async def _read(response: Response, crawl: CrawlConfig) -> Extracted:
    return await asyncio.to_thread(
        extract_any,
        response.body,
        response.content_type,
        response.url,
        charset=response.charset,
        robots_header="\n".join(response.headers.getall("X-Robots-Tag", ())),
        config=crawl,
    )


def _links_told(extracted: Extracted, scope: Scope) -> Json:
    found = [_link_told(link, extracted, scope) for link in extracted.links]
    left_out = Counter(link["reason"] for link in found if not link["is_allowed"])
    return {
        "count": len(found),
        "followed": len(found) - left_out.total(),
        "left_out": dict(sorted(left_out.items())),
        "found": found,
    }


def _link_told(link: Link, extracted: Extracted, scope: Scope) -> Json:
    refusal = scope.explain(link.url)
    reason, rule = (refusal.reason, refusal.detail) if refusal else (Reason.NONE, scope.deciding_rule(link.url))
    if link.is_nofollow or not extracted.is_followable:
        reason, rule = Reason.NOFOLLOW, "the link says so" if link.is_nofollow else "the page says so"
    return {"url": link.url, "text": link.text, "is_allowed": not reason, "reason": reason, "rule": rule}


def _passages_told(response: Response, extracted: Extracted, index: IndexConfig) -> list[Json]:
    if not extracted.sections:
        return []
    document = document_from_page(page_of(Lease(response.url, 0), response, extracted))
    return [
        {
            "heading_path": list(passage.heading_path),
            "anchor": passage.anchor,
            "start_char": passage.start_char,
            "end_char": passage.end_char,
            "word_pieces": estimated_tokens(passage.text),
        }
        for passage in split(document, index)
    ]
