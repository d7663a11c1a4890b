"""A record as one line of JSON, which is also what two processes compare."""

import json
from dataclasses import asdict

from server.ledger.record import Record


def to_json(record: Record) -> str:
    """Equal records give equal texts."""
    return json.dumps(asdict(record), sort_keys=True)


def from_json(text: str) -> Record:
    """What ``to_json`` wrote."""
    return Record(**json.loads(text))
