"""Goes through a run's batches, tells how far it is and keeps checkpoints, now and then."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from ranker.training.progress import Progress


@dataclass(frozen=True, slots=True)
class Pace:
    """What is done with each batch that the checkpoint has not seen, and about every so many seconds between them.

    A batch is the indices of the examples learnt from together. ``step`` learns from it and counts it in
    ``progress.steps``.
    """

    step: Callable[[Sequence[int]], None]
    report: Callable[[], None]
    report_every_s: float
    save: Callable[[], None]
    save_every_s: float

    def through(self, batches: Iterable[Sequence[int]], progress: Progress) -> None:
        """All batches but the ``progress.steps`` first; ``progress.seconds`` counts on."""
        began = reported = saved = time.monotonic()
        before = progress.seconds
        for batch in islice(batches, progress.steps, None):
            self.step(batch)
            now = time.monotonic()
            progress.seconds = before + now - began
            if now - reported >= self.report_every_s:
                self.report()
                reported = now
            if now - saved >= self.save_every_s:
                self.save()
                saved = time.monotonic()
        progress.seconds = before + time.monotonic() - began
