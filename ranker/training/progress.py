"""How far a run is, how fast it learns then, and the log it writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Progress:
    """Rows (query with passage, or query alone) read of all, batches done, seconds spent."""

    rows: int = 0
    of_rows: int = 0
    steps: int = 0
    seconds: float = 0.0

    def rate(self, highest: float, warmup_share: float) -> float:
        """The learning rate: it rises to ``highest`` over the first rows and falls to 0 over the rest."""
        done = self.rows / max(1, self.of_rows)
        part = min(1.0, (done + 0.002) / warmup_share) if done < warmup_share else (1 - done) / (1 - warmup_share)
        return highest * part


def append_log(path: Path, record: dict[str, Any]) -> None:
    """One more line of a log."""
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps(record) + "\n")
