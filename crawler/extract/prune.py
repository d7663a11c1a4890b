"""What of a page is its content, and what is furniture: navigation, banners, sidebars, related links, comments."""

import re
from collections.abc import Mapping
from functools import lru_cache

from crawler.extract.dom import TEXT, Node, children, elements
from crawler.extract.elements import NOTES

INSIDE_TEXT = (
    "script,style,noscript,template,svg,.sr-only,.visually-hidden,.screen-reader-text,.mw-editsection,.viewcode-link"
)
"""What may stand in the middle of a sentence without belonging to it. Each selector costs a tour of the tree, so all
that stands apart is told by ``Furniture`` when the walk comes by."""

ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "dialog", "alertdialog", "menu", "menubar", "complementary"}
    | {"tooltip", "toolbar"}
)

NAMED_TAGS = frozenset({"footer", "nav", "aside"})
"""These say furniture without a class or an id."""

NOT_FOR_SEARCH = frozenset({"data-pagefind-ignore", "data-elastic-exclude", "data-nosnippet"})

_WORDS = (
    "nav navbar navigation navbox navheader navfooter docnav gtoc picker menu submenu breadcrumbs? crumbs? pagination "
    "pager paginator toc tableofcontents of-contents sidebar side-bar sidenav rightsidebar leftsidebar footer masthead "
    "site-header page-header tagline path mobileonly mobile-only nosearch no-search "
    "banner cookies? consent gdpr newsletter subscribe subscription signup sign-up paywall promo promotion "
    "advert advertisement ads? ad-slot sponsor sponsored outbrain taboola "
    "share sharing sharedaddy social socials follow recommended recommendations also-like trending popular "
    "most-read read-more readmore more-stories comments? disqus respond "
    "popup modal overlay widget tags author-bio toolbar feedback helpful edit-page backlinks prev-next prevnext "
    "quickview quicklinks languages langs toplang bottomlang byline dateline timestamp credits? copyright legal skip"
)
_FURNITURE = re.compile(rf"(?:^|[_-])(?:{'|'.join(_WORDS.split())})(?:$|[_-])|^contents(?:$|[_-])", re.IGNORECASE)
_RELATED = re.compile(r"(?:^|[_-])related(?:$|[_-])", re.IGNORECASE)
_BOXES = re.compile(
    r"(?:topic|notice|info|info-?box|box|remark|example|definition|summary|quote)(?:--?\w+)?", re.IGNORECASE
)
"""Asides that are read with the text; Docutils writes abstracts and boxed topics as ``<aside class="topic">``."""

_DOCBOOK = re.compile(r"sect[1-5]|refsect[1-3]|refsection|simplesect|chapter|appendix")
_PUSHES = re.compile(
    r"cookie[_-]?(?:banner|bar|consent|notice|law|popup|dialog|message)|consent|gdpr|newsletter|sign-?up|paywall|promo"
    r"|advert|(?:^|[\s_-])ads?(?:$|[\s_-])|ad-slot|sponsor|outbrain|taboola|sharedaddy|popup|modal|overlay|social|related"
    r"|recommend|trending|popular|most-read|more-stories|author-bio|disqus|respond|prev-?next|masthead|footer|(?:^|\s)nav",
    re.IGNORECASE,
)
"""These names are never those of a section by itself."""

_DISCUSSION = re.compile(r"(?:^|[\s_-])comments?(?:$|[\s_-])", re.IGNORECASE)
SECTIONS = frozenset({"section", "div", "aside"})
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
HEADINGS = "h1,h2,h3,h4,h5,h6"
NO_SECTION = "form,textarea,input,select,iframe,time,article,[class*='comment-'],[class*='-comment']"
"""What discussions, boxes to subscribe and lists of articles hold."""

MIN_SECTION_CHARS = 15
MAX_LINKED = 0.5
MAX_LEVELS_TO_HEADING = 3

_CAPTION = re.compile(r"(?:^|[\s_-])(?:caption|captions|gallery|slideshow|credit)(?:$|[\s_-])", re.IGNORECASE)
SHOWN_IN_FIGURES = "pre,table,blockquote,ul,ol,dl"
"""A figure of text is content, with its caption; one of a picture only says what is on it."""

PICTURES = "img,picture,video,audio,svg,canvas,iframe,object,embed,amp-img,noscript"

MAX_SHARE = 0.4
"""An element with more of the content's text than this is no furniture, whatever it is called."""


def take_out_of_text(root: Node) -> None:
    """Remove what may stand inside sentences and headings without belonging there."""
    for node in root.css(INSIDE_TEXT):
        node.decompose()


class Furniture:
    """Tells furniture inside the content by its tag, role, class and id."""

    def __init__(self, content: Node, is_article: bool = False) -> None:
        self._content = content
        self._is_article = is_article
        self._size: int | None = None

    def includes(self, node: Node, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Is this element navigation, a banner, a list of related pages or the like?"""
        if not attributes and not self._is_article and tag not in NAMED_TAGS:
            return False
        if is_set_aside(attributes) or (self._is_article and _is_beside_article(node, tag, attributes)):
            return True
        if not is_named_furniture(tag, attributes) or (not self._is_article and _is_own_section(node, tag, attributes)):
            return False
        if _is_headed_section(node, tag, attributes):
            return False
        if self._size is None:
            self._size = len(self._content.text())
        if len(node.text()) > self._size * MAX_SHARE or node.css_first("h1") is not None:
            return False
        return not _shows_code(node)


def _shows_code(node: Node) -> bool:
    """Is this the frame around code? Some are named after the toolbar that they have."""
    code = node.css_first("pre")
    return code is not None and 2 * len(code.text().strip()) > len(node.text().strip())


def _is_beside_article(node: Node, tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Captions, and paragraphs that are one link: they lead from an article, while in documentation they tell."""
    if tag == "figcaption" and node.parent is not None and node.parent.css_first(SHOWN_IN_FIGURES) is not None:
        return False
    if tag in ("figure", "figcaption") or _CAPTION.search(attributes.get("class") or ""):
        return node.css_first(SHOWN_IN_FIGURES) is None and (tag != "figure" or node.css_first(PICTURES) is not None)
    if tag != "p":
        return False
    link = node.css_first("a")
    return link is not None and len(link.text().strip()) >= len(node.text().strip()) - 1


def _is_own_section(node: Node, tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Is this a section of a document, its id made of its heading? Then its heading links to it: "Path", "Credits";
    or its class is that of DocBook's sections."""
    name = attributes.get("id")
    if name and _DOCBOOK.fullmatch(attributes.get("class") or ""):
        return True
    heading = node.css_first(HEADINGS) if name and tag in ("section", "div") else None
    if name is None or heading is None:
        return False
    targets = [(link.attributes.get("href") or "")[1:] for link in heading.css("a[href^='#']")]
    # Django's theme writes s-path around what the heading calls path.
    return any(target and name.endswith(target) for target in targets)


def _is_headed_section(node: Node, tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Does it begin with a heading of its own and tell something, as sections do, rather than ask, list or sell?

    A manual has chapters on comments, cookies and menus. What is named like nothing but furniture, and comments that
    are no ``section``, must have sections like them beside them.
    """
    if tag not in SECTIONS or attributes.get("role") in ROLES:
        return False
    heading = _first_element(node)
    for _ in range(MAX_LEVELS_TO_HEADING):
        if heading is None or heading.tag in HEADING_TAGS:
            break
        heading = _first_element(heading) if heading.tag in ("header", "div", "hgroup") else None
    if heading is None or heading.tag not in HEADING_TAGS or node.css_first(NO_SECTION) is not None:
        return False
    text, title = node.text(), heading.text()
    said = len(" ".join(text.split())) - len(" ".join(title.split()))
    linked = sum(len(link.text()) for link in node.css("a"))
    if said < MIN_SECTION_CHARS or linked > MAX_LINKED * said:
        return False
    is_discussion = tag == "div" and _DISCUSSION.search(_names(attributes)) is not None
    return not (is_discussion or _pushes(attributes)) or _has_siblings_like(node, tag)


def _names(attributes: Mapping[str, str | None]) -> str:
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def _pushes(attributes: Mapping[str, str | None]) -> bool:
    return _PUSHES.search(_names(attributes)) is not None


def _has_siblings_like(node: Node, tag: str) -> bool:
    """Are there sections beside it that begin with a heading of the same rank, and that no name calls furniture?

    Of elements that are sections by their tag, those count, too, whose name may be that of a chapter.
    """
    above = node.parent
    rank = (found := node.css_first(HEADINGS)) is not None and found.tag
    for other in elements(above) if above is not None else ():
        if other.mem_id == node.mem_id or other.tag != tag:
            continue
        if not is_named_furniture(tag, other.attributes) or (tag == "section" and not _pushes(other.attributes)):
            heading = other.css_first(HEADINGS)
            if heading is not None and heading.tag == rank:
                return True
    return False


def _first_element(node: Node) -> Node | None:
    """The first element, unless text stands before it."""
    for child in children(node):
        if child.tag == TEXT and not child.text().isspace():
            return None
        if not (child.tag or "-").startswith("-") and (child.tag == "img" or child.text().strip()):
            first: Node = child
            return first
    return None


def is_set_aside(attributes: Mapping[str, str | None]) -> bool:
    """Out of the text for some readers, or marked by its author as not for search; ``visible.py`` tells the rest."""
    if not attributes:
        return False
    return (
        attributes.get("aria-hidden") == "true"
        or attributes.get("aria-modal") == "true"
        or attributes.get("role") in ROLES
        or not NOT_FOR_SEARCH.isdisjoint(attributes)
    )


def is_named_furniture(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Does its tag, class or id say furniture?"""
    return _says_furniture(tag, attributes.get("class") or "", attributes.get("id") or "")


@lru_cache(maxsize=8192)
def _says_furniture(tag: str, classes: str, name: str) -> bool:
    names = [*classes.split(), name]
    if any(NOTES.search(one) for one in names):
        return False
    if tag in ("footer", "nav") or (tag == "aside" and not any(_BOXES.fullmatch(one) for one in names)):
        return True
    if any(_FURNITURE.search(one) for one in names):
        return True
    # Lists of related pages are no tables; a table of what is related to the subject is content.
    return tag != "table" and any(_RELATED.search(one) for one in names)
