"""Elements of HTML by how they are read."""

import re

from crawler.extract.dom import TEXT, Node

MAX_DEPTH = 150
"""Below this depth the rest is taken as plain text: real pages end near 40, and the stack must hold."""

SKIPPED = frozenset(
    {"-comment", "head", "title", "meta", "link", "style", "script", "noscript", "template", "svg", "canvas", "object"}
    | {"embed", "iframe", "frame", "frameset", "noframes", "audio", "video", "map", "area", "img", "input"}
    | {"select", "option", "optgroup", "datalist", "textarea", "progress", "meter", "dialog", "wbr"}
)
NOTES = re.compile(
    r"(?:^|[_-])(?:note|tip|hint|warning|caution|danger|important|attention|admonition|callout|alert|footnotes?"
    r"|seealso)(?:$|[_-])",
    re.IGNORECASE,
)
"""Names of boxes that are read with the text around them."""

INLINE_LEAVES = frozenset(
    {
        "code",
        "kbd",
        "samp",
        "var",
        "em",
        "strong",
        "i",
        "b",
        "u",
        "s",
        "small",
        "sub",
        "sup",
        "cite",
        "q",
        "dfn",
        "abbr",
    }
    | {"time", "mark", "bdi", "bdo", "tt", "big", "strike", "del", "ins", "data", "nobr", "acronym"}
)
INLINE = frozenset(
    {"a", "span", "button", "font", "label", "ruby", "rb", "rt", "rp", "rtc", "output", "picture", "slot"}
)

BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "dl", "table", "pre", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section"}
    | {"article", "aside", "header", "footer", "main", "nav", "figure", "details", "form", "fieldset", "hr", "address"}
    | {"body", "html", "center", "dd", "dir", "dt", "figcaption", "hgroup", "legend", "listing", "menu", "optgroup"}
    | {"plaintext", "search", "summary", "caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr", "xmp"}
)
"""What browsers show as blocks; every element that HTML does not know is inline to them."""

_BLOCK_QUERY = ",".join(sorted(BLOCKS - {"body", "html"}))


def stands_in_text(node: Node, has_text_before: bool) -> bool:
    """Is this element of no known kind part of a sentence? For browsers it is inline; pages build blocks of such, too.

    One in a sentence holds no block, and text or an inline element stands right beside it.
    """
    if node.css_first(_BLOCK_QUERY) is not None:
        return False
    if has_text_before:
        return True
    after = node.next
    while after is not None and after.tag == TEXT and after.text().isspace():
        after = after.next
    return after is not None and (after.tag == TEXT or after.tag in INLINE or after.tag in INLINE_LEAVES)
