"""Cookies of a crawl: a jar for each origin, so that none ever crosses to another host, port or scheme."""

from aiohttp import ClientResponse, CookieJar
from yarl import URL

from crawler.urls.ascii import is_text
from crawler.urls.url import origin_of

MAX_COOKIES = 50
"""Per origin; RFC 6265 section 6.1 asks for at least as many per domain."""

MAX_COOKIE_HEADER_CHARS = 8190
"""Servers refuse longer headers, and a site should not be able to lock the crawler out of itself."""


class SiteCookies:
    """Keeps what origins set and gives it back to the very same origin. Create it inside the running event loop.

    Stricter than a browser: a cookie for ``example.org`` set by ``www.example.org`` goes back to ``www`` alone.
    """

    def __init__(self) -> None:
        self._jars: dict[str, CookieJar] = {}

    def header(self, url: str) -> str:
        """The value of the Cookie header for a request; empty when there is nothing to send."""
        jar = self._jars.get(origin_of(url))
        if jar is None:
            return ""
        cookies = jar.filter_cookies(URL(url, encoded=True))
        pairs = (f"{name}={morsel.coded_value}" for name, morsel in cookies.items())
        # Bytes that are no text cannot be sent back as they came, and would make every request of the site fail.
        value = "; ".join(pair for pair in pairs if is_text(pair))
        return value if len(value) <= MAX_COOKIE_HEADER_CHARS else ""

    def keep(self, url: str, answer: ClientResponse) -> None:
        """Keep what an answer sets."""
        if "Set-Cookie" not in answer.headers:
            return
        # Addresses may set cookies too: sites are crawled by address on private networks.
        jar = self._jars.setdefault(origin_of(url), CookieJar(unsafe=True))
        jar.update_cookies(answer.cookies, URL(url, encoded=True))
        if len(jar) > MAX_COOKIES:
            jar.clear()
