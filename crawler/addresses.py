"""Which network addresses a crawl may talk to: public ones, and the private ones where a configured seed stands.

A page, a redirect, a sitemap or a DNS answer is written by somebody else; none of them may lead the crawler into the
network it runs in. The check is made on the address that is connected to, so that a name which resolves differently
the second time (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Collection

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from crawler.errors import FetchError
from crawler.url import host_of

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")


def is_public(address: str) -> bool:
    """Is this IP address reachable by everybody? IPv4 addresses inside IPv6 ones count as what they wrap."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _wrapped_ipv4(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast


def _wrapped_ipv4(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in network for network in _NAT64) or (ip in _IPV4_COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def is_address(host: str) -> bool:
    """Is the host an IP address rather than a name?"""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def address_refused(url_or_host: str, address: str) -> FetchError:
    """The error for an address that may not be connected to."""
    return FetchError(
        url_or_host,
        "address",
        f"{url_or_host} leads to {address}, which is not a public address",
        "To crawl a private or local site, name it as a seed",
    )


class GuardedResolver(AbstractResolver):
    """Resolves names and refuses those with any non-public address, except ``trusted`` hosts (``host:port``)."""

    def __init__(self, trusted: Collection[str] = ()) -> None:
        self.trusted = set(trusted)
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Addresses of ``host``; raises FetchError (reason ``address``) when one of them is not public."""
        found = await self._resolver.resolve(host, port, family)
        if f"{host}:{port}" not in self.trusted:
            for item in found:
                if not is_public(item["host"]):
                    raise address_refused(host, item["host"])
        return found

    async def close(self) -> None:
        """Close the resolver below."""
        await self._resolver.close()


def check_literal(url: str, host_port: str, trusted: Collection[str]) -> None:
    """Refuse a URL whose host is written as a non-public address: names alone go through the resolver."""
    host = host_of(url)
    if host_port not in trusted and is_address(host) and not is_public(host):
        raise address_refused(url, host)
