"""One id for each request, in its answer and in every line that is logged for it."""

import logging
import re
from uuid import uuid4

from indexer.trace import REQUEST_ID

HEADER = "X-Request-ID"
CURRENT = REQUEST_ID

_GOOD = re.compile(r"[A-Za-z0-9._-]{1,64}")


def id_for(given: str) -> str:
    """The caller's own id, where it can stand in a log and a header as it is; else a new one."""
    return given if _GOOD.fullmatch(given) else uuid4().hex


class WithRequestId(logging.Filter):
    """Gives each record ``request``: the id in brackets with a space after it, or nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        current = CURRENT.get()
        record.request = f"[{current}] " if current else ""
        return True
