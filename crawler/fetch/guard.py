"""Keeps a crawl on the public network: every address is judged when a connection is opened, not when a URL is read.

A link, a redirect or a DNS answer may point a crawler at the machine it runs on, its neighbours or its cloud's
credentials (server-side request forgery). Checking URLs alone does not help: a name may resolve to one address while
it is checked and to another while it is fetched. So the guard sits where aiohttp opens sockets, and the address that
was judged is the address that is connected to.
"""

import socket
from collections.abc import Iterable
from typing import TypeAlias

from aiohttp import TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.urls.address import (
    LOOPBACK,
    PRIVATE,
    host_and_port,
    host_refusal,
    is_address,
    name_refusal,
    plain_host,
    refusal,
)

Endpoint: TypeAlias = tuple[str, int]
"""Host and port, as ``crawler.urls.address.host_and_port`` gives them."""

_OWN_NETWORK = frozenset({LOOPBACK, PRIVATE, "shared carrier (CGNAT)", "site-local"})
"""Where somebody's own site may stand. A site's name never leads to metadata, link-local or multicast addresses."""


class AddressRefused(OSError):
    """A connection was refused by the guard; ``host`` is what was asked for, ``reason`` why it is not visited."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host} is refused: {reason}")
        self.host = host
        self.reason = reason


class Guard:
    """Judges hosts and addresses for one crawl.

    ``own`` are the endpoints of the configured sites. One given as an address is visited as written. One given as a
    name may stand on a private network, but keeps to the kind of network its first look-up led to: a public name that
    turns private later is DNS rebinding.
    """

    def __init__(self, own: Iterable[Endpoint] = ()) -> None:
        self._own: set[Endpoint] = set()
        self._proxies: set[Endpoint] = set()
        self._open: set[Endpoint] = set()
        self._networks: dict[Endpoint, frozenset[str | None]] = {}
        for endpoint in own:
            self._trust(endpoint)

    @classmethod
    def for_urls(cls, urls: Iterable[str]) -> "Guard":
        """A guard whose own endpoints are those of the given URLs (the seeds)."""
        return cls(endpoint for url in urls if (endpoint := host_and_port(url)))

    def trust(self, url: str) -> None:
        """Count the host and port of ``url`` among the configured sites."""
        if endpoint := host_and_port(url):
            self._trust(endpoint)

    def trust_proxy(self, url: str) -> None:
        """Let connections be opened to a proxy, wherever it stands; a URL that names it is judged as any other."""
        if endpoint := host_and_port(url.replace("socks5h:", "http:", 1).replace("socks5:", "http:", 1)):
            self._proxies.add(endpoint)
            if is_address(endpoint[0]):
                self._open.add(endpoint)

    def _trust(self, endpoint: Endpoint) -> None:
        self._own.add(endpoint)
        if is_address(endpoint[0]):
            self._open.add(endpoint)

    def refusal(self, url: str) -> str | None:
        """Why a URL is refused by what is written in it, before any look-up; None when it may be tried."""
        endpoint = host_and_port(url)
        if endpoint is None:
            return "not an http or https address"
        if endpoint in self._own:
            return None
        return host_refusal(endpoint[0])

    def permitted(self, host: str, port: int, addresses: Iterable[str]) -> frozenset[str]:
        """The addresses of a name that may be connected to; raises AddressRefused when none is left."""
        reasons = {address: refusal(address) for address in addresses}
        allowed: frozenset[str | None] = frozenset({None})
        endpoint = (plain_host(host), port)
        if endpoint in self._own or endpoint in self._proxies:
            first = frozenset(reason for reason in reasons.values() if reason is None or reason in _OWN_NETWORK)
            allowed = self._networks.setdefault(endpoint, first) if first else frozenset()
        elif reason := name_refusal(host):
            raise AddressRefused(host, reason)
        kept = frozenset(address for address, reason in reasons.items() if reason in allowed)
        if not kept and reasons:
            address, worst = next(iter(reasons.items()))
            raise AddressRefused(host, f"it leads to {address}, {worst or 'not where it first was'}")
        self._open |= {(plain_host(address), port) for address in kept if reasons[address] is not None}
        return kept

    def open_socket(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        """aiohttp's socket factory: a socket for an address that may be connected to; raises AddressRefused."""
        family, kind, protocol, _, target = info
        address, port = str(target[0]), int(target[1])
        reason = refusal(address)
        if reason is not None and (plain_host(address), port) not in self._open:
            raise AddressRefused(address, reason)
        return socket.socket(family, kind, protocol)

    def connector(
        self, resolver: AbstractResolver | None = None, *, limit: int = 100, ttl_dns_cache_s: int = 60
    ) -> TCPConnector:
        """A connector whose every connection is judged. Call it inside the running event loop."""
        return TCPConnector(
            resolver=GuardedResolver(self, resolver or ThreadedResolver()),
            socket_factory=self.open_socket,
            limit=limit,
            ttl_dns_cache=ttl_dns_cache_s,
        )


class GuardedResolver(AbstractResolver):
    """Hands on only the addresses that the guard permits."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of ``host`` that may be connected to; raises AddressRefused when there is none."""
        found = await self._inner.resolve(host, port, family)
        kept = self._guard.permitted(host, port, [result["host"] for result in found])
        return [result for result in found if result["host"] in kept]

    async def close(self) -> None:
        """Close the resolver inside."""
        await self._inner.close()


def refused_reason(error: BaseException) -> str | None:
    """The guard's reason behind an error of aiohttp; None when the guard had no part in it."""
    current: BaseException | None = error
    while current is not None and not isinstance(current, AddressRefused):
        current = current.__cause__
    return current.reason if current is not None else None
