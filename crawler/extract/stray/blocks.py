"""The blocks of a page's content as a judge sees them: text, links, and the names of what they stand in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from crawler.extract.dom import TEXT, Node
from crawler.extract.elements import BLOCKS, INLINE, INLINE_LEAVES, MAX_DEPTH, SKIPPED, stands_in_text
from crawler.extract.fold import fold
from crawler.extract.prune import is_named_furniture
from crawler.extract.tables import is_layout

LeavesOut = Callable[[Node, str, Mapping[str, str | None]], bool]

WHOLE = frozenset({"pre", "dl", "math"})
"""Never judged: code and definitions are content wherever they stand."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LONG_CHARS = 120
"""A paragraph of so many characters outside links is running text."""

MAX_BLOCKS = 600
"""A longer page is a manual or a list, on which nothing was learned."""

LEVELS_ABOVE = 6
MAX_LEAD_BLOCKS = 12
"""How far above the content its headline is looked for, and how much may stand between the two."""

NAMES_ABOVE = 5
"""How many elements, its own included, lend a block their names."""


@dataclass(slots=True)
class BlockSeen:
    """A block of the content: its text, how much of it is linked, and the names of the elements it stands in.

    Text and inline elements between other blocks are a block of tag ``run`` with several nodes.
    """

    nodes: tuple[Node, ...]
    tag: str
    above: str
    text: str
    linked: int
    names: tuple[str, ...]

    @property
    def is_heading(self) -> bool:
        """Does it head what follows?"""
        return self.tag in HEADINGS

    @property
    def is_long(self) -> bool:
        """Is it running text?"""
        return len(self.text) - self.linked >= LONG_CHARS


def blocks_of(content: Node, leaves_out: LeavesOut) -> list[BlockSeen]:
    """The blocks below ``content`` in order, without tables of data, code, definitions and furniture.

    Of more than ``MAX_BLOCKS`` the first ones, one more than that.
    """
    return list(islice(_blocks(content, (), leaves_out, 0, "", -1), MAX_BLOCKS + 1))


def lead_of(root: Node, content: Node, leaves_out: LeavesOut) -> list[BlockSeen]:
    """The blocks between the headline of the page and its content, where that does not hold the headline itself."""
    headline = root.css_first("h1")
    if headline is None or content.css_first("h1") is not None:
        return []
    around = content.parent
    for _ in range(LEVELS_ABOVE):
        if around is None or (found := around.css_first("h1")) is not None:
            break
        around = around.parent
    if around is None or found is None or found.mem_id != headline.mem_id:
        return []
    blocks: list[BlockSeen] = []
    for block in _blocks(around, (), leaves_out, 0, "", content.mem_id):
        if block.tag == "end":
            return blocks[-MAX_LEAD_BLOCKS:]
        if block.nodes[0].mem_id == headline.mem_id:
            blocks = []
        blocks.append(block)
    return []


def _blocks(  # noqa: PLR0917  where it stands, level by level
    node: Node, names: tuple[str, ...], leaves_out: LeavesOut, depth: int, above: str, until: int
) -> Iterator[BlockSeen]:
    """``until`` is the element at which to end, with a block of tag ``end``."""
    child = node.first_child
    run: list[Node] = []
    while child is not None:
        tag = child.tag or ""
        after = child.next
        is_inline = tag in (TEXT, "br") or tag in INLINE_LEAVES or (tag in INLINE and not _has_blocks(child))
        if is_inline or (
            tag not in BLOCKS and tag not in SKIPPED and tag not in WHOLE and stands_in_text(child, bool(run))
        ):
            run.append(child)
            child = after
            continue
        if run:
            yield from _run(run, names, above)
            run = []
        if child.mem_id == until:
            yield BlockSeen((child,), "end", above, "", 0, names)
            return
        if tag in SKIPPED or tag in WHOLE or depth > MAX_DEPTH:
            child = after
            continue
        attributes = child.attributes
        if (tag == "table" and not is_layout(child)) or (attributes and leaves_out(child, tag, attributes)):
            child = after
            continue
        # A name that the rules have looked behind says nothing any more.
        is_furniture = is_named_furniture(tag, attributes)
        named = " " if is_furniture else f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        own = (*names[1 - NAMES_ABOVE :], named)
        if tag in HEADINGS or tag == "p" or not _has_blocks(child):
            text = fold(child.text())
            if text:
                linked = len(text) if above == "a" else _linked(child)
                yield BlockSeen((child,), tag, above, text, linked, own)
        else:
            for block in _blocks(child, own, leaves_out, depth + 1, "a" if "a" in (tag, above) else tag, until):
                yield block
                if block.tag == "end":
                    return
        child = after
    if run:
        yield from _run(run, names, above)


def _run(nodes: list[Node], names: tuple[str, ...], above: str) -> Iterator[BlockSeen]:
    text = fold("".join([node.text() for node in nodes if node.tag != "br"]))
    if text:
        elements = [node for node in nodes if node.tag not in (TEXT, "br")]
        linked = sum(len(fold(node.text())) if node.tag == "a" else _linked(node) for node in elements)
        own = elements[0].attributes if len(elements) == 1 else {}
        named = f"{own.get('class') or ''} {own.get('id') or ''}"
        yield BlockSeen(
            tuple(nodes), "run", above, text, len(text) if above == "a" else linked, (*names[1 - NAMES_ABOVE :], named)
        )


def _linked(node: Node) -> int:
    return sum([len(fold(link.text())) for link in node.css("a")])


def _has_blocks(node: Node) -> bool:
    child = node.first_child
    while child is not None:
        tag = child.tag
        stands_in_line = tag in (TEXT, "br") or tag in SKIPPED or tag in INLINE_LEAVES
        if not stands_in_line and (tag not in INLINE or _has_blocks(child)):
            return True
        child = child.next
    return False
