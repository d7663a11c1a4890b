"""Settings of running the scripts of pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from crawler.fetch.config import FetchConfig
from crawler.urls.config import RobotsConfig


@dataclass(frozen=True)
class RenderConfig(RobotsConfig, FetchConfig):
    """Which pages are built in a browser, and the limits for one page.

    ``auto`` is for pages that have no text without their scripts; ``render_include`` are globs as in ``include``.
    """

    render: Literal["never", "auto", "always"] = "never"
    render_include: tuple[str, ...] = ()
    render_timeout_s: float = 20.0
    render_max_requests: int = 100
    render_max_bytes: int = 20 * 1024 * 1024
    render_browser: Path | None = None
