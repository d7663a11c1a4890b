"""The libraries that a benchmark compares with: those that are not installed are named and left out."""

from collections.abc import Iterable
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")


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
