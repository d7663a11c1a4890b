"""Which URLs belong to a crawl, decided from the URL alone."""

import re
from collections.abc import Collection

from crawler.config import CrawlConfig
from crawler.url import origin_of

NOT_A_PAGE = re.compile(
    r"\.(?:7z|aac|apk|avi|bin|bmp|bz2|class|css|csv|deb|dmg|doc|docx|dot|eot|eps|epub|exe|flac|gif|gz|ico|inv|iso|jar|jpeg"
    r"|jpg|js|json|m4a|m4v|map|mkv|mov|mp3|mp4|mpeg|mpg|msi|odp|ods|odt|ogg|otf|pdf|pkg|png|ppt|pptx|ps|rar|rpm|rtf|so"
    r"|svg|swf|tar|tgz|tif|tiff|tmp|ttf|wasm|wav|webm|webp|whl|wmv|woff|woff2|xls|xlsx|xz|zip|zst)$",
    re.IGNORECASE,
)
"""Endings that never are pages; asking a server for them would only cost both sides time."""


class Scope:
    """The rules of a crawl, in the order they are tried."""

    def __init__(self, config: CrawlConfig, origins: Collection[str]) -> None:
        self._config = config
        self.origins = set(origins)
        self._include = _patterns(config.include)
        self._exclude = _patterns(config.exclude)

    def refusal(self, url: str) -> str | None:
        """The rule that keeps a canonical URL out, as one word; None when it belongs to the crawl."""
        origin = origin_of(url)
        path = url[len(origin) :]
        if origin not in self.origins:
            return "other_site"
        if _matches(self._exclude, url, path):
            return "excluded"
        if self._include and not _matches(self._include, url, path):
            return "not_included"
        return self._trap(url, path)

    def _trap(self, url: str, path: str) -> str | None:
        bare, _, query = path.partition("?")
        if len(url) > self._config.max_url_chars:
            return "url_too_long"
        if bare.count("/") > self._config.max_path_segments:
            return "too_many_segments"
        if query and query.count("&") >= self._config.max_query_parameters:
            return "too_many_parameters"
        if NOT_A_PAGE.search(bare):
            return "not_a_page"
        return None


def _patterns(globs: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """``*`` stands for any characters and ``?`` for one; a glob that starts with ``/`` means path and query."""
    return tuple(re.compile(re.escape(glob).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL) for glob in globs)


def _matches(patterns: tuple[re.Pattern[str], ...], url: str, path: str) -> bool:
    return any(p.fullmatch(path if p.pattern.startswith("/") else url) for p in patterns)
