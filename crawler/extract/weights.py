"""How much the paragraphs of a page say, and how that adds up in the elements above them."""

from crawler.extract.dom import Node
from crawler.extract.prune import MAX_SHARE, is_named_furniture, is_set_aside

PARAGRAPHS = "p,pre,blockquote,dd,td,div,section,li,article"
LOOSE_PARAGRAPHS = f"{PARAGRAPHS},span,font"
"""Some pages put their text into spans; looking there too costs time on pages full of highlighted code."""

MIN_PARAGRAPH_CHARS = 40
FULL_WEIGHT_CHARS = 150
MAX_LINK_SHARE = 0.5


class Weights:
    """What the paragraphs below each element say, in characters; paragraphs in furniture are left out."""

    def __init__(self, root: Node, paragraphs: str) -> None:
        self.nodes: dict[int, Node] = {}
        self._order: list[int] = []
        """The elements above paragraphs and these themselves, none before the one that it stands in."""
        self._above: dict[int, int] = {}
        self._furniture: set[int] = set()
        self._hidden: set[int] = set()
        self._top = root.mem_id
        own: dict[int, float] = {}
        for node in root.css(paragraphs):
            if weight := paragraph_weight(node):
                own[self._place(node)] = weight
        whole = self._sums(own)
        limit = MAX_SHARE * whole.get(self._top, 0.0)
        left_out: set[int] = set()
        for key in self._order:
            is_out = key in self._hidden or (key in self._furniture and whole[key] < limit)
            if key != self._top and (is_out or self._above[key] in left_out):
                left_out.add(key)
        self._weights = self._sums({key: weight for key, weight in own.items() if key not in left_out})

    def of(self, node: Node) -> float:
        """Weight of everything below an element."""
        return self._weights.get(node.mem_id, 0.0)

    def _place(self, node: Node) -> int:
        """Get to know the paragraph and the elements above it; returns its key."""
        place = key = node.mem_id
        way: list[int] = []
        while key not in self.nodes:
            self.nodes[key] = node
            way.append(key)
            attributes = node.attributes
            if is_named_furniture(node.tag or "", attributes):
                self._furniture.add(key)
            if is_set_aside(attributes):
                self._hidden.add(key)
            if key == self._top:
                break
            node = node.parent
            above = node.mem_id
            self._above[key] = above
            key = above
        self._order += reversed(way)
        return place

    def _sums(self, own: dict[int, float]) -> dict[int, float]:
        """What each element holds, by itself and below."""
        sums = dict.fromkeys(self._order, 0.0) | own
        for key in reversed(self._order):
            if key != self._top:
                sums[self._above[key]] += sums[key]
        return sums


def paragraph_weight(node: Node) -> float:
    """Characters outside links of a paragraph's own text; 0 for one that is short or mostly links."""
    tag = node.tag
    text = node.text() if tag in ("p", "pre") else node.text(deep=False)
    if len(text) < MIN_PARAGRAPH_CHARS:
        return 0.0
    size = len(" ".join(text.split()))
    if size < MIN_PARAGRAPH_CHARS:
        return 0.0
    linked = sum(len(link.text()) for link in node.css("a")) if tag == "p" else 0
    if linked > size * MAX_LINK_SHARE:
        return 0.0
    return (size - linked) * min(1.0, size / FULL_WEIGHT_CHARS)
