"""Whether a crawl can begin at a seed: its host, robots.txt, sitemaps and first page, asked for now."""

import asyncio
import socket
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from crawler.outcome import Outcome
from crawler.urls.url import canonicalise, origin_of
from crawler.visit.sitemap import SitemapReader
from server.probe.probe import Probe
from server.settings.config import Config

MAX_SITEMAPS = 10
"""Sitemaps that are read; a site may have hundreds."""

Json = dict[str, Any]


async def seeds_told(config: Config) -> list[Json]:
    """One document for each seed of each site, in their order."""
    seeds = dict.fromkeys(
        canonicalise(seed, site.crawl.tracking_parameters) for site in config.all_sites() for seed in site.seeds
    )
    return [await seed_told(config, seed) for seed in seeds]


async def seed_told(config: Config, seed: str) -> Json:
    """What is at one canonical seed. ``outcome`` is what a crawl would make of its page; ``error`` as in urltest."""
    async with Probe(config, seed) as probe:
        document = await probe.page(seed, is_seed=True)
        # A proxy looks names up by itself.
        addresses = [] if probe.crawl.proxy else await _addresses(seed)
        sitemaps = (
            {}
            if document["outcome"] is Outcome.FAILED
            else await _sitemaps(probe, seed, document["robots"]["sitemaps"])
        )
    kept = ("url", "outcome", "reason", "status", "title", "redirect", "robots", "error")
    return {key: document[key] for key in kept if key in document} | {"addresses": addresses, "sitemaps": sitemaps}


async def _addresses(url: str) -> list[str]:
    parts = urlsplit(url)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except OSError:
        # The error of the page tells of it.
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def _sitemaps(probe: Probe, seed: str, listed: list[str]) -> dict[str, int]:
    """Sitemap -> how many pages it lists."""
    own = [url for url in map(canonicalise, probe.crawl.sitemaps) if origin_of(url) == origin_of(seed)]
    named = [*(listed if probe.crawl.use_sitemaps else ()), *own]
    if not named and not probe.crawl.use_sitemaps:
        return {}
    reader = SitemapReader(replace(probe.crawl, max_sitemaps=MAX_SITEMAPS), probe.fetcher, probe.robots)
    return {url: len(entries) async for url, entries in reader.read(origin_of(seed), named)}
