"""What happens to one URL between its lease and its record: steps 4 and 5 of ``crawler/crawl.py``."""

import logging
import time

from crawler.documents.content_type import HTML_TYPES, READABLE_TYPES
from crawler.errors import FetchError
from crawler.fetch.error import status_error
from crawler.fetch.fetch import Fetcher
from crawler.fetch.pace import Pace
from crawler.fetch.response import Response
from crawler.frontier.seam import Found, Frontier, Lease, State
from crawler.outcome import Outcome, Reason
from crawler.urls.robots import Robots
from crawler.urls.scope import Scope
from crawler.urls.url import origin_of, resolve
from crawler.visit.config import VisitConfig
from crawler.visit.lastmod import LastmodTrust
from crawler.visit.links import Links
from crawler.visit.read import Reader
from crawler.visit.record import Recorder

logger = logging.getLogger(__name__)

GONE = frozenset({404, 410})
OVERLOADED = frozenset({429, 503})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Visitor:
    """Visits leased URLs: asks, follows what the status says, hands bodies to ``reader``. Lives in the crawl's loop."""

    def __init__(
        self,
        *,
        config: VisitConfig,
        frontier: Frontier,
        scope: Scope,
        fetcher: Fetcher,
        robots: Robots,
        reader: Reader,
        links: Links,
        recorder: Recorder,
        lastmod: LastmodTrust,
    ) -> None:
        self._config = config
        self._frontier = frontier
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
        if reason := self._refusal(lease):
            await self._recorder.end(lease, State.DONE, Outcome.SKIPPED, reason)
            return
        if self._config.obey_robots:
            rules = await self._robots.rules(origin_of(lease.url))
            pace.obey(rules.crawl_delay_s)
            if rules.failure is not None:
                # Asking for robots.txt was retried already.
                await self._give_up(lease, rules.failure)
                return
            if not rules.allowed(lease.url):
                cure = "Ask its owner, or for your own site set obey_robots to false"
                error = FetchError(
                    lease.url, Reason.ROBOTS, f"robots.txt forbids {lease.url}: {rules.deciding_line(lease.url)}", cure
                )
                await self._recorder.end(lease, State.DONE, Outcome.SKIPPED, Reason.ROBOTS, error=error)
                return
        if self._lastmod.spares(lease, time.time()):
            self._recorder.spared(lease)
            return
        accepted = READABLE_TYPES if self._config.read_documents else HTML_TYPES
        try:
            async with pace.turn():
                response = await self._fetcher.get(
                    lease.url, etag=lease.etag, last_modified=lease.last_modified, accepted=accepted
                )
        except FetchError as error:
            await self._fail(lease, error, pace)
            return
        await self._settle(lease, response, pace, started_s)

    def _refusal(self, lease: Lease) -> Reason | None:
        """Why the settings of now leave out a URL that those of an earlier crawl may have let in."""
        if self._config.max_depth is not None and lease.depth > self._config.max_depth:
            return Reason.TOO_DEEP
        return self._scope.refusal(lease.url)

    async def _settle(self, lease: Lease, response: Response, pace: Pace, started_s: float) -> None:
        """Step 5: what the status says."""
        status = response.status
        if status in OVERLOADED:
            wait_s = response.retry_after_s()
            pace.slow_down(min(wait_s or 0.0, self._config.max_retry_after_s))
        elif status < 500:
            pace.speed_up()
        if status == 304:
            self._recorder.unchanged(lease, time.monotonic() - started_s)
        elif status in REDIRECTS and response.location:
            await self._redirect(lease, response)
        elif status == 404 and lease.is_indexed and lease.attempts == 0 and self._config.missing_recheck_s > 0:
            self._frontier.retry(lease.url, self._config.missing_recheck_s)
            self._recorder.note(
                lease,
                Outcome.RETRY,
                Reason.of_status(404),
                status=status,
                detail="asked for once more before it is gone",
            )
        elif status in GONE:
            await self._recorder.end(
                lease, State.GONE, Outcome.FAILED, Reason.of_status(status), status=status, error=status_error(response)
            )
        elif status == 200:
            await self._reader.read(lease, response, started_s)
        else:
            await self._fail(lease, status_error(response), pace, status=status)

    async def _redirect(self, lease: Lease, response: Response) -> None:
        target = resolve(lease.url, response.location or "", self._config.tracking_parameters)
        if target is None or target == lease.url:
            reason = Reason.BAD_REDIRECT if target is None else Reason.REDIRECT_LOOP
            error = FetchError(lease.url, reason, f"{lease.url} redirects to {response.location}", "Check the address")
            await self._recorder.end(lease, State.FAILED, Outcome.FAILED, reason, status=response.status, error=error)
            return
        if lease.depth == 0:
            # What a seed redirects to (another host, https) is what the person meant.
            self._widen(target)
        refusal = self._scope.refusal(target)
        chain = self._chain(lease)
        if target in chain or len(chain) >= self._config.max_redirects:
            reason = Reason.REDIRECT_LOOP if target in chain else Reason.TOO_MANY_REDIRECTS
            error = FetchError(lease.url, reason, f"{chain[-1]} redirects in circles", "Check the address")
            await self._recorder.end(lease, State.FAILED, Outcome.FAILED, reason, status=response.status, error=error)
            return
        found = [Found(target, lease.depth, lease.url)] if refusal is None else []
        if refusal is Reason.ADDRESS:
            self._links.refuse_target(lease, target)
        await self._recorder.end(
            lease,
            State.DONE,
            Outcome.REDIRECT,
            refusal or Reason.REDIRECT,
            status=response.status,
            target=target,
            found=found,
        )

    def _widen(self, target: str) -> None:
        origin = origin_of(target)
        if origin not in self._scope.origins:
            logger.info("a seed redirects to %s, which is now part of the crawl", origin)
            self._scope.origins.add(origin)

    def _chain(self, lease: Lease) -> list[str]:
        """The URLs that redirected here, this one first."""
        chain = [lease.url]
        referrer = lease.referrer
        while referrer is not None and len(chain) <= self._config.max_redirects:
            known = self._frontier.history(referrer)
            if known is None or known.reason is not Reason.REDIRECT or known.target != chain[-1]:
                break
            chain.append(referrer)
            referrer = known.referrer
        return chain

    async def _fail(self, lease: Lease, error: FetchError, pace: Pace, status: int = 0) -> None:
        """Try again where that may help; otherwise the failure is recorded."""
        if error.reason.is_retried and lease.attempts < self._config.max_retries:
            after_s = max(self._config.retry_delay_s * 2**lease.attempts, pace.wait_s())
            self._frontier.retry(lease.url, after_s)
            self._recorder.note(lease, Outcome.RETRY, error.reason, status=status, detail=error.what)
            return
        await self._give_up(lease, error, status)

    async def _give_up(self, lease: Lease, error: FetchError, status: int = 0) -> None:
        if error.reason.outcome is Outcome.SKIPPED:
            state = State.GONE if error.reason is Reason.CONTENT_TYPE and lease.is_indexed else State.DONE
            await self._recorder.end(lease, state, Outcome.SKIPPED, error.reason, error=error)
        else:
            await self._recorder.end(lease, State.FAILED, Outcome.FAILED, error.reason, status=status, error=error)
