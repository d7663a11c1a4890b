"""/api/v1/sites: where the crawls of each site stand, how old its pages are, and to start and stop them."""

import time
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from indexer.store import Filters
from server.api.access import Admin, Served
from server.api.backend import Backend
from server.api.gauges import Ages
from server.api.parameters import known_parameters
from server.api.schemas.errors import ProblemSchema
from server.doors.asker import Asker
from server.errors import NoSite
from server.schedule.control import start, stop
from server.schedule.status import schedule_status
from server.settings.config import Config

MAX_HOSTS = 10_000
router = APIRouter(prefix="/api/v1", tags=["sites"], dependencies=[Depends(known_parameters)])


class FreshnessBody(BaseModel):
    """Seconds since the site's pages were fetched: half of them, nine of ten, and all are no older."""

    p50_s: float
    p90_s: float
    max_s: float


class SiteBody(BaseModel):
    """A site. Times are ISO 8601 in the schedule's time zone; `counts` are of the crawl under way, else of the last."""

    name: str
    seeds: list[str]
    schedule: list[str]
    paused: bool
    priority: int
    state: Literal["idle", "waiting", "running"]
    started: str | None
    finished: str | None
    outcome: str | None
    detail: str
    counts: dict[str, int]
    next: str | None
    documents: int = Field(description="Those of its hosts that the caller may see")
    freshness: FreshnessBody | None = Field(description="null where no page says when it was fetched")


class SitesBody(BaseModel):
    """All sites of the configuration."""

    sites: list[SiteBody]


CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemSchema, "description": "Another process crawls it, or is writing down how far it is"}
}


@router.get("/sites")
def get_sites(request: Request, backend: Served, asker: Admin) -> SitesBody:
    """Every site: its crawls, its pages, and how old they are."""
    return SitesBody(sites=_sites(request, backend, asker))


@router.get("/sites/{name}")
def get_site(request: Request, backend: Served, asker: Admin, name: str) -> SiteBody:
    """One of them."""
    known = _known(backend, asker, name)
    return next(site for site in _sites(request, backend, asker) if site.name == known)


@router.post("/sites/{name}/crawl", status_code=202, responses=CONFLICT)
def post_crawl(request: Request, backend: Served, asker: Admin, name: str) -> SiteBody:
    """Have it crawled now: by the workers, by whoever keeps the schedule, or by a process made for it."""
    start(backend.config, _known(backend, asker, name))
    return get_site(request, backend, asker, name)


@router.delete("/sites/{name}/crawl", status_code=202, responses=CONFLICT)
def delete_crawl(request: Request, backend: Served, asker: Admin, name: str) -> SiteBody:
    """Stop its crawl: it ends at one of its next pages, what was read is kept, and the next crawl goes on."""
    stop(backend.config, _known(backend, asker, name), f"key {asker.key_id}")
    return get_site(request, backend, asker, name)


def _sites(request: Request, backend: Backend, asker: Asker) -> list[SiteBody]:
    ages: Ages = request.app.state.ages
    hosts = _documents(backend, asker)
    found = []
    for site in schedule_status(backend.config, time.time):
        own = hosts_of(site["seeds"])
        if asker.sites and not own & {*asker.sites}:
            continue
        old = ages.quantiles(backend.store(), own, (0.5, 0.9, 1.0))
        freshness = FreshnessBody(p50_s=old[0], p90_s=old[1], max_s=old[2]) if old else None
        documents = sum(hosts.get(host, 0) for host in own)
        found.append(SiteBody(**site, documents=documents, freshness=freshness))
    return found


def hosts_of(seeds: list[str]) -> set[str]:
    """The hosts that documents of these seeds stand on, as a document names its site."""
    return {urlsplit(seed).netloc.rpartition("@")[2].lower() for seed in seeds}


def _documents(backend: Backend, asker: Asker) -> dict[str, int]:
    if not backend.store().count().documents:
        return {}
    return dict(backend.store().facets("", ["site"], asker.narrowed(Filters()), MAX_HOSTS)["site"])


def _known(backend: Backend, asker: Asker, name: str) -> str:
    """Raises NoSite, in the same words where there is none and where the key is for others."""
    config: Config = backend.config
    for site in config.all_sites():
        if site.name == name and (not asker.sites or hosts_of(list(site.seeds)) & {*asker.sites}):
            return name
    raise NoSite(f"There is no site {name}", "List them with GET /api/v1/sites")
