"""What a reader of the page can see, at once or by opening it: the one place that tells what is hidden.

Tabs, accordions and questions hide what they open by the same means as pages hide what nobody is to read. Hidden is
what nothing on the page opens.
"""

import re
from collections.abc import Mapping, Sequence

from crawler.extract.dom import TEXT, Node, elements, outermost
from crawler.extract.elements import INLINE, INLINE_LEAVES
from crawler.text.scan import Scan

_MARKS = Scan(
    r"\bhidden", r"display\s*:\s*none", r"visibility\s*:", r":\s*-\d{3}", r"font-size\s*:\s*0", r"clip\s*:\s*rect"
)
"""Without one of these in its markup, a page hides nothing."""

_HIDDEN = (
    "[hidden],[aria-hidden='true'],[style*='display' i],[style*='visibility' i],[style*='font-size' i],"
    "[style*='clip' i],[style*='-9' i]"
)
_UNSEEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)(?!.*animation)|clip:rect\((?:0|1px)"
    r"|position:(?:absolute|fixed)(?=.*:-\d{4,}px)|text-indent:-\d{4,}px)"
)
"""What animations show bit by bit is to be seen."""

_NO_SIZE = re.compile(r"(?:^|;)font-size:0(?:px|em|rem|%)?(?:;|!|$)")

_OPENER_ATTRIBUTES = ("aria-controls", "data-target", "data-bs-target", "data-tab", "popovertarget", "commandfor")
_OPENERS = ",".join((*(f"[{name}]" for name in _OPENER_ATTRIBUTES), "a[href^='#']"))
_PANEL_NAME = re.compile(
    r"(?:^|[\s_-])(?:accordions?|collaps\w*|tab-?(?:panel|pane|content)s?|panels?|panes?|tabs?|faqs?|answers?|expand\w*"
    r"|toggle-?content|spoilers?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TRIGGER_ATTRIBUTES = frozenset({"aria-expanded", "aria-controls", "onclick", "data-toggle", "data-bs-toggle"})
_TRIGGERS = (
    "button,[role=button],[role=tab],[aria-expanded],[onclick],[data-toggle],[data-bs-toggle],a[href='#'],"
    "a[href^='javascript:']"
)
_QUESTIONS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_MIN_PAIRS = 2
"""So many headings before something hidden are an accordion, although nothing says so."""

_MAX_LINKED = 0.5
_MOST = 0.5
"""A page that hides more than this of its text shows it by script: it waits for a font, or builds itself."""

_LEVELS_NAMED = 3
_MAX_STYLE_CHARS = 2000


def take_out_hidden(root: Node, markup: bytes) -> None:
    """Remove what nobody sees. What a reader can open stays, and is not marked as hidden any more.

    ``markup`` is the HTML of the page, looked at before anything is searched in the tree.
    """
    if not _MARKS.finds(markup):
        return
    hidden = [node for node in root.css(_HIDDEN) if node.tag not in ("html", "body") and _is_hidden(node)]
    if not hidden:
        return
    is_accordion = sum(_is_question(node) for node in hidden) >= _MIN_PAIRS
    ids = {name for node in hidden if (name := node.attributes.get("id"))}
    opened_ids = _opened_ids(root) if any(_is_named_twice(name, markup) for name in ids) else frozenset()
    gone = []
    for node in hidden:
        if _is_opened(node, opened_ids, is_accordion):
            for name in ("hidden", "aria-hidden"):
                if name in node.attributes:
                    del node.attrs[name]
        elif hides(node.attributes) or _has_no_size(node):
            gone.append(node)
    _decompose(gone, len((root.css_first("body") or root).text()))


def hides(attributes: Mapping[str, str | None]) -> bool:
    """Do the element's own attributes hide it until something shows it?"""
    style = attributes.get("style")
    return "hidden" in attributes or (bool(style) and _UNSEEN.search(_folded(style)) is not None)


def _is_hidden(node: Node) -> bool:
    attributes = node.attributes
    return hides(attributes) or attributes.get("aria-hidden") == "true" or _has_no_size(node)


def _has_no_size(node: Node) -> bool:
    """Letters of no size; around elements of a size of their own that only closes gaps."""
    style = node.attributes.get("style")
    return bool(style) and _NO_SIZE.search(_folded(style)) is not None and next(elements(node), None) is None


def _folded(style: str | None) -> str:
    return "".join((style or "")[:_MAX_STYLE_CHARS].lower().split())


def _decompose(gone: Sequence[Node], size: int) -> None:
    for node in outermost(gone):
        if len(node.text()) <= size * _MOST or node.css_first("h1,main,article") is None:
            node.decompose()


def _is_named_twice(name: str, markup: bytes) -> bool:
    """Does the name stand elsewhere in the page, too? What is written otherwise there may."""
    return not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()) or markup.count(name.encode()) > 1


def _opened_ids(root: Node) -> frozenset[str]:
    """The ids of what something on the page opens or leads to."""
    found: set[str] = set()
    for node in root.css(_OPENERS):
        attributes = node.attributes
        for name in _OPENER_ATTRIBUTES:
            found.update((attributes.get(name) or "").replace("#", "").split())
        href = attributes.get("href") or ""
        if href.startswith("#"):
            found.add(href[1:])
    return frozenset(found)


def _is_opened(node: Node, opened_ids: frozenset[str], is_accordion: bool) -> bool:
    """Does something on the page show it?"""
    attributes = node.attributes
    if (attributes.get("hidden") or "").lower() == "until-found" or attributes.get("role") == "tabpanel":
        return True
    if attributes.get("id") in opened_ids:
        return True
    tag = node.tag or ""
    if tag in INLINE or tag in INLINE_LEAVES:
        return False
    is_panel = _is_named_panel(node) or _is_answer(node) or (is_accordion and _is_question(node))
    return is_panel and not _is_mostly_links(node)


def _is_named_panel(node: Node) -> bool:
    at: Node | None = node
    for _ in range(_LEVELS_NAMED):
        if at is None or at.tag in ("body", "main", "article"):
            return False
        if _PANEL_NAME.search(at.attributes.get("class") or ""):
            return True
        at = at.parent
    return False


def _is_answer(node: Node) -> bool:
    """Is it what a term, or something that can be clicked right before it, is there to show?"""
    before = _before(node)
    if before is None:
        return False
    if before.tag in ("dt", "button", "summary", "label"):
        return True
    attributes = before.attributes
    is_trigger = attributes.get("role") in ("button", "tab") or not _TRIGGER_ATTRIBUTES.isdisjoint(attributes)
    return is_trigger or before.css_first(_TRIGGERS) is not None


def _is_question(node: Node) -> bool:
    """Does it stand hidden behind a heading?"""
    before = _before(node)
    return before is not None and before.tag in _QUESTIONS and hides(node.attributes)


def _before(node: Node) -> Node | None:
    before: Node | None = node.prev
    while before is not None and ((before.tag or "-").startswith("-")):
        if before.tag == TEXT and not before.text().isspace():
            return None
        before = before.prev
    return before


def _is_mostly_links(node: Node) -> bool:
    linked = sum(len(link.text()) for link in node.css("a[href]:not([href^='#'])"))
    return linked > _MAX_LINKED * len(node.text())
