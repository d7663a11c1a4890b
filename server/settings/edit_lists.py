"""Writes lists of settings into YAML, item by item: one that stays keeps its very text, with the comments at it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from server.settings.edit import Unusual, entry, insert, loaded

Item = Any
Normal = Callable[[Item], Item]
WIDTH = 10_000
"""No line of ours is broken."""


def with_list(text: str, key: str, items: Sequence[Item], normal: Normal = lambda item: item) -> str:
    """The YAML ``text`` with the list at a dotted key (``rank.steer.pins``) made of these items, in this order.

    ``normal`` brings an item of the file into the form of ``items``: those that are the same then keep their text.
    Raises Unusual where that cannot be done by changing places in the text.
    """
    before = loaded(text)
    *sections, name = key.split(".")
    old = _at(before, [*sections, name]) or []
    if not isinstance(old, list):
        raise Unusual
    kept = _kept(old, items, normal)
    wanted = [item if place is None else old[place] for place, item in zip(kept, items, strict=True)]
    if wanted == old:
        return text
    edited = _edited(text, sections, name, kept, wanted)
    if loaded(edited) != _put(before, [*sections, name], wanted):
        raise Unusual
    return edited


def _kept(old: Sequence[Item], items: Sequence[Item], normal: Normal) -> list[int | None]:
    """For each item the place where it stands already; None for a new one."""
    left = {place: normal(item) for place, item in enumerate(old)}
    found: list[int | None] = []
    for item in items:
        place = next((place for place, known in left.items() if known == item), None)
        found.append(place)
        if place is not None:
            del left[place]
    return found


def _edited(text: str, sections: Sequence[str], name: str, kept: Sequence[int | None], wanted: Sequence[Item]) -> str:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    is_apart = isinstance(node, yaml.MappingNode) and not node.flow_style
    if node is None or (is_apart and entry(node, [*sections, name][0]) is None):
        # A section of its own stands at the end.
        return f"{text.rstrip()}\n\n{_block(_nested([*sections, name], wanted), 0)}".lstrip()
    opened: yaml.Node = node
    for depth, part in enumerate([*sections, name]):
        rest = _nested([*sections, name][depth:], wanted)
        found = entry(node, part)
        if found is None:
            return _added(text, node, rest)
        opened, node = found
        if node.tag.endswith(":null") and not node.value:
            # ``steer:`` and nothing but comments below it.
            inner = [*sections, name][depth + 1 :]
            column = opened.start_mark.column + 2
            below = _block(_nested(inner, wanted) if inner else list(wanted), column)
            return insert(text, opened.end_mark.index + 1, f"\n{below}".rstrip("\n"))
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _with_items(text, node, kept, wanted) if wanted else _emptied(text, opened, node)
    return text[: node.start_mark.index] + _flow(list(wanted)) + text[node.end_mark.index :]


def _emptied(text: str, key: yaml.Node, node: yaml.SequenceNode) -> str:
    """The text with ``[]`` behind the key in place of a block sequence."""
    begin, end = _begin_of_list(text, node), _end_of_line(text, _last_place(node))
    colon = key.end_mark.index + 1
    return f"{text[:colon]} []{text[colon:begin].rstrip(' ')}{text[end:].removeprefix(chr(10))}"


def _begin_of_list(text: str, node: yaml.SequenceNode) -> int:
    """The line of its first dash; what stands above it belongs to the list."""
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    if text[begin : node.start_mark.index].strip():
        raise Unusual
    return begin


def _added(text: str, node: yaml.Node, rest: dict[str, Any]) -> str:
    """The text with a new entry in a mapping, before its first."""
    if not isinstance(node, yaml.MappingNode):
        raise Unusual
    if node.flow_style:
        inside = _flow(rest).removeprefix("{").removesuffix("}")
        return insert(text, node.start_mark.index + 1, f"{inside}{', ' if node.value else ''}")
    first = node.value[0][0].start_mark
    return insert(text, first.index, f"{_block(rest, first.column).lstrip()}{' ' * first.column}")


def _with_items(text: str, node: yaml.SequenceNode, kept: Sequence[int | None], wanted: Sequence[Item]) -> str:
    """A block sequence made anew of the texts of the items that stay and of those that are new."""
    column = node.start_mark.column
    begins = [_begin(text, item, column) for item in node.value]
    begins[0] = _begin_of_list(text, node)
    end = _end_of_line(text, _last_place(node.value[-1]))
    texts = [text[begin:stop] for begin, stop in zip(begins, [*begins[1:], end], strict=True)]
    made = [
        _block([item], column) if place is None else f"{texts[place].rstrip(chr(10))}\n"
        for place, item in zip(kept, wanted, strict=True)
    ]
    rest = text[end:]
    return text[: begins[0]] + "".join(made).removesuffix("\n") + ("\n" if not rest else "") + rest


def _begin(text: str, item: yaml.Node, column: int) -> int:
    """Where the text of an item begins: at the comments right above its dash."""
    dash = text.rfind("-", 0, item.start_mark.index)
    begin = text.rfind("\n", 0, dash) + 1
    while begin:
        above = text.rfind("\n", 0, begin - 1) + 1
        line = text[above : begin - 1]
        if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) != column:
            break
        begin = above
    return begin


def _last_place(node: yaml.Node) -> int:
    """The end of the last thing written in a node."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _last_place(last[1] if isinstance(last, tuple) else last)


def _end_of_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _block(value: Any, column: int) -> str:
    """As lines, indented so far; lists of plain values in brackets."""
    written = _dumped(value, None)
    if written.startswith(("{", "[")):
        written = _dumped(value, False)
    return "".join(f"{' ' * column}{line}\n" for line in written.removesuffix("\n").split("\n"))


def _flow(value: Any) -> str:
    return _dumped(value, True).strip()


def _dumped(value: Any, flow: bool | None) -> str:
    written: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=flow)
    if all(sign.isprintable() or sign == "\n" for sign in written):
        return written
    # Signs that nobody sees are written out, since some of them are ends of lines to YAML.
    escaped: str = yaml.safe_dump(value, sort_keys=False, width=WIDTH, default_flow_style=flow)
    return escaped


def _nested(path: Sequence[str], value: Any) -> dict[str, Any]:
    nested: Any = list(value)
    for name in reversed(path):
        nested = {name: nested}
    found: dict[str, Any] = nested
    return found


def _at(root: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = root
    for name in path:
        if found is not None and not isinstance(found, dict):
            raise Unusual
        found = (found or {}).get(name)
    return found


def _put(root: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    first, *rest = path
    return {**root, first: _put(root.get(first) or {}, rest, value) if rest else value}
