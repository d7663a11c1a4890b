"""One JSON line for each URL of a crawl, with the field names of the Elastic Common Schema."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.errors import CrawlError
from crawler.outcome import Outcome
from crawler.report import CrawlEvent
from crawler.urls.url import origin_of
from crawler.visit.config import EventLogConfig

ECS_VERSION = "8.17"
_TAIL_BYTES = 1 << 20


class EventLog:
    """Appends whole lines, each with one write, so that a kill leaves none half written; a full disk may.

    A line torn by a crash is cut off at the next start. Beyond ``max_bytes`` the file becomes ``FILE.1``, the older
    ones move up, and ``max_files`` are kept. The file is opened for each line: other programs may move it away.
    """

    def __init__(self, file: Path, max_bytes: int, max_files: int) -> None:
        self._file, self._max_bytes, self._max_files = file, max_bytes, max_files
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("ab+") as log:
                _cut_torn_line(log.fileno())
        except OSError as error:
            raise CrawlError(f"{file} cannot be written: {error.strerror}", "Name another file") from error

    def write(self, event: CrawlEvent) -> None:
        """Append one event. Raises CrawlError when the disk does not take it."""
        line = json.dumps(ecs_of(event), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        try:
            with self._file.open("ab", buffering=0) as log:
                log.write(line)
                is_full = log.tell() >= self._max_bytes
            if is_full:
                self._rotate()
        except OSError as error:
            raise CrawlError(f"{self._file} cannot be written: {error.strerror}", "Make room on the disk") from error

    def _rotate(self) -> None:
        if self._max_files <= 1:
            self._file.unlink()
            return
        for number in range(self._max_files - 1, 0, -1):
            older = _numbered(self._file, number - 1)
            if older.exists():
                older.replace(_numbered(self._file, number))


def open_event_log(config: EventLogConfig) -> EventLog | None:
    """The log that the settings ask for."""
    if config.event_log is None:
        return None
    return EventLog(config.event_log, config.max_event_log_bytes, config.max_event_logs)


def ecs_of(event: CrawlEvent, now: datetime | None = None) -> dict[str, Any]:
    """The fields of one event; what ECS has no name for stands under ``recollect``. Durations are nanoseconds."""
    host, _, port = origin_of(event.url).partition("://")[2].rpartition(":")
    fields: dict[str, Any] = {
        "@timestamp": (now or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "ecs.version": ECS_VERSION,
        "event.kind": "event",
        "event.category": ["web"],
        "event.type": ["denied" if event.outcome is Outcome.SKIPPED else "access"],
        "event.module": "recollect",
        "event.dataset": "recollect.crawl",
        "event.action": "url-" + event.outcome.replace("_", "-"),
        "event.outcome": "failure" if event.outcome.is_failure else "success",
        "log.level": "warn" if event.outcome.is_failure else "info",
        "url.full": event.url,
        "url.domain": (host if port.isdecimal() and host else origin_of(event.url).partition("://")[2]).strip("[]"),
        "recollect.crawl.outcome": event.outcome,
        "recollect.crawl.depth": event.depth,
    }
    if event.status:
        fields |= {"http.request.method": "GET", "http.response.status_code": event.status}
    optional = {
        "event.reason": event.reason,
        "event.duration": round(event.seconds * 1e9),
        "http.response.body.bytes": event.size_bytes,
        "http.request.referrer": event.referrer,
        "message": event.detail,
    }
    return fields | {name: value for name, value in optional.items() if value}


def _numbered(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}") if number else file


def _cut_torn_line(log: int) -> None:
    """Cut what stands after the last line break: readers of lines shall never meet half of one."""
    size = os.fstat(log).st_size
    tail = os.pread(log, _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    torn = len(tail) - (tail.rfind(b"\n") + 1)
    if torn:
        os.ftruncate(log, size - torn)
