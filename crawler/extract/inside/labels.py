"""Labels that pages put beside what they say: links of headings to themselves, "Copy" beside code."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from crawler.extract.dom import TEXT, Node, elements, outermost
from crawler.extract.fold import fold
from crawler.text.scan import Scan

SELF_LINKS = frozenset(
    {"headerlink", "header-anchor", "heading-anchor", "hash-link", "anchor", "anchor-link", "anchorjs-link"}
    | {"permalink", "viewcode-link", "headeranchor", "headeranchor-link", "heading-link", "direct-link", "self-link"}
)
"""Classes of the links that headings carry to themselves."""

SELF_MARKS = frozenset("#¶§🔗⚓")
HEADING_MARKS = " \n¶🔗⚓"
"""What stands beside a heading for its address, also where it is no link. A "#" may be part of the heading."""

MAX_MARK_CHARS = 2
HEADINGS = "h1,h2,h3,h4,h5,h6"

_MAX_LABEL_CHARS = 60
_SELF_LABEL = re.compile(
    r"(?:copy |direct |get |share )?(?:perma(?:nent )?link|anchor(?: link)?|direct link|copy link"
    r"|(?:head(?:er|ing|line)|section) (?:link|anchor)|link (?:to|zu|vers)\b.*|section titled\b.*"
    r"|lien (?:permanent|vers)\b.*|permalien|direktlink"
    r"|(?:enlace|link|ligação|collegamento) perman\w+|enlace a\b.*)(?: (?:to|for|zu|vers|a|al|para)\b.*)?",
    re.IGNORECASE,
)
_COPY_LABEL = re.compile(
    r"(?:(?:copy|copied)(?: (?:the )?(?:code|snippet|command|text|link|content|to (?:the )?clipboard|to clipboard))*"
    r"|(?:code )?kopieren|(?:code )?kopiert|copier(?: le code)?|copié|copiar(?: código)?|copiado|copia|copiato|kopiuj"
    r"|复制(?:代码)?|コピー|скопировать|копировать|kopiëren|click to copy|(?:toggle )?word ?wrap"
    r"|wrap (?:text|lines))[!.]?",
    re.IGNORECASE,
)
_COPY_ELEMENT = re.compile(rf">\s*(?:{_COPY_LABEL.pattern})\s*</", re.IGNORECASE)
_COPY_WORDS = re.compile("cop[iy]|kop[ie]|复|コ|коп|wrap", re.IGNORECASE)
_COPY_MARKS = Scan(_COPY_WORDS.pattern)
_NO_LABELS = frozenset({TEXT, "pre", "p", "code", "table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6"})
_LEVELS_AROUND_CODE = 2
_MAX_BESIDE = 3


def has_label(markup: str) -> bool:
    """Does an element of this HTML hold such a label and nothing else?"""
    return _COPY_WORDS.search(markup) is not None and _COPY_ELEMENT.search(markup) is not None


def is_label(text: str) -> bool:
    """Is this the label of a button that copies code?"""
    said = text.strip()
    return len(said) <= _MAX_LABEL_CHARS and _COPY_LABEL.fullmatch(said) is not None


def take_out_labels(root: Node, markup: bytes) -> None:
    """Empty the links of headings to themselves, so that they still tell the address; remove what copies code."""
    for node in root.css("a[class],a[href*='#']"):
        text = node.text()
        if len(text) > MAX_MARK_CHARS:
            continue
        names = (node.attributes.get("class") or "").split()
        if text.strip() in SELF_MARKS or not SELF_LINKS.isdisjoint(names):
            _empty(node)
    for link in _named_links(root):
        _empty(link)
    if b"<pre" in markup and _COPY_MARKS.finds(markup):
        labels = {label.mem_id: label for code in root.css("pre") for label in _beside_code(code)}
        for label in outermost(list(labels.values())):
            label.decompose()


def _empty(link: Node) -> None:
    while (child := link.first_child) is not None:
        child.decompose()


def _named_links(root: Node) -> list[Node]:
    """Links of headings to themselves that carry words: those of a label, or the same words in several headings."""
    found: dict[str, list[Node]] = {}
    for heading in root.css(HEADINGS):
        for link in heading.css("a[href*='#']"):
            said = fold(link.text()).strip(" #¶§")
            if said and len(said) <= _MAX_LABEL_CHARS and said != fold(heading.text()) and _leads_to(link, heading):
                found.setdefault(said, []).append(link)
    return [
        link
        for said, links in found.items()
        if len(links) > 1 or _SELF_LABEL.fullmatch(said) is not None
        for link in links
    ]


def _leads_to(link: Node, heading: Node) -> bool:
    """Does the link lead to the heading it stands in?"""
    target = unquote((link.attributes.get("href") or "").partition("#")[2])
    above = heading.parent
    names = {heading.attributes.get("id"), link.attributes.get("id"), link.attributes.get("name")}
    if above is not None and heading.prev is None:
        names.add(above.attributes.get("id"))
    names.update(inner.attributes.get("id") or inner.attributes.get("name") for inner in heading.css("[id],a[name]"))
    return bool(target) and target in names


def _beside_code(code: Node) -> Iterator[Node]:
    """Labels right before and right behind code, also a few levels above it."""
    at: Node | None = code
    for _ in range(_LEVELS_AROUND_CODE + 1):
        if at is None or at.tag in ("body", "main", "article", "section", "td", "li"):
            return
        for step in ("prev", "next"):
            beside = getattr(at, step)
            for _ in range(_MAX_BESIDE):
                if beside is None or (beside.tag == TEXT and not beside.text().isspace()):
                    break
                if beside.tag not in _NO_LABELS:
                    said = beside.text()
                    if is_label(said):
                        yield beside
                    elif len(said) <= 2 * _MAX_LABEL_CHARS:
                        yield from (one for one in elements(beside) if is_label(one.text()))
                beside = getattr(beside, step)
        at = at.parent
