"""The settings that are about one URL."""

from crawler.config import CrawlConfig
from crawler.urls.scope import Scope
from crawler.urls.url import canonicalise, origin_of
from server.settings.config import Config


def scope_of(config: Config, url: str) -> tuple[CrawlConfig, Scope]:
    """Settings and scope of the site that a canonical URL belongs to; without seeds, of a crawl that begins there."""
    sites = [site for site in config.all_sites() if origin_of(url) in map(_origin, site.seeds)]
    crawl = sites[0].crawl if sites else config.crawl
    seeds = [seed for site in sites or config.all_sites() for seed in site.seeds]
    return crawl, Scope(crawl, {_origin(seed) for seed in seeds} or {origin_of(url)})


def _origin(seed: str) -> str:
    return origin_of(canonicalise(seed))
