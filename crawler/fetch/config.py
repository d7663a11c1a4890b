"""Settings of fetching: the way to a site, signing in there, and how fast it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from crawler.documents.config import ReaderConfig
from crawler.urls.config import AgentConfig, RobotsConfig

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
_PORTS = {"http": 80, "https": 443}
_NEEDS = {
    "basic": ("user",),
    "bearer": ("token",),
    "header": ("header", "token"),
    "form": ("login_url", "login_fields"),
}


@dataclass(frozen=True, slots=True)
class AuthConfig:
    """How to sign in to a site: sent to the origin of ``url`` and below its path, never anywhere else.

    ``basic`` sends ``user`` and ``password``, ``bearer`` the ``token``, ``header`` the ``token`` as the header named
    ``header``; ``form`` posts ``login_fields`` (name of a field -> value) with the hidden fields of the form found at
    ``login_url``, which stands on the same origin. Raises ValueError for what cannot be meant.
    """

    url: str
    kind: Literal["basic", "bearer", "header", "form"] = "basic"
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    header: str = ""
    login_url: str = ""
    login_fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if _origin(self.url) is None:
            raise ValueError(f"url is {self.url!r}, expected a web address such as https://example.org/")
        for name in _NEEDS[self.kind]:
            if not getattr(self, name):
                raise ValueError(f"{name} is missing, which the kind {self.kind!r} needs ({self.url})")
        if self.login_url and _origin(self.login_url) != _origin(self.url):
            raise ValueError(f"login_url {self.login_url} is on another origin than url {self.url}")
        for name in ("user", "password", "token", "header"):
            if any(ord(character) < 32 for character in getattr(self, name)):
                raise ValueError(f"{name} holds a control character ({self.url})")
        if self.kind == "basic" and ":" in self.user:
            raise ValueError(f"user holds a colon, which basic authentication cannot send ({self.url})")


@dataclass(frozen=True)
class FetchConfig(AgentConfig, ReaderConfig):
    """How one URL is asked for. Times are seconds, sizes bytes.

    ``authentication`` tells credentials for sites; all requests go through ``proxy`` but those to ``no_proxy`` hosts.
    ``max_redirects`` is for those who follow them. ``warc`` names a file that takes every exchange, and beyond
    ``max_warc_bytes`` they go on in further files. Raises ValueError for what is no proxy.
    """

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 20.0
    timeout_s: float = 60.0
    max_redirects: int = 10
    max_page_bytes: int = 10 * 1024 * 1024
    authentication: tuple[AuthConfig, ...] = ()
    proxy: str = field(default="", repr=False)
    no_proxy: tuple[str, ...] = ()
    warc: Path | None = None
    max_warc_bytes: int = 1_000_000_000

    def __post_init__(self) -> None:
        _check_proxy(self.proxy)


@dataclass(frozen=True)
class PaceConfig(RobotsConfig):
    """How fast a host is asked; a host that is slowed down obeys the same limit as its Crawl-delay.

    ``delay_s`` None means 0.25 s between requests to a public host and none to loopback, where one's own server is.
    """

    delay_s: float | None = None
    max_retry_after_s: float = 120.0
    concurrency: int = 32
    concurrency_per_host: int = 8


def _check_proxy(proxy: str) -> None:
    """Raise ValueError, without the password, for what is no proxy's URL."""
    parts = _split(proxy)
    if proxy and (parts is None or parts.scheme not in PROXY_SCHEMES or not parts.hostname):
        example = "http://user:password@proxy.example.org:3128"
        raise ValueError(f"proxy is no URL of a proxy ({', '.join(PROXY_SCHEMES)}), such as {example}")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _origin(url: str) -> tuple[str, str, int] | None:
    parts = _split(url)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname.rstrip("."), parts.port or _PORTS[parts.scheme]
