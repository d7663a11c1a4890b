"""Signing in through a site's login form: once, and again when the session has expired."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.errors import FetchError
from crawler.fetch.config import AuthConfig
from crawler.fetch.response import Response
from crawler.outcome import Reason
from crawler.urls.url import canonicalise, join, origin_of, resolve

logger = logging.getLogger(__name__)

MAX_LOGIN_REDIRECTS = 5
MAX_FRUITLESS = 3
"""So many sign-ins in a row that did not open the page they were for, and no more are tried: accounts get locked."""

_NOT_SENT = frozenset({"submit", "button", "reset", "image", "file"})

Send = Callable[..., Awaitable[Response]]
"""``send(method, url, body=...)``: one request with the origin's cookies; raises FetchError."""


class FormLogin:
    """The session of one ``form`` entry; its cookies live with the fetcher. Callers share a sign-in."""

    def __init__(self, entry: AuthConfig, send: Send) -> None:
        self._entry = entry
        self._login_url = canonicalise(entry.login_url)
        self._send = send
        self._lock = asyncio.Lock()
        self._failure: FetchError | None = None
        self._fruitless = 0
        self.generation = 0
        """Counts sign-ins; 0 before the first."""

    async def sign_in(self, seen: int = 0) -> bool:
        """Make sure of a session newer than ``seen``; False where signing in again has proved fruitless.

        Raises FetchError with reason ``login`` when the form is missing or refuses; the form is not tried twice then.
        """
        async with self._lock:
            if self._failure is not None:
                raise self._failure
            if self.generation > seen:
                return True
            if self._fruitless >= MAX_FRUITLESS:
                return False
            try:
                await self._post_form()
            except FetchError as error:
                self._failure = error
                raise
            self._fruitless += self.generation > 0
            self.generation += 1
            logger.info("signed in at %s", self._login_url)
            return True

    def is_expired(self, response: Response) -> bool:
        """Does this answer ask to sign in (401, or a redirect to the login page)?"""
        if response.status == 401:
            return True
        target = resolve(response.url, response.location or "") if 300 <= response.status < 400 else None
        return target is not None and target.partition("?")[0] == self._login_url.partition("?")[0]

    def worked(self) -> None:
        """A page was opened: the sign-ins were not fruitless."""
        self._fruitless = 0

    async def _post_form(self) -> None:
        page = await self._follow(await self._send("GET", self._login_url))
        form = login_form(page, tuple(self._entry.login_fields))
        if form is None:
            fields = ", ".join(self._entry.login_fields)
            cure = "Check login_url and the names of login_fields in crawl.authentication"
            raise FetchError(self._login_url, Reason.LOGIN, f"{page.url} holds no form with the fields {fields}", cure)
        action, values = form
        if origin_of(action) != origin_of(self._login_url):
            what = f"The form at {page.url} would send the password to {origin_of(action)}"
            raise FetchError(self._login_url, Reason.LOGIN, what, "Credentials are sent to their own origin only")
        body = urlencode(values | dict(self._entry.login_fields)).encode()
        answer = await self._follow(await self._send("POST", action, body=body))
        if answer.status >= 400 or login_form(answer, tuple(self._entry.login_fields)) is not None:
            what = f"{self._login_url} did not accept the sign-in ({answer.status})"
            raise FetchError(self._login_url, Reason.LOGIN, what, "Check login_fields in crawl.authentication")

    async def _follow(self, answer: Response) -> Response:
        """Redirects on the same origin; one that leads elsewhere is the end."""
        for _ in range(MAX_LOGIN_REDIRECTS):
            target = resolve(answer.url, answer.location or "", ()) if 300 <= answer.status < 400 else None
            if not target or origin_of(target) != origin_of(self._login_url):
                break
            answer = await self._send("GET", target)
        return answer


def login_form(page: Response, fields: tuple[str, ...]) -> tuple[str, dict[str, str]] | None:
    """Action and present values (hidden ones too) of the form that has all of the fields; None without one."""
    if page.status != 200:
        return None
    tree = LexborHTMLParser(page.body.decode(page.charset or "utf-8", "replace"))
    for form in tree.css("form"):
        controls = {name: control for control in form.css("input, textarea, select") if (name := _name(control))}
        if all(field in controls for field in fields):
            values = {name: value for name, control in controls.items() if (value := _value(control)) is not None}
            action = join(page.url, form.attributes.get("action") or page.url)
            return (canonicalise(action, ()), values) if action else None
    return None


def _name(control: LexborNode) -> str:
    return control.attributes.get("name") or ""


def _value(control: LexborNode) -> str | None:
    """What a browser would send of an untouched control; None for nothing."""
    kind = (control.attributes.get("type") or "").lower()
    if control.tag == "select":
        chosen = control.css_first("option[selected]") or control.css_first("option")
        return (chosen.attributes.get("value") or chosen.text(strip=True)) if chosen else None
    if control.tag == "textarea":
        return control.text()
    if kind in _NOT_SENT or (kind in ("checkbox", "radio") and "checked" not in control.attributes):
        return None
    default = "on" if kind in ("checkbox", "radio") else ""
    return control.attributes.get("value") or default
