"""How much the paragraphs of a page say, and how that adds up in the elements above them."""

from collections.abc import Iterable

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
        self._weights: dict[int, float] = {}
        self._furniture: dict[int, bool] = {}
        self._hidden: set[int] = set()
        self._top = root.mem_id
        chains = [(weight, self._chain(node)) for node in root.css(paragraphs) if (weight := paragraph_weight(node))]
        whole = _sums(chains)
        limit = MAX_SHARE * whole.get(self._top, 0.0)
        self._weights = _sums(
            (weight, chain)
            for weight, chain in chains
            if not any(i in self._hidden or (self._furniture[i] and whole[i] < limit) for i in chain if i != self._top)
        )

    def of(self, node: Node) -> float:
        """Weight of everything below an element."""
        return self._weights.get(node.mem_id, 0.0)

    def _chain(self, node: Node) -> list[int]:
        """The paragraph and the elements above it, as keys."""
        chain: list[int] = []
        at: Node | None = node
        while at is not None:
            key = at.mem_id
            chain.append(key)
            if key not in self.nodes:
                self.nodes[key] = at
                attributes = at.attributes
                self._furniture[key] = is_named_furniture(at.tag or "", attributes)
                if is_set_aside(attributes):
                    self._hidden.add(key)
            if key == self._top:
                break
            at = at.parent
        return chain


def paragraph_weight(node: Node) -> float:
    """Characters outside links of a paragraph's own text; 0 for one that is short or mostly links."""
    tag = node.tag
    text = node.text() if tag in ("p", "pre") else node.text(deep=False)
    size = len(text) if len(text) < MIN_PARAGRAPH_CHARS else len(" ".join(text.split()))
    if size < MIN_PARAGRAPH_CHARS:
        return 0.0
    linked = sum(len(link.text()) for link in node.css("a")) if tag == "p" else 0
    if linked > size * MAX_LINK_SHARE:
        return 0.0
    return (size - linked) * min(1.0, size / FULL_WEIGHT_CHARS)


def _sums(chains: Iterable[tuple[float, list[int]]]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for weight, chain in chains:
        for key in chain:
            sums[key] = sums.get(key, 0.0) + weight
    return sums
