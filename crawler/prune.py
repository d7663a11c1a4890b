"""What of a page is its content, and what is furniture: navigation, banners, sidebars, related links."""

import re
from collections.abc import Mapping
from functools import lru_cache

from crawler.dom import Node

INSIDE_TEXT = (
    "script,style,noscript,template,svg,button,"
    ".sr-only,.visually-hidden,.screen-reader-text,.mw-editsection,.viewcode-link"
)
"""What may stand in the middle of a sentence without belonging to it. Each selector costs a tour of the tree, so all
that stands apart is told by ``Furniture`` when the walk comes by."""

SELF_LINKS = frozenset(
    {
        "headerlink",
        "header-anchor",
        "heading-anchor",
        "hash-link",
        "anchor",
        "anchor-link",
        "anchorjs-link",
        "self-link",
    }
    | {"permalink", "viewcode-link", "headeranchor", "headeranchor-link", "heading-link", "direct-link"}
)
"""Classes of the links that headings carry to themselves."""

SELF_MARKS = frozenset("#¶§🔗⚓")

ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "dialog", "alertdialog", "menu", "menubar", "complementary"}
    | {"tooltip", "toolbar"}
)
CONTENT_MARKS = ("data-pagefind-body", "data-elastic-include")
MAINS = "main,[role=main]"

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navheader|navfooter|docnav|gtoc|picker|navigation|navbox|menu|submenu|breadcrumbs?|crumbs?|pagination|pager|paginator|toc"
    r"|tableofcontents|contents|tagline|path|rightsidebar|leftsidebar|mobileonly|mobile-only|nosearch|no-search|sidebar|side-bar|sidenav|footer|site-header|page-header|masthead|banner|cookies?|consent|gdpr"
    r"|newsletter|subscribe|subscription|signup|sign-up|share|sharing|share-buttons|sharedaddy|social|socials|related"
    r"|related-(?:posts|links|articles|content)|recommended|recommendations|promo|promotion|advert|advertisement|ads?"
    r"|ad-slot|sponsor|sponsored|comments?|comment-list|disqus|respond|popup|modal|overlay|widget|tags|tag-list"
    r"|author-bio|read-more|readmore|also-like|trending|popular|most-read|toolbar|feedback|helpful|edit-page|backlinks"
    r"|prev-next|prevnext|prevnext|quickview|quicklinks|languages|langs|toplang|bottomlang|sphinxsidebarwrapper"
    r"|byline|dateline|timestamp|credit|credits|copyright|legal|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)
KEPT = re.compile(
    r"(?:^|[\s_-])(?:note|tip|hint|warning|caution|danger|important|attention|admonition|callout|alert|footnotes?"
    r"|seealso|starlight-aside|content|article|main|body|document|highlight|code)(?:$|[\s_-])",
    re.IGNORECASE,
)
MAX_SHARE = 0.4
"""An element with more of the content's text than this is no furniture, whatever it is called."""


def content_of(root: Node, markup: bytes, chosen: Node | None = None) -> Node:
    """The element that holds the content; what may stand inside its sentences without belonging there is taken out.

    ``markup`` is the page's HTML. ``chosen`` is the content by a person's own rules: nothing is guessed then.
    """
    for node in root.css(INSIDE_TEXT):
        node.decompose()
    for node in root.css("a[class],a[href^='#']"):
        text = node.text()
        if len(text) > 2:
            continue
        names = (node.attributes.get("class") or "").split()
        if text.strip() in SELF_MARKS or not SELF_LINKS.isdisjoint(names):
            # The link stays, emptied: it tells the walk the heading's address.
            while (child := node.first_child) is not None:
                child.decompose()
    return chosen or _marked(root, markup) or _main(root) or root.css_first("body") or root


def _marked(root: Node, markup: bytes) -> Node | None:
    for mark in CONTENT_MARKS:
        found = root.css(f"[{mark}]") if mark.encode() in markup else []
        if found:
            return _common(found)
    return None


def _common(nodes: list[Node]) -> Node:
    """The element itself, or for several the one above them all."""
    if len(nodes) == 1:
        return nodes[0]
    return nodes[0].parent or nodes[0]


def _main(root: Node) -> Node | None:
    mains: list[Node] = root.css(MAINS)
    return max(mains, key=lambda node: len(node.text())) if mains else None


class Furniture:
    """Tells furniture inside the content by its tag, class and id."""

    def __init__(self, content: Node) -> None:
        self._content = content
        self._size: int | None = None

    def holds(self, node: Node, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Is this element navigation, a banner, a list of related pages or the like?"""
        if _is_hidden(attributes) or attributes.get("role") in ROLES:
            return True
        names = attributes.get("class") or ""
        if name := attributes.get("id"):
            names = f"{names} {name}"
        if not _is_named_so(names, tag):
            return False
        if self._size is None:
            self._size = len(self._content.text())
        return len(node.text()) <= self._size * MAX_SHARE and node.css_first("h1") is None


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Hidden from readers, or marked by its author as not for search."""
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("aria-modal") == "true"
        or "data-pagefind-ignore" in attributes
        or "data-elastic-exclude" in attributes
        or "data-nosnippet" in attributes
        or ("style" in attributes and "display:none" in (attributes["style"] or "").replace(" ", "").lower())
    )


@lru_cache(maxsize=8192)
def _is_named_so(names: str, tag: str) -> bool:
    if names and KEPT.search(names):
        return False
    return tag in ("footer", "aside", "nav") or bool(names and FURNITURE.search(names))
