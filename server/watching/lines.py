"""Lines of a log as JSON, with the names of the Elastic Common Schema (https://www.elastic.co/docs/reference/ecs)."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from indexer.trace import REQUEST_ID, TRACE_ID

FIELDS = "fields"
"""``extra={"fields": {...}}`` adds to a line."""


class JsonLines(logging.Formatter):
    """One JSON object for each record; whatever stands in it stays in its line."""

    def format(self, record: logging.LogRecord) -> str:
        """See the class."""
        line: dict[str, Any] = {
            "@timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "log.level": record.levelname.lower(),
            "log.logger": record.name,
            "process.pid": record.process,
            "message": record.getMessage(),
        }
        ids = {"http.request.id": REQUEST_ID.get(), "trace.id": TRACE_ID.get()}
        line |= {name: value for name, value in ids.items() if value}
        if record.exc_info:
            line["error.stack_trace"] = self.formatException(record.exc_info)
        fields: Mapping[str, Any] = getattr(record, FIELDS, {})
        return json.dumps(line | dict(fields), ensure_ascii=True, default=str)
