"""Settings of a crawl."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from crawler.documents.draft import DocumentConfig
from crawler.extract.rules import ExtractionRule
from crawler.fetch.config import AuthConfig, check_proxy
from crawler.urls.url_rule import UrlRule

TRACKING_PARAMETERS = (
    "utm_*",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "fbclid",
    "msclkid",
    "yclid",
    "twclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "jsessionid",
    "phpsessid",
    "aspsessionid*",
    "cfid",
    "cftoken",
)
"""Query parameters that name the visitor or the way he came, never the content; ``*`` at the end matches any rest."""


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """What to crawl and how gently. Defaults suit somebody else's site; times are seconds, sizes bytes.

    ``include`` and ``exclude`` are globs over the whole URL (``*`` crosses ``/``); a pattern that starts with ``/`` is
    matched against path and query. Without ``include`` everything on the seeds' origins is in scope; of ``rules`` the
    first that fits decides. ``max_pages`` counts the pages of a round, ``max_pages_per_site`` those of each origin.
    After ``max_seconds`` the crawl stops and goes on there next time. ``sitemaps`` are read besides those that a site
    names itself. ``delay_s`` None means 0.25 s between requests to a public host and none to loopback, where one's own
    server is.
    ``content_selector`` names the elements that hold the content, ``exclude_selectors`` what to leave out of it; both
    are CSS selectors. Of pages that are mere lists of links the beginning is kept, or with ``whole_link_lists`` all,
    as where a selector names the content. Large sites are read by ``extract_processes`` processes, None for one for
    each core.
    ``extraction`` says more for single pages. ``read_documents``: PDF, Office, CSV, Markdown and
    text files are pages too, within the limits of ``documents``.
    ``remove_orphans``: pages that no seed, no sitemap and no page leads to any more are gone.
    ``near_duplicates``: pages that differ in a few words, under one title, are one document.
    ``authentication`` tells credentials for sites; all requests go through ``proxy`` but those to ``no_proxy`` hosts.
    ``warc`` names a file that takes every exchange, ``event_log`` one that takes a line for each URL; beyond
    their sizes they go on in further files, of which the log keeps ``max_event_logs``.
    ``render``: run the scripts of pages in a browser, ``auto`` where a page has no text without them, within
    ``render_include`` (globs as in ``include``) and the limits for one page.
    """

    user_agent: str = "Recollect/0.1"
    contact: str = ""
    max_pages: int | None = None
    max_pages_per_site: int | None = None
    max_seconds: float | None = None
    max_depth: int | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rules: tuple[UrlRule, ...] = ()
    max_url_chars: int = 2048
    max_path_segments: int = 32
    max_query_parameters: int = 12
    max_combinations: int | None = 1000
    tracking_parameters: tuple[str, ...] = TRACKING_PARAMETERS
    obey_robots: bool = True
    robots_cache_s: float = 24 * 3600.0
    use_sitemaps: bool = True
    sitemaps: tuple[str, ...] = ()
    max_sitemap_urls: int = 200_000
    max_sitemaps: int = 500
    max_sitemap_bytes: int = 50 * 1024 * 1024
    delay_s: float | None = None
    max_crawl_delay_s: float = 30.0
    max_retry_after_s: float = 120.0
    concurrency: int = 32
    concurrency_per_host: int = 8
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 20.0
    timeout_s: float = 60.0
    max_retries: int = 2
    retry_delay_s: float = 1.0
    max_redirects: int = 10
    max_page_bytes: int = 10 * 1024 * 1024
    max_links_per_page: int = 5000
    lease_s: float = 600.0
    interval_s: float = 24 * 3600.0
    min_interval_s: float = 3600.0
    max_interval_s: float = 30 * 24 * 3600.0
    use_lastmod: bool = True
    missing_recheck_s: float = 5.0
    max_purge_share: float = 0.2
    remove_orphans: bool = False
    near_duplicates: bool = True
    content_selector: str | None = None
    exclude_selectors: tuple[str, ...] = ()
    whole_link_lists: bool = False
    min_language_confidence: float = 0.8
    extract_processes: int | None = None
    extraction: tuple[ExtractionRule, ...] = ()
    read_documents: bool = True
    documents: DocumentConfig = DocumentConfig()
    authentication: tuple[AuthConfig, ...] = ()
    proxy: str = field(default="", repr=False)
    no_proxy: tuple[str, ...] = ()
    warc: Path | None = None
    max_warc_bytes: int = 1_000_000_000
    event_log: Path | None = None
    max_event_log_bytes: int = 100_000_000
    max_event_logs: int = 5
    render: Literal["never", "auto", "always"] = "never"
    render_include: tuple[str, ...] = ()
    render_timeout_s: float = 20.0
    render_max_requests: int = 100
    render_max_bytes: int = 20 * 1024 * 1024
    render_browser: Path | None = None

    def __post_init__(self) -> None:
        check_proxy(self.proxy)

    @property
    def user_agent_header(self) -> str:
        """Product, version and who to write to."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robots_token(self) -> str:
        """The product token that robots.txt groups are matched against (RFC 9309 section 2.2.1)."""
        return self.user_agent.partition("/")[0].strip()
