"""The answers given last, in this process and beyond it."""

import logging
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from indexer.recent import Recent
from rag.events import Done, Event
from server.sharing.answers import KeptAnswers

if TYPE_CHECKING:
    from pydantic import TypeAdapter

log = logging.getLogger(__name__)
Events = tuple[Event, ...]


class Kept:
    """``size`` answers with the events that told them; what others keep is ``shared``. Thread-safe."""

    def __init__(self, size: int, shared: KeptAnswers | None = None) -> None:
        self._own: Recent[str, Events] = Recent(size)
        self._shared = shared

    def get(self, name: str) -> Events | None:
        """What was put under this name, here or elsewhere."""
        known = self._own.get([name]).get(name)
        if known is None and self._shared is not None and (form := self._shared.get(name)) is not None:
            known = from_json(form)
            if known is not None:
                self._own.put({name: known})
        return known

    def put(self, name: str, events: Events) -> None:
        """Keep an answer."""
        # How it was chosen is told nowhere, and is most of it.
        told = tuple(Done(replace(one.answer, choice=None)) if isinstance(one, Done) else one for one in events)
        self._own.put({name: told})
        if self._shared is not None and (form := to_json(told)) is not None:
            self._shared.put(name, form)


def to_json(events: Events) -> bytes | None:
    """The events as others can read them; None where a text cannot be written as UTF-8."""
    try:
        return _adapter().dump_json(events)
    except ValueError as error:
        log.info("an answer is kept in this process alone: %s", error)
        return None


def from_json(form: bytes) -> Events | None:
    """The events as they were; None where they are none of ours, as those of another version may be."""
    try:
        return _adapter().validate_json(form)
    except ValueError as error:
        log.warning("an answer that others kept cannot be read: %s", error)
        return None


@cache
def _adapter() -> "TypeAdapter[Events]":
    from pydantic import TypeAdapter

    return TypeAdapter(Events)
