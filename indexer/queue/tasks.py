"""Indexing by workers: documents travel as JSON over a Celery queue. Any broker of Celery's will do (Redis, RabbitMQ).

Tasks are safe to run twice, and a message is acknowledged after its work is stored; so a worker may die at any moment.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from crawler.errors import MissingExtra
from indexer.document import Document
from indexer.errors import StoreUnavailable
from indexer.queue.config import TaskConfig
from indexer.queue.crawl import CRAWL, CrawlSlice, register_crawl
from indexer.queue.oldest import SENT_AT, oldest_sent
from indexer.queue.quarantine import Quarantine, broker_errors
from indexer.queue.target import Target
from indexer.queue.work import DELETE, INDEX, Work, priority
from indexer.sink import IndexReport, Sink
from indexer.wire import document_to_dict

logger = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S, REMIND_S = 0.05, 2.0, 30.0


def make_app(
    broker_url: str,
    build_indexer: Callable[[], Sink] | None = None,
    config: TaskConfig = TaskConfig(),
    crawl_slice: CrawlSlice | None = None,
    get_target: Callable[[], Target] | None = None,
) -> Any:
    """A Celery app; ``build_indexer`` is called once in each worker process.

    ``get_target`` says where its documents go, and so which batches it takes; None takes all. None of the three is
    needed by those who only send.
    """
    try:
        from celery import Celery
        from kombu.entity import Queue
    except ImportError as error:
        raise MissingExtra("Indexing by workers", "celery") from error
    app = Celery("recollect", broker=broker_url, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_default_queue=config.queue,
        task_queues=[
            Queue(config.queue, durable=True, max_priority=9),  # type: ignore[no-untyped-call]
            Queue(config.crawl_queue, durable=True),  # type: ignore[no-untyped-call]
        ],
        task_routes={CRAWL: {"queue": config.crawl_queue}},
        task_acks_late=True,
        task_acks_on_failure_or_timeout=False,
        task_reject_on_worker_lost=True,
        task_soft_time_limit=config.soft_limit_s,
        task_time_limit=config.hard_limit_s,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=config.connect_timeout_s,
        broker_transport_options=_transport_options(broker_url, config),
    )
    Work(app, build_indexer, config, get_target).register()
    register_crawl(app, crawl_slice, config)
    return app


class QueuedIndexer:
    """A Sink that hands documents to the workers; they report what became of them in their log and the quarantine."""

    def __init__(
        self,
        app: Any,
        config: TaskConfig = TaskConfig(),
        target: Target | None = None,
        *,
        is_urgent: bool = False,
    ) -> None:
        """Workers that write elsewhere than to ``target`` refuse the batches; ``is_urgent`` ones overtake others."""
        self._target = target.to_dict() if target else None
        self._app = app
        self._config = config
        self._priority = priority(app, is_urgent)

    def index(self, documents: Iterable[Document]) -> IndexReport:
        """Queue the documents; waits while the queue is full."""
        queued = 0
        for batch in _batches((document_to_dict(d) for d in documents), self._config):
            self._send(INDEX, batch)
            queued += len(batch)
        return IndexReport(queued=queued)

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Queue a deletion; how many of them are stored is not known here."""
        if doc_ids:
            self._send(DELETE, list(doc_ids))
        return 0

    def waiting(self) -> int:
        """Batches that no worker has taken yet."""
        with broker_errors(self._app), self._app.connection_for_write() as connection:
            queue = self._app.amqp.queues[self._config.queue].bind(connection.default_channel)
            return int(queue.queue_declare().message_count)

    def oldest(self) -> datetime | None:
        """When the oldest of them was sent; None where none waits, or the broker does not tell."""
        with broker_errors(self._app), self._app.connection_for_write() as connection:
            return oldest_sent(connection.default_channel, self._config.queue)

    def close(self) -> None:
        """Let go of the connections."""
        self._app.close()

    def _send(self, task: str, payload: Sequence[Any]) -> None:
        self._wait_for_room()
        sent_at = {SENT_AT: datetime.now(UTC).isoformat()}
        with broker_errors(self._app):
            self._app.tasks[task].apply_async(
                (payload,), {"target": self._target}, priority=self._priority, headers=sent_at
            )

    def _wait_for_room(self) -> None:
        pause_s, fewest, moved_at, reminded_at = FIRST_PAUSE_S, None, time.monotonic(), 0.0
        while (waiting := self.waiting()) >= self._config.max_waiting_batches:
            now = time.monotonic()
            if fewest is None or waiting < fewest:
                fewest, moved_at = waiting, now
            if now - moved_at > self._config.max_wait_s:
                raise StoreUnavailable(
                    f"{waiting} batches wait and no worker takes them", "Start one: recollect worker"
                )
            if now - reminded_at > REMIND_S:
                logger.warning("%d batches wait for the workers; sending goes on when they have caught up", waiting)
                reminded_at = now
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def count_workers(app: Any, timeout_s: float = 1.0) -> int:
    """How many workers answer on the broker within this time."""
    with broker_errors(app):
        return len(app.control.ping(timeout=timeout_s))


def counts(app: Any, config: TaskConfig) -> dict[str, int]:
    """Workers that answer, batches that wait for them, documents set aside. Raises StoreUnavailable."""
    with closing(QueuedIndexer(app, config)) as queue:
        return {
            "workers": count_workers(app),
            "waiting_batches": queue.waiting(),
            "set_aside_documents": Quarantine(app, config).count(),
        }


def run_worker(app: Any, concurrency: int = 1, config: TaskConfig = TaskConfig(), queues: Sequence[str] = ()) -> int:
    """Work off ``queues`` (the documents' alone if none are named) in this many processes until told to stop.

    SIGTERM and Ctrl-C do so; returns an exit status.
    """
    names = list(queues) or [config.queue]
    worker = app.Worker(queues=names, concurrency=concurrency, loglevel="INFO", without_gossip=True)
    with broker_errors(app):
        worker.start()
    return int(worker.exitcode or 0)


def _batches(records: Iterable[dict[str, Any]], config: TaskConfig) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for record in records:
        record_bytes = len(json.dumps(record))
        if batch and (len(batch) >= config.batch_documents or size + record_bytes > config.max_batch_bytes):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += record_bytes
    if batch:
        yield batch


def _transport_options(broker_url: str, config: TaskConfig) -> dict[str, Any]:
    if broker_url.startswith(("amqp", "pyamqp")):
        # A batch counts as handed over once RabbitMQ has it on its disk, and not already when it has been sent.
        return {"confirm_publish": True}
    if not broker_url.startswith(("redis", "rediss", "sentinel")):
        return {}
    return {
        "visibility_timeout": config.visibility_timeout_s,
        "queue_order_strategy": "priority",
        "priority_steps": [0, 9],
        "socket_connect_timeout": config.connect_timeout_s,
        "socket_timeout": 2 * config.connect_timeout_s,
        "socket_keepalive": True,
    }
