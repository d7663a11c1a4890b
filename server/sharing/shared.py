"""What a worker knows of the others."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.sharing.message import Word

STANDING = "workers.json"
DIALOGUES = "dialogues.sqlite"
LIMITS = "limits.sqlite"
ANSWERS = "answers.sqlite"
TALLY = "tally"
COUNTS = "counts"


@dataclass(frozen=True, slots=True)
class Shared:
    """``folder`` is the same for all workers, ``slot`` the number of this one; ``ask`` has the supervisor do something.

    What ``ask`` returns is why it was not done: what is wrong and how to mend it, or None.
    """

    folder: Path
    slot: int
    ask: Callable[[Word, Any], tuple[str, str] | None]

    def standing(self) -> dict[str, Any]:
        """How all workers fare, as the supervisor wrote it last; empty where it has not."""
        try:
            found: dict[str, Any] = json.loads((self.folder / STANDING).read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return found
