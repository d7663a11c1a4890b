"""Settings of URLs: who asks, how they are spelt, which belong to a crawl, and what robots.txt is to it."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class AgentConfig:
    """Who the crawler is to a site."""

    user_agent: str = "Recollect/0.1"
    contact: str = ""

    @property
    def user_agent_header(self) -> str:
        """Product, version and who to write to."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robots_token(self) -> str:
        """The product token that robots.txt groups are matched against (RFC 9309 section 2.2.1)."""
        return self.user_agent.partition("/")[0].strip()


@dataclass(frozen=True)
class RobotsConfig(AgentConfig):
    """What robots.txt is to the crawler. Asking for it is tried again as asking for a page is.

    A Crawl-delay above ``max_crawl_delay_s`` is cut to it.
    """

    obey_robots: bool = True
    robots_cache_s: float = 24 * 3600.0
    max_crawl_delay_s: float = 30.0
    max_retries: int = 2
    retry_delay_s: float = 1.0


@dataclass(frozen=True)
class UrlConfig:
    """How URLs are spelt: the parameters that are left out of them."""

    tracking_parameters: tuple[str, ...] = TRACKING_PARAMETERS


@dataclass(frozen=True)
class ScopeConfig(UrlConfig):
    """Which URLs belong to a crawl.

    ``include`` and ``exclude`` are globs over the whole URL (``*`` crosses ``/``); a pattern that starts with ``/`` is
    matched against path and query. Without ``include`` everything on the seeds' origins is in scope; of ``rules`` the
    first that fits decides. ``read_documents``: PDF, Office, CSV, Markdown and text files are pages too.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rules: tuple[UrlRule, ...] = ()
    max_url_chars: int = 2048
    max_path_segments: int = 32
    max_query_parameters: int = 12
    max_combinations: int | None = 1000
    read_documents: bool = True
