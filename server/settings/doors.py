"""Settings of the doors: tokens, signing in elsewhere, proxies and limits."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class TokensConfig:
    """Signed tokens (JWT) as a source of access groups; off where ``jwks`` is empty.

    ``jwks`` is the URL or file of the signer's public keys (RFC 7517). A token must name this ``audience``, be signed
    with one of ``algorithms``, and not be expired; where ``issuer`` is set, it must be the token's. The groups stand in
    its claim ``groups_claim``, dots leading into objects.
    """

    jwks: str = ""
    audience: str = ""
    issuer: str = ""
    groups_claim: str = "groups"
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")

    def __post_init__(self) -> None:
        if self.jwks and not self.audience:
            raise ValueError("tokens.audience is empty; without it a token for another service would open this one")
        # A shared secret (HS...) or none would let anybody who can read the public keys sign tokens.
        if wrong := [name for name in self.algorithms if not name.startswith(("RS", "PS", "ES", "EdDSA"))]:
            raise ValueError(f"tokens.algorithms has {wrong[0]}, which needs no private key to sign")


@dataclass(frozen=True, slots=True)
class OidcConfig:
    """Signing in to the admin area at an OpenID provider; off where ``issuer`` is empty.

    ``issuer`` is the provider's address, below which its description stands (OpenID Connect Discovery 1.0). Those may
    come in whose claim ``name_claim`` is among ``users``, or whose ``groups_claim`` has one of ``groups``.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    name_claim: str = "email"
    users: tuple[str, ...] = ()
    groups_claim: str = "groups"
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.issuer:
            return
        if not is_safe_address(self.issuer):
            raise ValueError(f"oidc.issuer {self.issuer!r} is not such as https://login.example.com")
        if not self.client_id:
            raise ValueError("oidc.client_id is empty; the provider gives one to each service that people sign in to")
        if not self.users and not self.groups:
            raise ValueError("oidc.users and oidc.groups are both empty; everybody at the provider would come in")
        if "openid" not in self.scopes:
            raise ValueError("oidc.scopes lacks openid, without which no provider says who signs in")


def is_safe_address(url: str) -> bool:
    """Whether what is sent there stays secret on its way: by https, or on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "http":
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False
    return parts.scheme == "https" and bool(host)


@dataclass(frozen=True, slots=True)
class ProxyConfig:
    """``addresses`` (or networks) of reverse proxies in front of this server: what they say of a request is believed.

    That is its address (``X-Forwarded-For``) and, where ``groups_header`` names one, the caller's access groups, with
    commas between them.
    """

    addresses: tuple[str, ...] = ()
    groups_header: str = ""

    def __post_init__(self) -> None:
        self.networks()
        if self.groups_header and not self.addresses:
            raise ValueError("proxy.groups_header needs proxy.addresses: only a named proxy may set it")

    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The addresses as networks; raises ValueError naming the text that is none."""
        return tuple(ip_network(text, strict=False) for text in self.addresses)


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """Requests a minute of one caller, and of these how many answers; 0 for no limit.

    None (empty) is 600 and 60, but no limit where the server is reached from its own machine alone. A caller is a
    secret key, else an address. ``max_at_once`` requests of all callers are worked on; 0 for any number.
    """

    per_minute: int | None = None
    answers_per_minute: int | None = None
    max_body_bytes: int = 1_000_000
    max_push_bytes: int = 50_000_000
    max_at_once: int = 200

    def __post_init__(self) -> None:
        for name in ("per_minute", "answers_per_minute", "max_at_once"):
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f"limits.{name} is less than 0")
        for name in ("max_body_bytes", "max_push_bytes"):
            if getattr(self, name) < 1:
                raise ValueError(f"limits.{name} is less than 1")
