"""Documents that could not be indexed, kept in a queue of their own until a person looks at them."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from crawler.errors import RecollectError
from indexer.errors import StoreUnavailable
from indexer.queue.config import TaskConfig

logger = logging.getLogger(__name__)


class Quarantine:
    """Durable on the broker: one message per document, with the reason."""

    def __init__(self, app: Any, config: TaskConfig = TaskConfig()) -> None:
        self._app = app
        self._config = config

    def put(self, record: Mapping[str, Any], reason: str) -> None:
        """Set a document (in wire format) aside."""
        head = record.get("head")
        url = head.get("url") if isinstance(head, Mapping) else None
        logger.error("%s is set aside: %s", url or "a document", reason)
        message = {"document": dict(record), "reason": reason, "at": datetime.now(UTC).isoformat()}
        with self._messages() as messages:
            messages.put(message, serializer="json", retry=True)

    def count(self) -> int:
        """How many documents are set aside."""
        with self._messages() as messages:
            return _waiting(messages)

    def take_all(self) -> list[tuple[dict[str, Any], str]]:
        """Remove and return every (document, reason)."""
        found = []
        with self._messages() as messages:
            # One by one: to a consumer RabbitMQ would hand all of them at once, and count none as waiting.
            while _waiting(messages):
                message = messages.get_nowait()
                found.append((message.payload["document"], message.payload["reason"]))
                message.ack()
        return found

    @contextmanager
    def _messages(self) -> Iterator[Any]:
        with broker_errors(self._app), self._app.connection_for_write() as connection:
            queue = connection.SimpleQueue(self._config.quarantine)
            try:
                yield queue
            finally:
                queue.close()


def _waiting(messages: Any) -> int:
    return int(messages.queue.queue_declare().message_count)


@contextmanager
def broker_errors(app: Any) -> Iterator[None]:
    """Raise what kombu raises for a broker that does not answer as StoreUnavailable."""
    from kombu.exceptions import KombuError, OperationalError

    connection = app.connection_for_write()
    try:
        yield
    except RecollectError:
        raise
    except (OperationalError, KombuError, *connection.connection_errors, *connection.channel_errors) as error:
        line = " ".join(str(error).split())[:200]
        raise StoreUnavailable(
            f"The queue on {connection.as_uri()} does not answer ({line})",
            "Check that the broker runs, and the address and password in broker",
        ) from error
