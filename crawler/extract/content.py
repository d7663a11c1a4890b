"""Which element of a page holds its content.

Authors who mark it are believed. For the rest: paragraphs weigh what they say (links weigh nothing, short teasers
little), an element that is named like the body of an article and holds enough of that weight is the content, and from
there on the smallest element that holds nearly all of it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.extract.dom import Node, elements, outermost
from crawler.extract.prune import is_named_furniture
from crawler.extract.weights import LOOSE_PARAGRAPHS, PARAGRAPHS, Weights

CONTENT_MARKS = ("data-pagefind-body", "data-elastic-include")
MAINS = "main,[role=main]"

LITTLE_WEIGHT = 400
SOME_WEIGHT = 1000
"""Characters of paragraphs below which weights say little about a page, and below which they say nothing sure."""

MAIN_SHARE = 0.5

LEAVES = frozenset(
    {"body", "p", "pre", "li", "td", "dd", "tr", "tbody", "blockquote", "ul", "ol", "dl", "span", "font"}
)
DIRECT = frozenset({"p", "pre", "ul", "ol", "dl", "table", "blockquote", "h2", "h3", "h4"})
"""An element that holds such children itself is where an author wrote."""

_ARTICLE_NAME = re.compile(
    r"article[_-]*(?:body|content|text)|(?:post|entry|story)[_-]*(?:body|content|text)", re.IGNORECASE
)
ARTICLE_MARKS = (b"<article", b"rticleBody", b"rticle-body", b"entry-content", b"post-content")
"""Without one of these in its markup, the marked main part of a page is not worth weighing."""

_CONTENT_NAME = re.compile(
    r"^(?:article|content|story|post|entry|hentry|main|body)$|(?:^|[_-])"
    r"(?:article|post|story|entry|news|content|blog|page|main|text|single|detail)s?[_-]*"
    r"(?:body|contents?|text|copy|entry|inner|main|article|post|story|detail|wrap|wrapper)(?:$|[_-])",
    re.IGNORECASE,
)
UNNAMED, NAMED, ARTICLE_NAMED, DECLARED = range(4)
DESCENT_SHARES = {UNNAMED: 0.8, NAMED: 0.6, ARTICLE_NAMED: 0.5, DECLARED: 0.4}
"""How much of an element's weight a child must hold to take its place, by what the child's name promises."""

ARTICLE_SHARES = ((DECLARED, 0.3), (ARTICLE_NAMED, 0.35), (NAMED, 0.35))
"""How much of the page's weight an element must hold to be its article, the best names first."""

RIVAL_SHARE = 0.25
"""A second candidate with more of the first one's weight makes the choice unsure."""

HEADLINE_SHARE = 0.15
"""Enough for an ``article`` element that holds the page's only ``h1``."""


@dataclass(frozen=True, slots=True)
class Content:
    """``is_article``: an element named like the body of an article; captions and lone links in it are furniture.

    ``is_marked``: an author marked it as the content; ``others`` are further elements so marked, which follow ``node``.
    """

    node: Node
    is_article: bool = False
    is_marked: bool = False
    others: tuple[Node, ...] = ()


def content_of(root: Node, markup: bytes) -> Content:
    """The element that holds the content of the page; ``markup`` is its HTML."""
    marked = _marked(root, markup)
    if marked:
        return Content(marked[0], is_marked=True, others=tuple(marked[1:]))
    body = root.css_first("body") or root
    main = _main(root)
    main_chars = len(main.text().strip()) if main is not None else 0
    is_most = main_chars > 0 and main_chars >= MAIN_SHARE * len(body.text().strip())
    if main is not None and is_most and not any(mark in markup for mark in ARTICLE_MARKS):
        return Content(main)
    weights = Weights(body, PARAGRAPHS)
    if weights.of(body) < LITTLE_WEIGHT:
        weights = Weights(body, LOOSE_PARAGRAPHS)
    start = main if main is not None and _is_trusted(main, main_chars, body, weights) else body
    if start is main and not any(mark in markup for mark in ARTICLE_MARKS):
        return Content(main)
    article = _article(start, weights)
    return Content(_narrowed(article or start, weights), article is not None)


def _marked(root: Node, markup: bytes) -> list[Node]:
    """The elements an author marked as the content, without those inside one another."""
    for mark in CONTENT_MARKS:
        found: list[Node] = root.css(f"[{mark}]") if mark.encode() in markup else []
        if found:
            return outermost(found)
    return []


def _main(root: Node) -> Node | None:
    found: list[Node] = root.css(MAINS)
    return max(found, key=lambda node: len(node.text())) if found else None


def _is_trusted(main: Node, main_chars: int, body: Node, weights: Weights) -> bool:
    """Some pages call a slider or a headline their main part, or leave it empty for scripts to fill; a page of links
    has little weight anywhere."""
    whole, inside = weights.of(body), weights.of(main)
    if inside >= MAIN_SHARE * whole and main_chars:
        return True
    return whole < SOME_WEIGHT and main_chars >= whole - inside


def _promise(node: Node) -> int:
    attributes = node.attributes
    if "articleBody" in (attributes.get("itemprop") or ""):
        return DECLARED
    return _name_promise(node.tag or "", attributes.get("class") or "", attributes.get("id") or "")


@lru_cache(maxsize=8192)
def _name_promise(tag: str, classes: str, name: str) -> int:
    names = [*classes.split(), name]
    if any(_ARTICLE_NAME.search(one) for one in names):
        return ARTICLE_NAMED
    return NAMED if tag == "article" or any(_CONTENT_NAME.search(one) for one in names) else UNNAMED


def _article(start: Node, weights: Weights) -> Node | None:
    """The one element whose name says article and whose weight bears it out."""
    whole = weights.of(start)
    found: dict[int, list[Node]] = {DECLARED: [], ARTICLE_NAMED: [], NAMED: []}
    for node in weights.nodes.values():
        promise = _promise(node)
        if promise and node.tag not in LEAVES and (promise > NAMED or node.tag == "article"):
            found[promise].append(node)
    headlined = [node for node in found[NAMED] if node.css_first("h1") is not None]
    if len(headlined) == 1 and weights.of(headlined[0]) > HEADLINE_SHARE * whole:
        start, whole = headlined[0], weights.of(headlined[0])
    for promise, share in ARTICLE_SHARES:
        ranked = sorted(found[promise], key=weights.of, reverse=True)
        if ranked and weights.of(ranked[0]) > share * whole and _is_within(ranked[0], start):
            first = ranked[0]
            rivals = [node for node in ranked[1:] if not _is_within(node, first)]
            if not rivals or weights.of(rivals[0]) <= RIVAL_SHARE * weights.of(first):
                return first
            if any(rival.parent.mem_id == first.parent.mem_id for rival in rivals):
                # Pieces of one article have their article above them; several articles are a list of them.
                return first.parent if promise > NAMED else None
    return start if headlined and start is headlined[0] else None


def _is_within(node: Node | None, above: Node) -> bool:
    while node is not None:
        if node.mem_id == above.mem_id:
            return True
        node = node.parent
    return False


def _narrowed(node: Node, weights: Weights) -> Node:
    """From ``node`` down as long as one child holds nearly all and nothing an author wrote is left beside it."""
    while True:
        weight = weights.of(node)
        best, direct = _heaviest_child(node, weights)
        if best is None or best.tag in LEAVES or is_named_furniture(best.tag or "", best.attributes):
            return node
        promise = _promise(best)
        best_weight = weights.of(best)
        if best_weight < DESCENT_SHARES[promise] * weight or _leaves_text_behind(node, best, promise, weights):
            return node
        if promise == UNNAMED and (weight < LITTLE_WEIGHT or direct > 0 or _is_one_of_many(best, best_weight, weight)):
            return node
        node = best


def _leaves_text_behind(node: Node, best: Node, promise: int, weights: Weights) -> bool:
    """Beside an article: another piece of it. Beside anything else: the headline with text, as on a manual page, or
    the sections after the part that has the headline."""
    beside = [child for child in elements(node) if child.mem_id != best.mem_id]
    company = [child for child in beside if weights.of(child)]
    if promise >= ARTICLE_NAMED:
        return any(_promise(child) == promise for child in company)
    if any(child.css_first("h1") is not None for child in company):
        return True
    if promise > UNNAMED:
        return False
    tags = {child.tag for child in beside}
    if "h1" in tags and not tags.isdisjoint(DIRECT):
        return True
    return best.css_first("h1") is not None and any(_is_section(child) for child in company)


def _is_section(node: Node) -> bool:
    first = next(elements(node), None)
    return first is not None and first.tag == "h2" and not is_named_furniture(node.tag or "", node.attributes)


def _is_one_of_many(node: Node, weight: float, whole: float) -> bool:
    """Is this a headed section beside others, rather than the place of the whole text?"""
    if weight == whole:
        return False
    return node.tag == "section" or (node.css_first("h1") is None and node.css_first("h2,h3,h4") is not None)


def _heaviest_child(node: Node, weights: Weights) -> tuple[Node | None, float]:
    """The child with the most weight, and the weight of what stands directly in ``node``."""
    children = list(elements(node))
    best = max(children, key=weights.of, default=None)
    direct = sum(weights.of(child) for child in children if child.tag in DIRECT)
    return (best if best is not None and weights.of(best) else None), direct
