"""The blocks of a page's content as a judge sees them: text, links, and the names of what they stand in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crawler.extract.dom import TEXT, Node
from crawler.extract.elements import BLOCKS, INLINE, INLINE_LEAVES, MAX_DEPTH, SKIPPED, stands_in_text
from crawler.extract.fold import fold
from crawler.extract.prune import is_named_furniture
from crawler.extract.tables import is_layout

LeavesOut = Callable[[Node, str, Mapping[str, str | None]], bool]

IN_LINE = INLINE_LEAVES | {"br"}
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
    blocks = _Blocks(leaves_out, -1)
    blocks.below(content, (), 0, "")
    return blocks.found[: MAX_BLOCKS + 1]


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
    blocks = _Blocks(leaves_out, content.mem_id)
    if blocks.below(around, (), 0, "") or len(blocks.found) > MAX_BLOCKS:
        return []
    first = max((i for i, one in enumerate(blocks.found) if one.nodes[0].mem_id == headline.mem_id), default=0)
    return blocks.found[first:][-MAX_LEAD_BLOCKS:]


class _Blocks:
    """Finds blocks up to the element ``until``, and no more than are asked for."""

    def __init__(self, leaves_out: LeavesOut, until: int) -> None:
        self.found: list[BlockSeen] = []
        self._leaves_out = leaves_out
        self._until = until

    def below(self, node: Node, names: tuple[str, ...], depth: int, above: str) -> bool:
        """Find those below ``node``, which stands in elements of these names; False once there is no need to go on."""
        child = node.first_child
        run: list[Node] = []
        while child is not None:
            tag = child.tag or ""
            is_inline = tag == TEXT or tag in IN_LINE or (tag in INLINE and not _has_blocks(child))
            if is_inline or (
                tag not in BLOCKS and tag not in SKIPPED and tag not in WHOLE and stands_in_text(child, bool(run))
            ):
                run.append(child)
            else:
                if run:
                    self._run(run, names, above)
                    run = []
                if child.mem_id == self._until or len(self.found) > MAX_BLOCKS:
                    return False
                is_read = tag not in SKIPPED and tag not in WHOLE and depth <= MAX_DEPTH
                if is_read and not self._block(child, tag, names, depth, above):
                    return False
            child = child.next
        if run:
            self._run(run, names, above)
        return True

    def _block(self, node: Node, tag: str, names: tuple[str, ...], depth: int, above: str) -> bool:
        attributes = node.attributes
        if (tag == "table" and not is_layout(node)) or (attributes and self._leaves_out(node, tag, attributes)):
            return True
        # A name that the rules have looked behind says nothing any more.
        is_furniture = is_named_furniture(tag, attributes)
        named = " " if is_furniture else f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        own = (*names[1 - NAMES_ABOVE :], named)
        if tag not in HEADINGS and tag != "p" and _has_blocks(node):
            return self.below(node, own, depth + 1, "a" if "a" in (tag, above) else tag)
        text = fold(node.text())
        if text:
            linked = len(text) if above == "a" else _linked(node)
            self.found.append(BlockSeen((node,), tag, above, text, linked, own))
        return True

    def _run(self, nodes: list[Node], names: tuple[str, ...], above: str) -> None:
        text = fold("".join([node.text() for node in nodes if node.tag != "br"]))
        if not text:
            return
        elements = [node for node in nodes if node.tag not in (TEXT, "br")]
        linked = sum([len(fold(node.text())) if node.tag == "a" else _linked(node) for node in elements])
        own = elements[0].attributes if len(elements) == 1 else {}
        named = f"{own.get('class') or ''} {own.get('id') or ''}"
        names = (*names[1 - NAMES_ABOVE :], named)
        self.found.append(BlockSeen(tuple(nodes), "run", above, text, len(text) if above == "a" else linked, names))


def _linked(node: Node) -> int:
    return sum([len(fold(link.text())) for link in node.css("a")])


def _has_blocks(node: Node) -> bool:
    child = node.first_child
    while child is not None:
        tag = child.tag
        stands_in_line = tag == TEXT or tag in IN_LINE or tag in SKIPPED
        if not stands_in_line and (tag not in INLINE or _has_blocks(child)):
            return True
        child = child.next
    return False
