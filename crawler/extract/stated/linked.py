"""JSON-LD of a page: parsed once, within bounds, for its head and for what it states.

Only what pages write: ``@type``, ``@id``, ``@graph``, ``@value``, ``@list`` and ``@set``. No context is ever fetched;
names are taken as those of schema.org.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.dom import Node
from crawler.extract.stated.thing import Thing, local_name

MAX_BLOCK_CHARS = 500_000
MAX_BLOCKS = 100
MAX_ITEMS = 1_000
MAX_DEPTH = 12
MAX_THINGS = 1_000

Item = dict[str, object]


@dataclass(frozen=True, slots=True)
class LinkedData:
    """``items`` are the outermost objects, graphs unfolded; ``notes`` say what was not read, and why."""

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


def read_linked(root: Node, markup: bytes) -> LinkedData:
    """The JSON-LD blocks of a page; those that are broken, too large or too deep are left out and named."""
    if b"ld+json" not in markup:
        return LinkedData()
    items: list[Item] = []
    notes: list[str] = []
    blocks = root.css('script[type="application/ld+json"]')
    if len(blocks) > MAX_BLOCKS:
        notes.append(f"it has {len(blocks):,} blocks of JSON-LD; the first {MAX_BLOCKS} are read")
    for node in blocks[:MAX_BLOCKS]:
        text = node.text()
        if len(text) > MAX_BLOCK_CHARS:
            notes.append(f"JSON-LD of {len(text):,} characters is not read; {MAX_BLOCK_CHARS:,} would be")
            continue
        try:
            items.extend(_unfolded(json.loads(text)))
        except RecursionError:
            notes.append("JSON-LD that is nested without end is not read")
        except ValueError as error:
            notes.append(f"JSON-LD that is no JSON is not read ({' '.join(str(error).split())[:100]})")
    return LinkedData(tuple(items), tuple(dict.fromkeys(notes)))


def things_of(items: tuple[Item, ...]) -> tuple[list[Thing], tuple[str, ...]]:
    """(the outermost things, what was left out). An ``@id`` that is told of elsewhere on the page leads there."""
    return _Reading(items).things()


class _Reading:
    def __init__(self, items: tuple[Item, ...]) -> None:
        self._items = items
        self._by_id: dict[str, Thing] = {}
        self._count = 0
        self._notes: dict[str, None] = {}

    def things(self) -> tuple[list[Thing], tuple[str, ...]]:
        found = [self._thing(item, 0) for item in self._items]
        return [thing for thing in found if thing is not None], tuple(self._notes)

    def _thing(self, item: Item, depth: int) -> Thing | None:
        if depth > MAX_DEPTH:
            self._notes[f"JSON-LD below {MAX_DEPTH} levels is left out"] = None
            return None
        if self._count >= MAX_THINGS:
            self._notes[f"JSON-LD tells of more than {MAX_THINGS:,} things; the others are left out"] = None
            return None
        self._count += 1
        name = item.get("@id")
        # Several objects of one @id tell of one thing, before and after it is referred to.
        thing = self._by_id.setdefault(name, Thing()) if isinstance(name, str) else Thing()
        kinds = (local_name(kind) for kind in _listed(item.get("@type")) if isinstance(kind, str))
        thing.kinds = tuple(dict.fromkeys((*thing.kinds, *kinds)))
        for key, value in item.items():
            if not key.startswith("@"):
                thing.properties.extend((local_name(key), one) for one in self._values(value, depth + 1))
        return thing

    def _values(self, value: object, depth: int) -> Iterator[str | Thing]:
        for one in _listed(value):
            if isinstance(one, dict):
                plain = one.get("@value")
                if plain is not None:
                    yield from self._values(plain, depth)
                elif (inner := one.get("@list") or one.get("@set")) is not None and depth <= MAX_DEPTH:
                    yield from self._values(inner, depth + 1)
                elif (thing := self._thing(one, depth)) is not None:
                    yield thing
            elif isinstance(one, bool):
                yield "yes" if one else "no"
            elif isinstance(one, str | int | float):
                yield str(one)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _unfolded(data: object) -> Iterator[Item]:
    for item in _listed(data)[:MAX_ITEMS]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (inner for inner in graph[:MAX_ITEMS] if isinstance(inner, dict))
