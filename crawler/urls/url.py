"""One spelling for every URL: parsed by the WHATWG rules browsers follow, then normalised by RFC 3986 section 6.2.2."""

import re
from functools import lru_cache

import ada_url

from crawler.errors import BadUrl
from crawler.urls.config import TRACKING_PARAMETERS

_ESCAPE = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})")
"""Not behind half an escape, with which the unpacked character would make a whole one."""

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_MATRIX_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE)

_SEGMENT = r"[\w~!$&()*+,=:.-]*(?:%(?!2e)[0-9a-f]{2}[\w~!$&()*+,=:.-]*)*"
_PLAIN = re.compile(
    rf"(?:(https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?)?((?:/(?![./]){_SEGMENT})+)"
    rf"|[\w-][\w~!$&()*+,=.-]*(?:/(?![./]){_SEGMENT})*)(?:\?[\w~!$&()*+,/:;?=.%-]*)?",
    re.ASCII | re.IGNORECASE,
)
"""An address without dot segments, empty ones, or anything to escape: whole, from the root, or from where it stands."""


def join(base: str, href: str) -> str | None:
    """Resolve ``href`` against ``base`` as a browser does; None for anything that is not an http or https URL."""
    try:
        url = ada_url.join_url(base, href)
    except (ValueError, UnicodeEncodeError):
        return None
    return url if url.startswith(("http://", "https://")) else None


def canonicalise(url: str, tracking: tuple[str, ...] = TRACKING_PARAMETERS) -> str:
    """The one spelling under which a URL is fetched, stored and compared.

    Lower-case scheme and host, no default port, no dot segments, no fragment, no user name or password, no tracking
    parameters or session ids, escapes in upper case and only where needed. The order of parameters is kept: a server
    may care. Raises BadUrl when the text is not an http or https URL.

    >>> canonicalise("HTTP://Example.org:80/a/../b?utm_source=x&q=1#top")
    'http://example.org/b?q=1'
    """
    try:
        parsed = ada_url.URL(url)
    except (ValueError, UnicodeEncodeError):
        parsed = None
    if parsed is None or not parsed.href.startswith(("http://", "https://")):
        raise BadUrl(
            f"{url!r} is not a web address",
            "Give a URL that starts with http:// or https://, such as https://example.org/",
        )
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""
    return _tidy(parsed.href, tracking)


def resolve(base: str, href: str, tracking: tuple[str, ...] = TRACKING_PARAMETERS) -> str | None:
    """``join`` and ``canonicalise`` in one step for the links of a page; None for what cannot be crawled."""
    url = _joined_plainly(base, href) or join(base, href)
    if url is None:
        return None
    if "@" in url:
        return canonicalise(url, tracking)
    return _tidy(url, tracking)


def _joined_plainly(base: str, href: str) -> str | None:
    """What ``join`` gives, for addresses that need no more than to be put together, as nearly all do; else None."""
    plain = _PLAIN.fullmatch(href)
    if plain is None:
        return None
    origin, rooted = plain.groups()
    if origin is not None:
        return href if _is_spelled_well(origin) else None
    place = _place(base)
    if place is None:
        return None
    return f"{place[0]}{href}" if rooted else f"{place[1]}{href}"


@lru_cache(maxsize=4096)
def _is_spelled_well(origin: str) -> bool:
    return join(f"{origin}/", "") == f"{origin}/"


@lru_cache(maxsize=64)
def _place(base: str) -> tuple[str, str] | None:
    """The origin of a page, and the folder it stands in."""
    root, folder = join(base, "/"), join(base, ".")
    return None if root is None or folder is None or "@" in root else (root[:-1], folder)


def origin_of(url: str) -> str:
    """Scheme, host and port of a canonical URL, without a slash at the end."""
    end = url.find("/", 8)
    return url if end < 0 else url[:end]


def _tidy(url: str, tracking: tuple[str, ...]) -> str:
    url, _, _ = url.partition("#")
    if "%" in url:
        url = _ESCAPE.sub(_normal_escape, url)
    if ";" in url:
        url = _MATRIX_SESSION.sub("", url)
    if "?" in url:
        path, _, query = url.partition("?")
        kept = [
            part for part in query.split("&") if part and not _is_tracking(part.partition("=")[0].lower(), tracking)
        ]
        url = f"{path}?{'&'.join(kept)}" if kept else path
    return url


def _normal_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


@lru_cache(maxsize=4096)
def _is_tracking(name: str, patterns: tuple[str, ...]) -> bool:
    return any(name.startswith(p[:-1]) if p.endswith("*") else name == p for p in patterns)
