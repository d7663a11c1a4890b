"""What a URL comes to, decided from what is known of it and from what its server answered: pure functions.

The crawl and the dry run of one URL both ask here, in this order, so that the one cannot drift from the other:
``refused`` and ``forbidden`` before anything is asked for, ``failed`` or ``answered`` after it, and for a body that was
read ``unread`` or ``read``. What only a frontier knows (is it a copy?) is ``folded``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.documents.draft import UnreadableDocument
from crawler.errors import FetchError
from crawler.extract.extract import Extracted
from crawler.fetch.error import status_error
from crawler.fetch.response import Response
from crawler.frontier.seam import Discovery, Lease, State
from crawler.outcome import Outcome, Reason
from crawler.urls.ascii import percent_encoded
from crawler.urls.refresh import Refresh, parse_refresh
from crawler.urls.robots import Rules
from crawler.urls.scope import Scope
from crawler.urls.url import join, origin_of, resolve
from crawler.visit.config import VisitConfig

GONE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a URL comes to. ``outcome`` and ``reason`` are what events count by, ``state`` is where it stands then.

    ``target``: where it leads, or what stands for it; ``found``: what is queued for it, besides the links of a page.
    ``error`` says what is wrong, and ``retry_after_s`` when it is asked for again, in seconds from now; ``refusal`` is
    why ``target`` is not followed. ``widens`` is the origin that becomes one of the crawl's, since a seed leads there.
    ``is_unchanged``: what is known of the URL stays.
    """

    outcome: Outcome
    reason: Reason
    state: State = State.DONE
    target: str | None = None
    found: tuple[Discovery, ...] = ()
    error: FetchError | None = None
    retry_after_s: float | None = None
    refusal: Reason | None = None
    widens: str | None = None
    is_unchanged: bool = False

    @property
    def is_page(self) -> bool:
        """A page with text of its own, as far as its own words tell."""
        return self.outcome.is_page and not self.is_unchanged


def refused(lease: Lease, scope: Scope, config: VisitConfig) -> Decision | None:
    """Why the settings of now leave out a URL that those of an earlier crawl may have let in; None if they do not."""
    if config.max_depth is not None and lease.depth > config.max_depth:
        return _ended(lease, Outcome.SKIPPED, Reason.TOO_DEEP)
    reason = scope.refusal(lease.url)
    return None if reason is None else _ended(lease, Outcome.SKIPPED, reason)


def forbidden(lease: Lease, rules: Rules) -> Decision | None:
    """Why robots.txt leaves out a URL; None if it does not."""
    if rules.failure is not None:
        # Asking for robots.txt was retried already.
        return _given_up(lease, rules.failure)
    if rules.allowed(lease.url):
        return None
    what = f"robots.txt forbids {lease.url}: {rules.deciding_line(lease.url)}"
    error = FetchError(lease.url, Reason.ROBOTS, what, "Ask its owner, or for your own site set obey_robots to false")
    return _ended(lease, Outcome.SKIPPED, Reason.ROBOTS, error=error)


def unmodified(lease: Lease, reason: Reason) -> Decision:
    """A URL that was not sent again, or not asked for, is what it was; ``reason`` is told of a page."""
    if lease.is_indexed:
        return Decision(Outcome.NOT_MODIFIED, reason, is_unchanged=True)
    return Decision(lease.reason.outcome_unchanged, lease.reason, is_unchanged=True)


def failed(lease: Lease, error: FetchError, config: VisitConfig, wait_s: float = 0.0) -> Decision:
    """A request that failed: again where that may help, no sooner than in ``wait_s``; otherwise it is given up."""
    if error.reason.is_retried and lease.attempts < config.max_retries:
        after_s = max(config.retry_delay_s * 2**lease.attempts, wait_s)
        return Decision(Outcome.RETRY, error.reason, State.QUEUED, error=error, retry_after_s=after_s)
    return _given_up(lease, error)


def answered(
    lease: Lease,
    response: Response,
    scope: Scope,
    config: VisitConfig,
    *,
    chain: Sequence[str] = (),
    wait_s: float = 0.0,
) -> Decision | None:
    """What the status says; None for a body to read. ``chain``: the URLs that redirected here, this one first."""
    status = response.status
    if status == 304:
        return unmodified(lease, lease.reason)
    if status in REDIRECTS and response.location:
        return _redirected(lease, response.location, scope, config, chain or (lease.url,))
    if status == 200:
        return None
    error = status_error(response)
    if status == 404 and lease.is_indexed and lease.attempts == 0 and config.missing_recheck_s > 0:
        again = FetchError(lease.url, error.reason, "asked for once more before it is gone")
        return Decision(Outcome.RETRY, error.reason, State.QUEUED, error=again, retry_after_s=config.missing_recheck_s)
    if status in GONE:
        return _ended(lease, Outcome.FAILED, error.reason, State.GONE, error=error)
    return failed(lease, error, config, wait_s)


def unread(lease: Lease, error: FetchError | UnreadableDocument) -> Decision:
    """A body that could not be read: a document that is damaged, or a page that a browser could not build."""
    if isinstance(error, UnreadableDocument):
        failure = FetchError(lease.url, error.reason, error.what, error.cure)
        return _ended(lease, Outcome.SKIPPED, error.reason, error=failure)
    return _ended(lease, Outcome.FAILED, error.reason, State.FAILED, error=error)


def read(
    lease: Lease,
    response: Response,
    extracted: Extracted,
    scope: Scope,
    config: VisitConfig,
    *,
    chain: Sequence[str] = (),
) -> Decision:
    """What a page says of itself. With a text of its own it is fetched, with that of last time not modified."""
    refresh = refresh_of(response, extracted)
    if refresh is not None and refresh.is_redirect:
        target = resolve(lease.url, refresh.target, config.tracking_parameters)
        if target not in (None, lease.url):
            return _redirected(lease, refresh.target, scope, config, chain or (lease.url,))
    if not extracted.is_indexable:
        return _ended(lease, Outcome.SKIPPED, Reason.NOINDEX)
    canonical = _canonical(lease, extracted, scope)
    if canonical is not None:
        found = (Discovery(canonical, lease.depth, lease.url),)
        return _ended(lease, Outcome.CANONICAL, Reason.CANONICAL, target=canonical, found=found)
    if not extracted.sections:
        cure = "If scripts build its text, set crawl.render to auto"
        error = FetchError(lease.url, Reason.EMPTY, f"{lease.url} holds no readable text", cure)
        return _ended(lease, Outcome.SKIPPED, Reason.EMPTY, error=error)
    if extracted.content_hash == lease.content_hash and lease.is_indexed:
        return Decision(Outcome.NOT_MODIFIED, Reason.SAME_CONTENT)
    return Decision(Outcome.FETCHED, Reason.NONE, State.FETCHED)


def folded(lease: Lease, original: str, outcome: Outcome) -> Decision:
    """A page that repeats ``original``, wholly or nearly."""
    return _ended(lease, outcome, Reason(outcome.value), target=original)


def refresh_of(response: Response, extracted: Extracted) -> Refresh | None:
    """Where a page sends its visitors by itself, absolute; the page's own words count before its header's."""
    if extracted.refresh is not None:
        return extracted.refresh
    refresh = parse_refresh(percent_encoded(response.headers.get("Refresh", "")))
    target = join(response.url, refresh.target) if refresh is not None else None
    return Refresh(refresh.delay_s, target) if refresh is not None and target is not None else None


def is_turned_back(response: Response, tracking: tuple[str, ...]) -> bool:
    """Whether the server only wants its cookie: it sends back to the same URL, with one."""
    is_back = response.status in REDIRECTS and resolve(response.url, response.location or "", tracking) == response.url
    return is_back and "Set-Cookie" in response.headers


def _canonical(lease: Lease, extracted: Extracted, scope: Scope) -> str | None:
    """The URL this page is folded into; a canonical link to elsewhere does not move a page off its site."""
    canonical = extracted.canonical_url
    if canonical is None or canonical == lease.url or lease.ignores_canonical:
        return None
    return canonical if scope.refusal(canonical) is None else None


def _redirected(lease: Lease, location: str, scope: Scope, config: VisitConfig, chain: Sequence[str]) -> Decision:
    target = resolve(lease.url, location, config.tracking_parameters)
    if target is None or target == lease.url:
        reason = Reason.BAD_REDIRECT if target is None else Reason.REDIRECT_LOOP
        error = FetchError(lease.url, reason, f"{lease.url} redirects to {location}", "Check the address")
        return _ended(lease, Outcome.FAILED, reason, State.FAILED, error=error)
    if target in chain or len(chain) >= config.max_redirects:
        reason = Reason.REDIRECT_LOOP if target in chain else Reason.TOO_MANY_REDIRECTS
        error = FetchError(lease.url, reason, f"{chain[-1]} redirects in circles", "Check the address")
        return _ended(lease, Outcome.FAILED, reason, State.FAILED, error=error)
    # What a seed redirects to (another host, https) is what the person meant.
    origin = origin_of(target)
    widens = origin if lease.depth == 0 and origin not in scope.origins else None
    refusal = scope.refusal(target, is_own=widens is not None)
    found = (Discovery(target, lease.depth, lease.url),) if refusal is None else ()
    ended = _ended(lease, Outcome.REDIRECT, refusal or Reason.REDIRECT, target=target, found=found)
    return replace(ended, refusal=refusal, widens=widens)


def _given_up(lease: Lease, error: FetchError) -> Decision:
    is_skipped = error.reason.outcome is Outcome.SKIPPED
    return _ended(lease, error.reason.outcome, error.reason, State.DONE if is_skipped else State.FAILED, error=error)


def _ended(
    lease: Lease,
    outcome: Outcome,
    reason: Reason,
    state: State = State.DONE,
    *,
    target: str | None = None,
    found: tuple[Discovery, ...] = (),
    error: FetchError | None = None,
) -> Decision:
    """A URL that gives no page. A page that a consumer holds and that ends like this is gone."""
    if lease.is_indexed and state is not State.FAILED and not reason.keeps_index:
        return Decision(Outcome.GONE, reason, State.GONE, target, found, error)
    return Decision(outcome, reason, state, target, found, error)
