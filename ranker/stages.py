"""How long each stage of a request took."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from indexer.trace import SPAN

Item = TypeVar("Item")


class Stages:
    """Milliseconds by stage; a stage entered twice adds up."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.ms: dict[str, float] = {}

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Count the time of the block for this stage, also when it raises."""
        began = time.perf_counter()
        try:
            with SPAN.get()(stage):
                yield
        finally:
            self.ms[stage] = self.ms.get(stage, 0.0) + _ms_since(began)

    def each(self, stage: str, items: Iterable[Item]) -> Iterator[Item]:
        """The items; only the time spent waiting for them counts."""
        iterator = iter(items)
        while True:
            with self.time(stage):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item

    def took_ms(self) -> float:
        """Milliseconds since this object was made."""
        return _ms_since(self._began)


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
