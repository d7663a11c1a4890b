"""Which credentials go with which request: those configured for its very origin and path, and no others."""

import logging
from base64 import b64encode
from collections.abc import Sequence

from crawler.fetch.config import AuthConfig
from crawler.urls.address import LOOPBACK, host_and_port, host_refusal
from crawler.urls.url import canonicalise, origin_of

logger = logging.getLogger(__name__)

SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
"""Never written to an archive or a log."""


class Authentication:
    """The credentials of a crawl; the longest ``url`` that covers a request decides."""

    def __init__(self, entries: Sequence[AuthConfig]) -> None:
        covered = [(canonicalise(entry.url), entry) for entry in entries]
        self._entries = sorted(covered, key=lambda pair: -len(pair[0]))
        named = {entry.header.lower() for entry in entries if entry.kind == "header"}
        self.secret_headers = SECRET_HEADERS | named
        for prefix, entry in covered:
            _warn_if_open(prefix, entry)

    def entry_for(self, url: str) -> AuthConfig | None:
        """The entry that covers a canonical URL."""
        if not self._entries:
            return None
        return next((entry for prefix, entry in self._entries if covers(prefix, url)), None)


def covers(prefix: str, url: str) -> bool:
    """Is ``url`` on the origin of ``prefix`` and at or below its path? Both are canonical.

    >>> covers("https://example.org/team", "https://example.org/teams")
    False
    """
    if origin_of(prefix) != origin_of(url) or not url.startswith(prefix):
        return False
    return prefix.endswith("/") or url[len(prefix) :][:1] in ("", "/", "?")


def header_of(entry: AuthConfig) -> dict[str, str]:
    """The header that carries the credentials; none for a form, whose session lives in a cookie."""
    if entry.kind == "basic":
        # RFC 7617 section 2.1 recommends UTF-8.
        return {"Authorization": "Basic " + b64encode(f"{entry.user}:{entry.password}".encode()).decode()}
    if entry.kind == "bearer":
        return {"Authorization": f"Bearer {entry.token}"}
    return {entry.header: entry.token} if entry.kind == "header" else {}


def _warn_if_open(url: str, entry: AuthConfig) -> None:
    """Credentials that cross a network unencrypted are said aloud, once."""
    endpoint = host_and_port(url)
    if endpoint is None or not url.startswith("http://"):
        return
    if host_refusal(endpoint[0]) != LOOPBACK:
        logger.warning("%s credentials go to %s unencrypted; use https where it is offered", entry.kind, url)
