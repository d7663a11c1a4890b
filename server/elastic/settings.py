"""A crawler.yml of Elastic's Open Crawler as settings of this installation."""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any
from urllib.parse import urlsplit

from crawler.config import CrawlConfig
from server.elastic.crawl_config import ElasticConfig, ElasticSite


def settings_of(file: ElasticConfig) -> dict[str, Any]:
    """What recollect.yml would say; one domain is the seeds of the file, several are its sites."""
    raw: dict[str, Any] = {"crawl": _changes(file.config, CrawlConfig())}
    if file.schedules:
        raw["schedule"] = list(file.schedules)
    if len(file.sites) == 1:
        raw["seeds"] = list(file.sites[0].seeds)
        raw["crawl"] |= _changes(file.sites[0].config, file.config)
    else:
        raw["sites"] = [_site(site, file) for site in file.sites]
    if file.store is not None:
        raw["store"] = file.store.url
        raw["elasticsearch"] = dict(file.store.account)
    return raw


def _site(site: ElasticSite, file: ElasticConfig) -> dict[str, Any]:
    parts = urlsplit(site.origin)
    hosts = [urlsplit(other.origin).hostname for other in file.sites]
    host = parts.hostname or "site"
    name = host if hosts.count(host) == 1 else f"{host}-{parts.port or parts.scheme}"
    return {
        "name": name.strip("[]").replace(":", "-"),
        "seeds": list(site.seeds),
        "crawl": _changes(site.config, file.config),
    }


def _changes(config: CrawlConfig, base: CrawlConfig) -> dict[str, Any]:
    """What differs, as it would stand in a file."""
    return {
        f.name: _plain(value) for f in fields(config) if (value := getattr(config, f.name)) != getattr(base, f.name)
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {key: item for key, item in asdict(value).items() if item not in ("", None, {})}
    return dict(value) if isinstance(value, Mapping) else value
