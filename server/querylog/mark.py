"""Who asked, as a mark that lets a few askers be counted and tells nobody who they are: a pure function."""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network

MARKS = 256
"""An asker is one of so many marks: enough to count a few, too few to tell who it was."""

IPV6_NETWORK_BITS = 64
"""One household or machine has all addresses of such a network (RFC 6177)."""


def mark_of(secret: bytes, payer: str, site: str, same: str) -> int:
    """Which mark stands for the payer of a request.

    It is another one for each query and site, so that nobody can tell which queries were asked by the same person.
    """
    told = "\0".join((_network(payer), site, same)).encode("utf-8", "replace")
    return int.from_bytes(hmac.digest(secret, told, "sha256")) % MARKS


def _network(payer: str) -> str:
    """The same payer for all addresses that one household has; addresses stand at the end."""
    *rest, address = payer.split(" ")
    try:
        found = ip_address(address)
    except ValueError:
        return payer
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return " ".join((*rest, str(ip_network((found, IPV6_NETWORK_BITS), strict=False))))
    return payer
