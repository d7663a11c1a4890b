"""Microdata of a page (HTML Standard, section 5): elements with ``itemscope``, ``itemtype`` and ``itemprop``.

``itemref`` is not followed.
"""

from collections.abc import Iterator
from typing import Any

from crawler.extract.dom import Node
from crawler.extract.fold import fold
from crawler.extract.stated.thing import Thing, local_name

MAX_ELEMENTS = 3_000
MAX_CLIMB = 100
"""A property belongs to a thing that stands around it within so many elements."""

MAX_TEXT_CHARS = 5_000
VALUES = {"meta": "content", "time": "datetime", "data": "value", "meter": "value"}
"""Elements whose value is an attribute; of those that lead somewhere it is an address."""
ADDRESSES = {"a": "href", "area": "href", "link": "href", "object": "data"} | dict.fromkeys(
    ("audio", "embed", "iframe", "img", "source", "track", "video"), "src"
)


def read_microdata(root: Node, markup: bytes) -> tuple[list[Thing], tuple[str, ...]]:
    """(the outermost things, what was left out)."""
    if b"itemscope" not in markup:
        return [], ()
    nodes = root.css("[itemscope],[itemprop]")
    notes = (
        (f"it has {len(nodes):,} elements of microdata; the first {MAX_ELEMENTS:,} are read",)
        if len(nodes) > MAX_ELEMENTS
        else ()
    )
    outermost: list[Thing] = []
    scopes: dict[int, Thing] = {}
    for node in nodes[:MAX_ELEMENTS]:
        attributes = node.attributes
        names = (attributes.get("itemprop") or "").split()
        thing = None
        if "itemscope" in attributes:
            thing = scopes[node.mem_id] = Thing(tuple(map(local_name, (attributes.get("itemtype") or "").split())))
        owner = next((scopes[above.mem_id] for above in _above(node) if above.mem_id in scopes), None)
        if owner is None or not names:
            outermost.extend([thing] if thing is not None else [])
            continue
        value = thing if thing is not None else _value(node)
        owner.properties.extend((local_name(name), value) for name in names)
    return outermost, notes


def _above(node: Any) -> Iterator[Any]:
    for _ in range(MAX_CLIMB):
        node = node.parent
        if node is None:
            return
        yield node


def _value(node: Any) -> str:
    """What a property's element says. The text of a link says more than where it leads."""
    attributes = node.attributes
    given = attributes.get(VALUES.get(node.tag, "")) or attributes.get("content")
    text = given or node.text()[:MAX_TEXT_CHARS]
    return fold(text) or (attributes.get(ADDRESSES.get(node.tag, "")) or "").strip()
