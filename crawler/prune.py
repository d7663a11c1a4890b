"""What of a page is its content, and what is furniture: navigation, banners, sidebars, related links."""

import re

from crawler.dom import Node

ALWAYS_REMOVED = (
    "script,style,noscript,template,svg,button,input,select,textarea,iframe,object,canvas,dialog,"
    "nav,[role=navigation],[role=search],[role=banner],[role=contentinfo],[role=dialog],[role=alertdialog],"
    "[role=menu],[role=menubar],[role=complementary],[role=tooltip],[aria-modal=true],[hidden],[aria-hidden=true],"
    "[data-pagefind-ignore],[data-elastic-exclude],[data-nosnippet],"
    "a.headerlink,a.header-anchor,a.hash-link,a.anchor,a.anchor-link,a.anchorjs-link,a.self-link,a.heading-link,"
    "a.permalink,a.headeranchor,a.headeranchor-link,a.viewcode-link,"
    ".sphinxsidebar,.linenos,.lineno,.linenodiv,.line-numbers,.line-number,.gutter,.visually-hidden,.sr-only,"
    ".screen-reader-text,.skip-link,.skip-to-content,.skiplink,.mw-editsection,.noprint,.copybtn"
)
CONTENT_MARKS = ("[data-pagefind-body]", "[data-elastic-include]")
MAINS = "main,[role=main]"

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|navbox|menu|submenu|breadcrumbs?|crumbs?|pagination|pager|paginator|toc"
    r"|tableofcontents|sidebar|side-bar|sidenav|footer|site-header|page-header|masthead|banner|cookies?|consent|gdpr"
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
    r"|topic|seealso|starlight-aside|content|article|main|body|document|highlight|code)(?:$|[\s_-])",
    re.IGNORECASE,
)
CANDIDATES = "div,section,aside,header,footer,ul,ol,table,form,figure,p,span"
MAX_SHARE = 0.4
"""An element with more of the page's text than this is no furniture, whatever it is called."""


def content_of(root: Node, chosen: Node | None = None) -> Node:
    """The element that holds the content, with the furniture inside it taken out. Changes the page.

    ``chosen`` is the content by a person's own rules; nothing is guessed then.
    """
    for node in root.css(ALWAYS_REMOVED):
        node.decompose()
    if chosen is not None:
        return chosen
    content = _marked(root) or _main(root) or root.css_first("body") or root
    _remove_furniture(content)
    return content


def _marked(root: Node) -> Node | None:
    for mark in CONTENT_MARKS:
        found = root.css(mark)
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


def _remove_furniture(content: Node) -> None:
    size = max(1, len(content.text()))
    for node in content.css(CANDIDATES):
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
        tag = node.tag
        is_furniture = tag in ("footer", "aside") or bool(names and FURNITURE.search(names))
        if not is_furniture or (names and KEPT.search(names)):
            continue
        if len(node.text()) > size * MAX_SHARE or node.css_first("h1") is not None:
            continue
        node.decompose()
