"""Where an installation stands: what is indexed, how the index was made, where crawls and workers are."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from server.assemble import queue_counts
from server.crawl_memory import crawl_counts, gone_in_index
from server.installation import Installation
from server.places import place_of_index
from server.schedule.status import schedule_status
from server.settings.config import Config, masked


def status(config: Config) -> dict[str, Any]:
    """The document of ``status --json``."""
    with Installation(config) as installation:
        manifest = installation.store().manifest()
        count = installation.store().count() if manifest else None
    return {
        "index": place_of_index(config),
        "store": "elasticsearch" if config.store else "embedded",
        "documents": count.documents if count else 0,
        "passages": count.passages if count else 0,
        "manifest": asdict(manifest) if manifest else None,
        "size_bytes": None if config.store else size_of(config.data),
        "crawl": crawl_counts(config),
        "gone_in_index": gone_in_index(config),
        "schedule": [site for site in schedule_status(config, time.time) if site["schedule"] or site["outcome"]],
        "queue": queue_counts(config) if config.broker else None,
        "config": masked(config),
    }


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder; files that vanish meanwhile count as none."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
