"""A worker of the queue in a thread of the test's own process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery.contrib.testing.worker import start_worker

from indexer.queue.config import TaskConfig
from indexer.queue.target import Target
from indexer.queue.tasks import make_app
from indexer.sink import Sink


@contextmanager
def working(url: str, config: TaskConfig, sink: Sink, target: Target | None = None) -> Iterator[None]:
    """It takes batches for ``sink`` while the block runs; one that it has begun is done before the block ends."""
    app = make_app(url, lambda: sink, config, get_target=(lambda: target) if target else None)
    app.conf.broker_heartbeat = 1  # so that it looks every half second whether it is to stop, on RabbitMQ too
    with (
        logging_as_it_was(),
        start_worker(app, perform_ping_check=False, queues=[config.queue], shutdown_timeout=30, pool="threads"),
    ):
        yield
    app.close()


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """A worker takes handlers from the root logger and has it tell errors alone; tests after it want their own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
