"""The libraries that a benchmark compares with: those that are not installed are named and left out, and one that did
not do the same work gives no ratio."""

from collections.abc import Iterable
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")

SAME_WORK = 0.02
"""By this share the pages of two that did the same work may differ: of two crawlers, one that runs ahead keeps a limit
of pages a little later, and of two extractors, one finds no text where the other finds a line."""


def installed(ours: T, peers: Iterable[tuple[str, str, T]]) -> dict[str, T]:
    """``recollect`` and each of ``peers`` (name, module to import, what runs it) whose library is there."""
    found = {"recollect": ours}
    for name, module, runs in peers:
        try:
            import_module(module)
        except ImportError:
            print(f"{name} is not installed, so it is left out")
        else:
            found[name] = runs
    return found


def did_the_same(done: int, ours: int) -> bool:
    """Whether a peer did as much as we; the ratio to one that did not would say nothing."""
    return done > 0 and abs(done - ours) <= SAME_WORK * ours


def in_words(ratio: float | None) -> str:
    """A ratio as it is printed."""
    return "none: it did not do the same work" if ratio is None else f"{ratio:.2f}"
