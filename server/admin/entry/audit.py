"""Who has changed what, and when; lines are added and never changed."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.admin.entry.database import AdminFile

COMMAND_LINE = "command line"
"""Who changes something there is known to the machine alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` and ``after`` are JSON values, None where there was or is nothing. Secrets never stand in them."""

    at: datetime
    who: str
    what: str
    before: Any = None
    after: Any = None


class Audit:
    """The audit log. Raises StoreUnavailable, so that no change goes unnoted."""

    def __init__(self, file: AdminFile, now: Callable[[], float] = time.time) -> None:
        self._file, self._now = file, now

    def note(self, who: str, what: str, before: Any = None, after: Any = None) -> None:
        """Write a change down."""
        row = (int(self._now()), who, what, json.dumps(before), json.dumps(after))
        self._file.write("INSERT INTO change VALUES (?, ?, ?, ?, ?)", row)

    def changes(self, size: int = 50, since: datetime | None = None) -> list[Change]:
        """The last ones, newest first."""
        begins = int(since.timestamp()) if since else 0
        statement = "SELECT * FROM change WHERE at_s >= ? ORDER BY rowid DESC LIMIT ?"
        return [
            Change(datetime.fromtimestamp(at_s, UTC), who, what, json.loads(before), json.loads(after))
            for at_s, who, what, before, after in self._file.select(statement, (begins, size))
        ]
