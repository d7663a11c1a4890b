"""What happens to one URL between its lease and its record: steps 4 and 5 of ``crawler/crawl.py``."""

import logging
import time

from crawler.documents.content_type import HTML_TYPES, READABLE_TYPES
from crawler.errors import FetchError
from crawler.fetch.fetch import Fetcher
from crawler.fetch.pace import Pace
from crawler.fetch.response import Response
from crawler.frontier.seam import Lease, Memory
from crawler.outcome import Outcome, Reason
from crawler.urls.robots import Robots
from crawler.urls.scope import Scope
from crawler.urls.url import origin_of
from crawler.visit import decide
from crawler.visit.config import VisitConfig
from crawler.visit.decide import Decision
from crawler.visit.lastmod import LastmodTrust
from crawler.visit.links import Links
from crawler.visit.read import Reader
from crawler.visit.record import Recorder

logger = logging.getLogger(__name__)

OVERLOADED = frozenset({429, 503})


class Visitor:
    """Visits leased URLs: asks, follows what the status says, hands bodies to ``reader``. Lives in the crawl's loop."""

    def __init__(
        self,
        *,
        config: VisitConfig,
        memory: Memory,
        scope: Scope,
        fetcher: Fetcher,
        robots: Robots,
        reader: Reader,
        links: Links,
        recorder: Recorder,
        lastmod: LastmodTrust,
    ) -> None:
        self._config = config
        self._memory = memory
        self._scope = scope
        self._fetcher = fetcher
        self._robots = robots
        self._reader = reader
        self._links = links
        self._recorder = recorder
        self._lastmod = lastmod

    async def visit(self, lease: Lease, pace: Pace) -> None:
        """Step 4: may it be fetched, and when? Then one request."""
        started_s = time.monotonic()
        if decision := decide.refused(lease, self._scope, self._config):
            self._recorder.end(lease, decision)
            return
        if self._links.is_repeated(lease):
            self._recorder.end(lease, Decision(Outcome.SKIPPED, Reason.SESSION))
            return
        if self._config.obey_robots:
            rules = await self._robots.rules(origin_of(lease.url))
            pace.obey(rules.crawl_delay_s)
            if decision := decide.forbidden(lease, rules):
                self._recorder.end(lease, decision)
                return
        if self._lastmod.spares(lease, time.time()):
            self._recorder.spared(lease, decide.unmodified(lease, Reason.LASTMOD))
            return
        try:
            response = await self._ask(lease, pace)
            if decide.is_turned_back(response, self._config.tracking_parameters):
                # It may only want the cookie that it has set.
                response = await self._ask(lease, pace)
        except FetchError as error:
            self._settle(lease, decide.failed(lease, error, self._config, pace.wait_s()))
            return
        self._adapt(pace, response)
        chain = self._chain(lease) if response.status in decide.REDIRECTS else ()
        decision = decide.answered(lease, response, self._scope, self._config, chain=chain, wait_s=pace.wait_s())
        if decision is None:
            decision = await self._reader.read(lease, response, self._chain, started_s)
        elif decision.is_unchanged:
            self._recorder.unchanged(lease, decision, time.monotonic() - started_s)
        else:
            self._settle(lease, decision, response.status)
        self._follow(lease, decision)

    async def _ask(self, lease: Lease, pace: Pace) -> Response:
        accepted = READABLE_TYPES if self._config.read_documents else HTML_TYPES
        async with pace.turn():
            return await self._fetcher.get(
                lease.url, etag=lease.etag, last_modified=lease.last_modified, accepted=accepted
            )

    def _adapt(self, pace: Pace, response: Response) -> None:
        """More slowly where the host is overloaded, and back again."""
        if response.status in OVERLOADED:
            pace.slow_down(min(response.retry_after_s() or 0.0, self._config.max_retry_after_s))
        elif response.status < 500:
            pace.speed_up()

    def _settle(self, lease: Lease, decision: Decision, status: int = 0) -> None:
        if decision.retry_after_s is not None:
            self._recorder.again(lease, decision, status)
        else:
            self._recorder.end(lease, decision, status)

    def _follow(self, lease: Lease, decision: Decision) -> None:
        """Take in the site that a seed leads to, and tell of a redirect that leads out of the public network."""
        if decision.widens is not None:
            logger.info("a seed redirects to %s, which is now part of the crawl", decision.widens)
            self._scope.origins.add(decision.widens)
        if decision.refusal is Reason.ADDRESS and decision.target is not None:
            self._links.refuse_target(lease, decision.target)

    def _chain(self, lease: Lease) -> list[str]:
        """The URLs that redirected here, this one first."""
        chain = [lease.url]
        referrer = lease.referrer
        while referrer is not None and len(chain) <= self._config.max_redirects:
            known = self._memory.history(referrer)
            if known is None or known.reason is not Reason.REDIRECT or known.target != chain[-1]:
                break
            chain.append(referrer)
            referrer = known.referrer
        return chain
