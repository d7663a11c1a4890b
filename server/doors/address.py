"""Where does a request come from? What a proxy says of it is believed of named proxies alone: pure functions."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

Networks = Sequence[IPv4Network | IPv6Network]


def is_within(address: str, known: Networks) -> bool:
    """Whether an address is in one of the networks; what is no address is in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in network for network in known)


def is_loopback(host: str) -> bool:
    """Whether a server that listens on this host is reached from its own machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def caller_of(peer: str, headers: Mapping[str, str], proxies: Networks) -> str:
    """The caller's address: the last one in ``X-Forwarded-For`` that is no proxy of ours, else the peer's own."""
    address = peer
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while is_within(address, proxies) and forwarded:
        address = forwarded.pop()
    return address
