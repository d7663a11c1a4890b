"""The numbers that Word shows before the items of its lists; the file itself only says which list an item is of."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
_BULLETS = frozenset({"bullet", "none"})
_STYLE_LEVEL = re.compile(r"list (?:bullet|number|continue|paragraph)? ?(\d)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: in which list (empty: in whichever is open), how deep, and after which number."""

    list_id: str
    depth: int
    number: int | None


@dataclass(frozen=True, slots=True)
class _Level:
    is_numbered: bool
    start: int


class Numbering:
    """Counts the items of a document's lists in reading order."""

    def __init__(self, document: "Document") -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._groups: dict[str, int] = {}
        self._open: int = 0
        root = _numbering_of(document)
        if root is None:
            return
        abstract = {one.get(f"{_W}abstractNumId"): _levels_of(one) for one in root.findall(f"{_W}abstractNum")}
        for one in root.findall(f"{_W}num"):
            base = one.find(f"{_W}abstractNumId")
            levels = dict(abstract.get(base.get(_VAL) if base is not None else "", {}))
            for change in one.findall(f"{_W}lvlOverride"):
                start, depth = change.find(f"{_W}startOverride"), _integer(change.get(f"{_W}ilvl"))
                if start is not None and depth in levels:
                    levels[depth] = _Level(levels[depth].is_numbered, _integer(start.get(_VAL)))
            self._levels[one.get(f"{_W}numId") or ""] = levels

    def place(self, paragraph: Any, numbered: Any, style_name: str) -> Place:
        """The place of an item; ``numbered`` is its ``numPr`` or that of its style, None for neither."""
        if numbered is None:
            level = _STYLE_LEVEL.match(style_name)
            return Place("", int(level[1]) - 1 if level else 0, None)
        depth = _integer(_value(paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")) or _value(numbered.find(f"{_W}ilvl")))
        list_id = _value(numbered.find(f"{_W}numId"))
        level_of = self._levels.get(list_id, {}).get(depth)
        counts = self._counts[list_id]
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if level_of is None or not level_of.is_numbered:
            return Place(list_id, depth, None)
        counts[depth] = counts[depth] + 1 if depth in counts else level_of.start
        return Place(list_id, depth, counts[depth])

    def group(self, place: Place, new_group: Callable[[], int]) -> int:
        """The group of the list that an item is of; items of whatever list go on with one that is open."""
        if place.depth and self._open:
            return self._open
        if place.list_id in self._groups and (place.number or self._open == self._groups[place.list_id]):
            self._open = self._groups[place.list_id]
        elif not self._open or place.list_id:
            self._open = self._groups[place.list_id] = new_group()
        return self._open

    def end_list(self) -> None:
        """A paragraph of text came; bullets after it are another list."""
        self._open = 0


def _numbering_of(document: "Document") -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _levels_of(abstract: Any) -> dict[int, _Level]:
    levels = {}
    for one in abstract.findall(f"{_W}lvl"):
        form, start = _value(one.find(f"{_W}numFmt")), one.find(f"{_W}start")
        levels[_integer(one.get(f"{_W}ilvl"))] = _Level(
            form not in _BULLETS, _integer(start.get(_VAL)) if start is not None else 0
        )
    return levels


def _value(element: Any) -> str:
    return (element.get(_VAL) or "") if element is not None else ""


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else 0
