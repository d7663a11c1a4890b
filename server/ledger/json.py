"""A record as one line of JSON, which is also what two processes compare; and what was decided about a site."""

import json
from dataclasses import asdict

from server.ledger.record import Record, Timing


def to_json(record: Record) -> str:
    """Equal records give equal texts."""
    return json.dumps(asdict(record), sort_keys=True)


def from_json(text: str) -> Record:
    """What ``to_json`` wrote."""
    return Record(**json.loads(text))


def timing_to_json(timing: Timing) -> str:
    """What ``timing_from_json`` reads."""
    return json.dumps({"schedule": timing.schedule, "is_paused": timing.is_paused})


def timing_from_json(text: str | None) -> Timing:
    """What ``timing_to_json`` wrote; an empty one for nothing."""
    if not text:
        return Timing()
    found = json.loads(text)
    schedule = found["schedule"]
    return Timing(None if schedule is None else tuple(schedule), bool(found["is_paused"]))
