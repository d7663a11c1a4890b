"""What the body of an answer becomes: steps 6 and 7 of ``crawler/crawl.py``."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from crawler.bridge import Put
from crawler.documents.content_type import DOCUMENT_TYPES
from crawler.documents.draft import UnreadableDocument
from crawler.errors import FetchError
from crawler.extract.any import extract_any
from crawler.extract.extract import Extracted
from crawler.fetch.response import Response, http_date
from crawler.frontier.minhash import sketch
from crawler.frontier.seam import Discovery, Lease, Originals
from crawler.outcome import Outcome, Reason
from crawler.page import Gone, Link, Page
from crawler.render.render import Renderer
from crawler.urls.scope import Scope
from crawler.urls.url import resolve
from crawler.visit import decide
from crawler.visit.config import VisitConfig
from crawler.visit.decide import Decision
from crawler.visit.links import Links
from crawler.visit.pool import Body, ExtractPool
from crawler.visit.record import Recorder

ChainOf = Callable[[Lease], Sequence[str]]


class Reader:
    """Reads each body once and decides whether it is a page of its own, folded into another, or none."""

    def __init__(
        self,
        *,
        config: VisitConfig,
        originals: Originals,
        scope: Scope,
        links: Links,
        recorder: Recorder,
        renderer: Renderer,
        pool: ExtractPool,
        put: Put[Page | Gone],
    ) -> None:
        self._put = put
        self._renderer = renderer
        self._pool = pool
        self._config = config
        self._originals = originals
        self._scope = scope
        self._links = links
        self._recorder = recorder
        self._documents = asyncio.Semaphore(config.documents.processes)

    async def read(self, lease: Lease, response: Response, chain_of: ChainOf, started_s: float) -> Decision:
        """Step 6: parse once, then decide whether this is a page of its own, and put it on record.

        ``chain_of`` gives the URLs that redirected to one, that one first.
        """
        try:
            response, extracted = await self._built(lease, response)
        except (UnreadableDocument, FetchError) as error:
            decision = decide.unread(lease, error)
            is_read = isinstance(error, UnreadableDocument)
            self._recorder.end(lease, decision, response.status, response=response if is_read else None)
            return decision
        if extracted.is_expiring:
            # On its last day its bytes are the same, and it must be read to be left out.
            response = response.without_validators()
        chain = () if decide.refresh_of(response, extracted) is None else chain_of(lease)
        decision = decide.read(lease, response, extracted, self._scope, self._config, chain=chain)
        is_followed = decision.outcome is Outcome.REDIRECT
        found = [] if is_followed else self._links.of(lease, leading_on(response, extracted, self._config))
        if decision.is_page:
            decision = self._copied(lease, decision, extracted) or decision
        if decision.is_page:
            await self._page(lease, decision, response, extracted, found=found, started_s=started_s)
        else:
            content_hash = extracted.content_hash if decision.reason is Reason.DUPLICATE else None
            self._recorder.end(
                lease, decision, response.status, response=response, found=found, content_hash=content_hash
            )
        return decision

    def _copied(self, lease: Lease, decision: Decision, extracted: Extracted) -> Decision | None:
        """The page as a copy of another one, which only the frontier knows; None when it is the first."""
        if decision.outcome is Outcome.FETCHED:
            original = self._originals.claim(extracted.content_hash, lease.url)
            if original is not None:
                return decide.folded(lease, original, Outcome.DUPLICATE)
        if not self._config.near_duplicates:
            return None
        # It may repeat another one but for a date, a counter or a few words.
        drawn = extracted.sketch or sketch(extracted.text)
        original = self._originals.claim_near(lease.url, extracted.title, drawn)
        return None if original is None else decide.folded(lease, original, Outcome.NEAR_DUPLICATE)

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

    async def _page(
        self,
        lease: Lease,
        decision: Decision,
        response: Response,
        extracted: Extracted,
        *,
        found: list[Discovery],
        started_s: float,
    ) -> None:
        """Step 7: on record first, so that a crash after this line offers the page again."""
        self._recorder.page(lease, decision.state, response, extracted.content_hash, found)
        is_new = decision.outcome is Outcome.FETCHED
        if is_new:
            await self._put(page_of(lease, response, extracted))
        self._recorder.note(
            lease,
            decision.outcome,
            decision.reason,
            status=response.status,
            size_bytes=response.wire_bytes,
            seconds=time.monotonic() - started_s if is_new else 0.0,
            detail="; ".join(extracted.notes) if is_new else "",
        )


def leading_on(response: Response, extracted: Extracted, config: VisitConfig) -> Extracted:
    """The page with a link to where it sends its visitors later."""
    refresh = decide.refresh_of(response, extracted)
    target = resolve(response.url, refresh.target, config.tracking_parameters) if refresh is not None else None
    return extracted if target is None else replace(extracted, links=(*extracted.links, Link(target)))


def page_of(lease: Lease, response: Response, extracted: Extracted) -> Page:
    """The page as it is handed out."""
    canonical = extracted.canonical_url
    return Page(
        url=lease.url,
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
        stated=extracted.stated,
    )
