"""Settings of the queue between those who find documents and the workers who index them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskConfig:
    """How documents travel, and what happens when something goes wrong on the way.

    A batch holds up to ``batch_documents`` documents and about ``max_batch_bytes``. Sending waits while
    ``max_waiting_batches`` are queued, and gives up when none of them has moved for ``max_wait_s``.

    While the store does not answer, a batch is tried again after ``first_retry_s``, then after twice as long, up to
    ``longest_retry_s``, for ever. A batch that takes ``soft_limit_s`` is taken apart; at ``hard_limit_s`` its process
    is killed. A batch whose worker died is taken apart too; a document alone in ``max_deaths`` deaths is quarantined.
    ``visibility_timeout_s`` is how long Redis waits for a worker that vanished before it hands the batch to another: it
    must be longer than ``hard_limit_s`` and ``longest_retry_s``.
    """

    queue: str = "index"
    quarantine: str = "dead"
    batch_documents: int = 32
    max_batch_bytes: int = 1_000_000
    max_waiting_batches: int = 200
    max_wait_s: float = 600.0
    first_retry_s: float = 2.0
    longest_retry_s: float = 120.0
    soft_limit_s: float = 600.0
    hard_limit_s: float = 660.0
    visibility_timeout_s: float = 900.0
    max_deaths: int = 3
    connect_timeout_s: float = 5.0
    crawl_queue: str = "crawl"

    def __post_init__(self) -> None:
        if self.visibility_timeout_s <= max(self.hard_limit_s, self.longest_retry_s):
            raise ValueError("visibility_timeout_s must be longer than hard_limit_s and longest_retry_s")
