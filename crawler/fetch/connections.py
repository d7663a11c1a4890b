"""Opens the connections of a crawl: straight to a site or through the configured proxy, judged by the guard."""

from ipaddress import ip_address, ip_network
from typing import Any

import aiohttp
from aiohttp.client import _RequestContextManager
from yarl import URL

from crawler.errors import MissingExtra
from crawler.fetch.config import FetchConfig
from crawler.fetch.guard import Guard
from crawler.fetch.lenient import make_lenient
from crawler.urls.address import host_and_port, plain_host

MAX_HEADER_BYTES = 128 * 1024
"""Browsers read heads of 256 KiB; sites with long policies send single headers of 40."""

MAX_HEADERS = 256
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


class ProxyFailed(OSError):
    """A SOCKS proxy cannot be reached, or refused to connect."""


class Connections:
    """One session without a proxy or with an HTTP proxy, a second one for a SOCKS proxy. Close it in its event loop.

    Through a proxy it is the proxy that resolves names, so that the guard sees only what a URL says: addresses and
    names of private places are refused all the same, a public name that leads to a private address is the proxy's to
    refuse.
    """

    def __init__(self, config: FetchConfig, guard: Guard) -> None:
        self._config = config
        self._proxy = URL(config.proxy) if config.proxy else None
        if self._proxy is not None:
            guard.trust_proxy(config.proxy)
        socks = _socks_connector(config.proxy) if config.proxy.startswith("socks") else None
        self._direct = self._session(guard.connector(limit=0))
        self._socks = self._session(socks) if socks is not None else None

    def request(self, method: str, url: str, **options: Any) -> _RequestContextManager:
        """One request; redirects are not followed."""
        target = URL(url, encoded=True)
        if self._proxy is None or not self._is_proxied(url):
            return self._direct.request(method, target, allow_redirects=False, **options)
        if self._socks is not None:
            return self._socks.request(method, target, allow_redirects=False, **options)
        return self._direct.request(method, target, allow_redirects=False, proxy=self._proxy, **options)

    async def close(self) -> None:
        """Close every connection."""
        await self._direct.close()
        if self._socks is not None:
            await self._socks.close()

    def _session(self, connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
        config = self._config
        make_lenient(connector)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(
                total=config.timeout_s, sock_connect=config.connect_timeout_s, sock_read=config.read_timeout_s
            ),
            headers={"User-Agent": config.user_agent_header, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"},
            # crawler.cookies keeps them, by origin.
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_field_size=MAX_HEADER_BYTES,
            max_line_size=MAX_HEADER_BYTES,
            max_headers=MAX_HEADERS,
        )

    def _is_proxied(self, url: str) -> bool:
        endpoint = host_and_port(url)
        return endpoint is None or not any(spared(endpoint[0], pattern) for pattern in self._config.no_proxy)


def spared(host: str, pattern: str) -> bool:
    """Does an entry of ``no_proxy`` mean this host? ``*``, a name with all below it, an address, or a network.

    >>> spared("docs.example.org", ".example.org"), spared("badexample.org", "example.org")
    (True, False)
    """
    pattern = pattern.strip()
    if pattern == "*":
        return True
    try:
        return ip_address(host) in ip_network(pattern, strict=False)
    except ValueError:
        name = plain_host(pattern.removeprefix("*").removeprefix("."))
        return bool(name) and (host == name or host.endswith("." + name))


def _socks_connector(proxy: str) -> aiohttp.BaseConnector:
    try:
        from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
    except ImportError as error:
        raise MissingExtra("A SOCKS proxy in crawl.proxy", "proxy") from error

    class Connector(ProxyConnector):
        async def _wrap_create_connection(self, *arguments: Any, **options: Any) -> Any:
            try:
                return await super()._wrap_create_connection(*arguments, **options)
            except (ProxyConnectionError, ProxyError, ProxyTimeoutError) as error:
                raise ProxyFailed(str(error)) from error

    # Always the proxy resolves: a look-up here would tell the local network what is crawled.
    return Connector.from_url(proxy.replace("socks5h:", "socks5:", 1), rdns=True, limit=0)
