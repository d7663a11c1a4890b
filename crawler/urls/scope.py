"""Which URLs belong to a crawl, decided from the URL alone."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from crawler.outcome import Reason
from crawler.urls.address import host_and_port, host_refusal
from crawler.urls.config import ScopeConfig
from crawler.urls.glob import first_match, patterns_of
from crawler.urls.trap import is_trap
from crawler.urls.url import origin_of
from crawler.urls.url_rule import deciding_index

NOT_A_PAGE = re.compile(
    r"\.(?:7z|aac|apk|avi|bin|bmp|bz2|class|css|deb|dmg|doc|dot|eot|eps|epub|exe|flac|gif|gz|ico|inv|iso|jar|jpeg"
    r"|jpg|js|json|m4a|m4v|map|mkv|mov|mp3|mp4|mpeg|mpg|msi|odp|ods|odt|ogg|otf|pkg|png|ppt|ps|rar|rpm|rtf|so"
    r"|svg|swf|tar|tgz|tif|tiff|tmp|ttf|wasm|wav|webm|webp|whl|wmv|woff|woff2|xls|xz|zip|zst)$",
    re.IGNORECASE,
)
"""Endings that never are pages; asking a server for them would only cost both sides time."""

DOCUMENT = re.compile(r"\.(?:csv|docx|pdf|pptx|tsv|xlsx)$", re.IGNORECASE)
MAX_REMEMBERED = 50_000
"""Decisions kept, since every page of a site repeats its menu (about 10 MB)."""


class Refusal(NamedTuple):
    """Why a URL stays out: one word, and the setting that decided."""

    reason: Reason
    detail: str


class Scope:
    """The rules of a crawl, in the order they are tried: site, ``exclude``, ``include``, ``rules``, then limits."""

    def __init__(self, config: ScopeConfig, origins: Collection[str]) -> None:
        self._config = config
        self.origins = set(origins)
        self._include = patterns_of(config.include)
        self._exclude = patterns_of(config.exclude)
        self._remembered: dict[str, Reason | None] = {}

    def refusal(self, url: str, *, is_own: bool = False) -> Reason | None:
        """The rule that keeps a canonical URL out; None when it belongs to the crawl.

        With ``is_own`` its site counts as one of the crawl's, which it is about to become.
        """
        if is_own:
            path = url[len(origin_of(url)) :]
            return self._left_out(url, path) or self._trap(url, path)
        try:
            return self._remembered[url]
        except KeyError:
            pass
        origin = origin_of(url)
        if origin not in self.origins:
            # A seed that redirects may let this site in later, so this is not remembered.
            return Reason.OTHER_SITE if _inside(origin) is None else Reason.ADDRESS
        path = url[len(origin) :]
        reason = self._left_out(url, path) or self._trap(url, path)
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        self._remembered[url] = reason
        return reason

    def explain(self, url: str) -> Refusal | None:
        """``refusal`` with the setting that decided, in words."""
        reason = self.refusal(url)
        return None if reason is None else Refusal(reason, self._detail(reason, url))

    def deciding_rule(self, url: str) -> str | None:
        """The first of ``rules`` that is about a URL, in words; None where none is."""
        origin = origin_of(url)
        index = deciding_index(self._config.rules, _bare(url[len(origin) :]))
        return None if index is None else f"rules[{index}] {self._config.rules[index]}"

    def _left_out(self, url: str, path: str) -> Reason | None:
        if first_match(self._exclude, url, path) is not None:
            return Reason.EXCLUDED
        if self._include and first_match(self._include, url, path) is None:
            return Reason.NOT_INCLUDED
        rules = self._config.rules
        if rules:
            index = deciding_index(rules, _bare(path))
            if index is not None and not rules[index].is_allowed:
                return Reason.RULE
        return None

    def _trap(self, url: str, path: str) -> Reason | None:
        bare, _, query = path.partition("?")
        if len(url) > self._config.max_url_chars:
            return Reason.URL_TOO_LONG
        if bare.count("/") > self._config.max_path_segments:
            return Reason.TOO_MANY_SEGMENTS
        if query and query.count("&") >= self._config.max_query_parameters:
            return Reason.TOO_MANY_PARAMETERS
        if NOT_A_PAGE.search(bare) or (not self._config.read_documents and DOCUMENT.search(bare)):
            return Reason.NOT_A_PAGE
        if is_trap(bare, query):
            return Reason.TRAP
        return None

    def _detail(self, reason: Reason, url: str) -> str:
        config, origin = self._config, origin_of(url)
        path, _, query = url[len(origin) :].partition("?")
        match reason:
            case Reason.OTHER_SITE:
                detail = f"{origin} is not among the sites of the crawl: {', '.join(sorted(self.origins))}"
            case Reason.ADDRESS:
                detail = f"{origin} is refused: {_inside(origin)}"
            case Reason.EXCLUDED:
                index = first_match(self._exclude, url, url[len(origin) :]) or 0
                detail = f"exclude[{index}] {config.exclude[index]}"
            case Reason.NOT_INCLUDED:
                detail = "none of include: " + ", ".join(config.include)
            case Reason.RULE:
                detail = self.deciding_rule(url) or ""
            case Reason.URL_TOO_LONG:
                detail = f"{len(url)} characters, more than max_url_chars={config.max_url_chars}"
            case Reason.TOO_MANY_SEGMENTS:
                detail = f"{path.count('/')} path segments, more than max_path_segments={config.max_path_segments}"
            case Reason.TOO_MANY_PARAMETERS:
                detail = (
                    f"{query.count('&') + 1} parameters, more than max_query_parameters={config.max_query_parameters}"
                )
            case Reason.TRAP:
                detail = "its path or its query repeats itself"
            case _:
                detail = f"its path ends like a file that is no page: {path[-20:]}"
        return detail


@lru_cache(maxsize=4096)
def _inside(origin: str) -> str | None:
    """Why the guard refuses an origin that is no site of the crawl, by what is written in it."""
    endpoint = host_and_port(origin)
    return host_refusal(endpoint[0]) if endpoint else None


def _bare(path: str) -> str:
    return path.partition("?")[0] or "/"
