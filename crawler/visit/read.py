"""What the body of an answer becomes: steps 6 and 7 of ``crawler/crawl.py``."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from crawler.documents.content_type import DOCUMENT_TYPES
from crawler.documents.draft import UnreadableDocument
from crawler.errors import FetchError
from crawler.extract.any import extract_any
from crawler.extract.extract import Extracted
from crawler.fetch.response import Response, http_date
from crawler.frontier.minhash import sketch
from crawler.frontier.seam import Found, Frontier, Lease, State
from crawler.outcome import Outcome, Reason
from crawler.page import Link, Page
from crawler.render.render import Renderer
from crawler.urls.scope import Scope
from crawler.urls.url import resolve
from crawler.visit.config import VisitConfig
from crawler.visit.links import Links
from crawler.visit.pool import Body, ExtractPool
from crawler.visit.record import Recorder


class Reader:
    """Reads each body once and decides whether it is a page of its own, folded into another, or none."""

    def __init__(
        self,
        *,
        config: VisitConfig,
        frontier: Frontier,
        scope: Scope,
        links: Links,
        recorder: Recorder,
        renderer: Renderer,
        pool: ExtractPool,
    ) -> None:
        self._renderer = renderer
        self._pool = pool
        self._config = config
        self._frontier = frontier
        self._scope = scope
        self._links = links
        self._recorder = recorder
        self._documents = asyncio.Semaphore(config.documents.processes)

    async def read(self, lease: Lease, response: Response, started_s: float) -> None:
        """Step 6: parse once, then decide whether this is a page of its own."""
        try:
            response, extracted = await self._built(lease, response)
        except UnreadableDocument as unreadable:
            error = FetchError(lease.url, unreadable.reason, unreadable.what, unreadable.cure)
            await self._recorder.end(
                lease, State.DONE, Outcome.SKIPPED, unreadable.reason, response=response, error=error
            )
            return
        except FetchError as failed:
            await self._recorder.end(
                lease, State.FAILED, Outcome.FAILED, failed.reason, status=response.status, error=failed
            )
            return
        if extracted.is_expiring:
            # On its last day its bytes are the same, and it must be read to be left out.
            response = response.without_validators()
        found = self._links.of(lease, extracted)
        canonical = self._canonical(lease, extracted)
        content_hash = extracted.content_hash
        is_same = content_hash == lease.content_hash and lease.is_indexed
        if not extracted.is_indexable:
            await self._recorder.end(lease, State.DONE, Outcome.SKIPPED, Reason.NOINDEX, response=response, found=found)
        elif canonical is not None:
            found.append(Found(canonical, lease.depth, lease.url))
            await self._recorder.end(
                lease, State.DONE, Outcome.CANONICAL, response=response, target=canonical, found=found
            )
        elif not extracted.sections:
            cure = "If scripts build its text, set crawl.render to auto"
            error = FetchError(lease.url, Reason.EMPTY, f"{lease.url} holds no readable text", cure)
            await self._recorder.end(
                lease, State.DONE, Outcome.SKIPPED, Reason.EMPTY, response=response, found=found, error=error
            )
        elif not is_same and (owner := self._frontier.owner(content_hash, lease.url)):
            await self._recorder.end(
                lease,
                State.DONE,
                Outcome.DUPLICATE,
                response=response,
                target=owner,
                found=found,
                content_hash=content_hash,
            )
        elif owner := self._near_owner(lease, extracted):
            await self._recorder.end(
                lease, State.DONE, Outcome.NEAR_DUPLICATE, response=response, target=owner, found=found
            )
        elif is_same:
            self._recorder.page(lease, State.DONE, response, content_hash, found)
            self._recorder.note(
                lease, Outcome.NOT_MODIFIED, Reason.SAME_CONTENT, status=200, size_bytes=response.wire_bytes
            )
        else:
            await self._hand_out(lease, response, extracted, found, started_s)

    async def _built(self, lease: Lease, response: Response) -> tuple[Response, Extracted]:
        """The content as sent, or as a browser builds it where that is wanted or needed."""
        if not self._renderer.is_wanted(response):
            extracted = await self._extract(lease, response)
            if not self._renderer.is_needed(response, extracted):
                return response, extracted
        rendered = await self._renderer.render(response)
        extracted = await self._extract(lease, rendered.response)
        links = extracted.links
        if rendered.leads_to and (target := resolve(lease.url, rendered.leads_to, self._config.tracking_parameters)):
            links = (*links, Link(target))
        return rendered.response, replace(extracted, links=links, notes=(*extracted.notes, *rendered.notes))

    async def _extract(self, lease: Lease, response: Response) -> Extracted:
        """The content of a body, by its type; it may be read in another process, while the crawl goes on."""
        robots_header = "\n".join(response.headers.getall("X-Robots-Tag", ()))
        body = Body(response.body, response.content_type, lease.url, response.charset, robots_header)
        if response.content_type not in DOCUMENT_TYPES:
            return await self._pool.read(body)
        async with self._documents:
            return await asyncio.to_thread(partial(extract_any, **body._asdict(), config=self._config))

    async def _hand_out(
        self, lease: Lease, response: Response, extracted: Extracted, found: list[Found], started_s: float
    ) -> None:
        """Step 7: on record first, so that a crash after this line offers the page again."""
        self._recorder.page(lease, State.FETCHED, response, extracted.content_hash, found)
        await self._recorder.put(page_of(lease, response, extracted))
        self._recorder.note(
            lease,
            Outcome.FETCHED,
            status=response.status,
            size_bytes=response.wire_bytes,
            seconds=time.monotonic() - started_s,
            detail="; ".join(extracted.notes),
        )

    def _near_owner(self, lease: Lease, extracted: Extracted) -> str | None:
        """The page this one repeats but for a date, a counter or a few words."""
        if not self._config.near_duplicates:
            return None
        drawn = extracted.sketch or sketch(extracted.text)
        return self._frontier.near_owner(lease.url, extracted.title, drawn)

    def _canonical(self, lease: Lease, extracted: Extracted) -> str | None:
        """The URL this page is folded into; a canonical link to elsewhere does not move a page off its site."""
        canonical = extracted.canonical_url
        if canonical is None or canonical == lease.url or lease.ignores_canonical:
            return None
        return canonical if self._scope.refusal(canonical) is None else None


def page_of(lease: Lease, response: Response, extracted: Extracted) -> Page:
    """The page as it is handed out."""
    canonical = extracted.canonical_url
    return Page(
        requested_url=lease.url,
        url=lease.url,
        canonical_url=lease.url,
        status=response.status,
        fetched_at=datetime.now(UTC),
        title=extracted.title,
        sections=extracted.sections,
        content_hash=extracted.content_hash,
        links=extracted.links,
        language=extracted.language,
        description=extracted.description,
        content_type=response.content_type,
        etag=response.etag,
        last_modified=extracted.modified_at or http_date(response.last_modified),
        metadata=extracted.metadata
        if canonical in (None, lease.url)
        else {**extracted.metadata, "canonical": canonical},
        notes=extracted.notes,
    )
