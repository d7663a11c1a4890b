"""Lists while they are read: which list an item is of, and the number that a reader sees before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.extract.dom import Node, children

MAX_DIGITS = 9
"""HTML's integers have no limit; no reader counts further."""


@dataclass(slots=True)
class ListCount:
    """A list and its next number, None for bullets; ``line`` is the list whose lines its items are."""

    group: int
    depth: int
    line: int
    number: int | None = None
    step: int = 1

    def next(self, value: str | None) -> int | None:
        """The number of an item; ``value`` is its own attribute."""
        if self.number is None:
            return None
        own = _integer(value)
        number = self.number if own is None else own
        self.number = number + self.step
        return number


def numbering(node: Node, tag: str, attributes: Mapping[str, str | None]) -> tuple[int | None, int]:
    """(first number, step) of a ``ul``, ``ol`` or ``menu``; a reversed list begins with the number of its items."""
    if tag != "ol":
        return None, 1
    step = -1 if "reversed" in attributes else 1
    start = _integer(attributes.get("start"))
    if start is None:
        start = 1 if step > 0 else _items(node)
    return start, step


def _items(node: Node) -> int:
    return sum(child.tag == "li" for child in children(node))


def _integer(value: str | None) -> int | None:
    text = (value or "").strip()
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS else None
