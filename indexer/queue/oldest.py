"""Since when does the oldest batch wait? Only some brokers can be asked without taking it."""

import json
from datetime import datetime
from typing import Any

SENT_AT = "recollect_sent_at"
"""The header of a message that says when it was first sent, ISO 8601 in UTC."""


def oldest_sent(channel: Any, queue: str) -> datetime | None:
    """When the oldest message of a queue was sent; None where none waits, or the broker keeps that to itself.

    In Redis a queue is a list for each priority, filled at the left. RabbitMQ hands messages out to look at them, and
    then counts them as delivered once; it has a metric of its own for this.
    """
    if channel.connection.client.transport.driver_type != "redis":
        return None
    keys = [f"{queue}{channel.sep}{step}" if step else queue for step in channel.priority_steps]
    with channel.client.pipeline() as steps:
        for key in keys:
            steps.lindex(key, -1)
        found = [_sent_at(message) for message in steps.execute() if message]
    return min((at for at in found if at), default=None)


def _sent_at(message: bytes) -> datetime | None:
    """Messages of an older version do not say it."""
    try:
        return datetime.fromisoformat(json.loads(message)["headers"][SENT_AT])
    except (ValueError, KeyError, TypeError):
        return None
