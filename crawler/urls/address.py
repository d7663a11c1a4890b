"""Which network addresses a crawler must not be talked into visiting.

Pure functions over text. The tables follow the IANA special-purpose address registries (RFC 6890 and its updates);
what is not global unicast is refused, so a range assigned tomorrow is refused until it is listed.
"""

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

import ada_url

METADATA = "cloud metadata"
LOOPBACK = "loopback"
PRIVATE = "private"

_METADATA_ADDRESSES = frozenset(
    {
        "169.254.169.254",  # most clouds
        "169.254.170.2",  # container credentials
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",  # looks public, answers only inside one cloud
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    }
)
_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"})

_IPV4 = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", PRIVATE),
        ("100.64.0.0/10", "shared carrier (CGNAT)"),
        ("127.0.0.0/8", LOOPBACK),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", PRIVATE),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", PRIVATE),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_IPV6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "unspecified"),
        ("::1/128", LOOPBACK),
        ("64:ff9b:1::/48", "local translation (NAT64)"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("2001::/23", "reserved"),
        ("2002::/16", "retired translation (6to4)"),
        ("fc00::/7", PRIVATE),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_IPV6_GLOBAL = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


@lru_cache(maxsize=4096)
def refusal(address: str) -> str | None:
    """Why this IP address is not to be connected to, or None for a public one.

    An IPv6 address that carries an IPv4 address (mapped, compatible, 6to4, NAT64, Teredo, ISATAP) is judged by both.
    Anything that is not a plain IPv4 or IPv6 address is refused as well.

    >>> refusal("::ffff:169.254.169.254")
    'cloud metadata (169.254.169.254 in an IPv4-mapped address)'
    """
    if "%" in address:
        return "an address with a zone"
    if address in _METADATA_ADDRESSES:
        return METADATA
    try:
        return _refusal_4(IPv4Address(address))
    except AddressValueError:
        pass
    try:
        return _refusal_6(IPv6Address(address))
    except AddressValueError:
        return "not an IP address"


def name_refusal(host: str) -> str | None:
    """Why a host name is refused before it is looked up: names that stand for this machine or its cloud."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith((".localhost", ".localdomain")) or name == "localdomain":
        return LOOPBACK
    if name in _METADATA_NAMES:
        return METADATA
    return None


def host_refusal(host: str) -> str | None:
    """Why a host, written as an address or as a name, is refused before any look-up."""
    return refusal(host) if is_address(host) else name_refusal(host)


def host_and_port(url: str) -> tuple[str, int] | None:
    """Host (no brackets, no dot at the end) and port that a browser would connect to; None for what is not http(s).

    >>> host_and_port("http://user@0x7f.1:8080/")
    ('127.0.0.1', 8080)
    """
    try:
        parsed = ada_url.URL(url)
    except (ValueError, UnicodeEncodeError):
        return None
    if parsed.protocol not in ("http:", "https:"):
        return None
    port = int(parsed.port) if parsed.port else (443 if parsed.protocol == "https:" else 80)
    return plain_host(parsed.hostname), port


def plain_host(host: str) -> str:
    """One spelling for a host: lower case, no brackets, no dot at the end, IPv6 compressed."""
    host = host.lower().strip("[]").rstrip(".")
    try:
        return str(IPv6Address(host)) if ":" in host else host
    except AddressValueError:
        return host


def is_address(host: str) -> bool:
    """Whether a plain host is an IP address rather than a name."""
    return ":" in host or host.replace(".", "").isdecimal()


def _refusal_4(address: IPv4Address) -> str | None:
    if str(address) in _METADATA_ADDRESSES:
        return METADATA
    return next((reason for network, reason in _IPV4 if address in network), None)


def _refusal_6(address: IPv6Address) -> str | None:
    if str(address) in _METADATA_ADDRESSES:
        return METADATA
    for form, inner in _carried(address):
        if reason := _refusal_4(inner):
            return f"{reason} ({inner} in {form} address)"
    if address.ipv4_mapped is not None or address in _NAT64:
        return None
    if reason := next((reason for network, reason in _IPV6 if address in network), None):
        return reason
    return None if address in _IPV6_GLOBAL else "reserved"


def _carried(address: IPv6Address) -> list[tuple[str, IPv4Address]]:
    """IPv4 addresses inside an IPv6 address, with the name of the form (RFC 4291, 3056, 6052, 4380, 5214)."""
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    found: list[tuple[str, IPv4Address]] = []
    if address.ipv4_mapped is not None:
        found.append(("an IPv4-mapped", address.ipv4_mapped))
    elif address in _COMPATIBLE and int(address) > 1:
        found.append(("an IPv4-compatible", low))
    if address in _NAT64:
        found.append(("a NAT64", low))
    if address.sixtofour is not None:
        found.append(("a 6to4", address.sixtofour))
    if address.teredo is not None:
        found += [("a Teredo", address.teredo[0]), ("a Teredo", address.teredo[1])]
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(("an ISATAP", low))
    return found
