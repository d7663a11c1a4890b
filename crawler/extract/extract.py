"""From the bytes of a page to what it says. Each page is parsed once.

1 ``decode_as``      bytes to text; ``as_html`` where the page is XML
2 ``parse``          text to a tree (``dom.py``; with own rules or for absurd nesting ``dom_soup.py``)
3 ``read_head``      title, language, dates, canonical URL, robots rules; ``read_stated`` what it states in data
4 ``read_links``     every link, also those in the navigation
5 ``content_of``     the element with the content, without furniture
6 ``read_sections``  readable text by headings, with anchors and offsets; of a mere list of links its beginning
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.extract.config import ExtractConfig
from crawler.extract.content import Content, content_of
from crawler.extract.dom import Node, flattened, parse, seems_too_nested
from crawler.extract.fold import fold
from crawler.extract.head import Head, read_head
from crawler.extract.inside.apart import set_apart
from crawler.extract.inside.buttons import take_out_buttons
from crawler.extract.inside.formulas import say_formulas_once
from crawler.extract.inside.labels import take_out_labels
from crawler.extract.inside.visible import take_out_hidden
from crawler.extract.link_list import beginning, count_links
from crawler.extract.prune import Furniture, take_out_of_text
from crawler.extract.rules import RuleValues, apply_rules, rules_for
from crawler.extract.stated.linked import read_linked
from crawler.extract.stated.read import read_stated
from crawler.extract.stray.take_out import take_out_stray
from crawler.extract.walk import read_sections
from crawler.page import SECTION_SEPARATOR, Link, Section, Stated
from crawler.text.decode import Decoded, decode_as
from crawler.text.language import detect_language
from crawler.text.shadow import MARK as SHADOW_MARK
from crawler.text.shadow import open_shadow_roots
from crawler.text.xhtml import as_html
from crawler.urls.query import in_codec
from crawler.urls.refresh import Refresh
from crawler.urls.url import join, origin_of, resolve

logger = logging.getLogger(__name__)

EXTRACTOR = 8
"""Counts up when the same bytes give another text or other blocks, so that unchanged pages are read again."""

MAX_LINK_TEXT_CHARS = 200
REFUSED_SCHEMES = ("file:", "data:", "ftp:", "blob:", "gopher:")
"""Links that name content and are never followed; they are counted, unlike those that do something (mailto:)."""

WEB_SCHEMES = ("http:", "https:", "//")
"""Links that begin like this and do not resolve are mistakes, or worse."""

FRAMES = {"frame": "src", "iframe": "src", "object": "data"}
LINKS = ",".join(("a[href]", "area[href]", "frame[src]", "iframe[src]", "object[data]"))
MAX_REFUSED_CHARS = 200
MAX_BROKEN_CHARS = 500_000
"""A page that seems to nest elements without end is read by the slower parser: a few seconds at most."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a page says, apart from how it was fetched. ``content_hash`` covers title, text and ``stated``.

    ``is_expiring``: it asks to be left out of the index from some day on. ``notes`` say what was left out for its size,
    ``refused_links`` are those to local files and the like, and to what is no address; ``sketch`` is that of
    ``crawler.frontier.minhash``, where there was time to draw it. ``refresh``: where it sends its
    visitors, absolute.
    """

    title: str
    sections: tuple[Section, ...]
    content_hash: str
    links: tuple[Link, ...] = ()
    language: str | None = None
    description: str = ""
    canonical_url: str | None = None
    is_indexable: bool = True
    is_followable: bool = True
    is_expiring: bool = False
    modified_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused_links: tuple[str, ...] = ()
    refresh: Refresh | None = None
    stated: tuple[Stated, ...] = ()
    sketch: bytes = field(default=b"", compare=False)

    @property
    def text(self) -> str:
        """The sections' texts joined by ``SECTION_SEPARATOR``."""
        return SECTION_SEPARATOR.join(section.text for section in self.sections)


def extract(
    body: bytes | str,
    url: str,
    *,
    charset: str | None = None,
    robots_header: str = "",
    is_xml: bool = False,
    config: ExtractConfig = ExtractConfig(),
) -> Extracted:
    """Read a page of HTML, or of XHTML by the rules of XML where ``is_xml``.

    Never raises for what the page holds: at worst the result is empty. ``url`` is where the page stands (links are
    resolved against it), ``charset`` that of the HTTP header.
    """
    notes: tuple[str, ...] = ()
    html, codec = Decoded(body, "utf-8") if isinstance(body, str) else decode_as(body, charset)
    if is_xml:
        html = as_html(html)
    if SHADOW_MARK in html:
        html = open_shadow_roots(html)
    markup = html.encode("utf-8", "replace")
    is_broken = seems_too_nested(markup)
    if is_broken and len(html) > MAX_BROKEN_CHARS:
        logger.warning("%s nests elements without end; only its first part is read", url)
        html = html[:MAX_BROKEN_CHARS]
        notes = (f"it nests elements without end; its first {MAX_BROKEN_CHARS:,} characters are read",)
    if is_broken:
        html = flattened(html.encode("utf-8", "replace")).decode("utf-8", "replace")
    rules = rules_for(config.extraction, url) if config.extraction else ()
    content_selector = next((r.content_selector for r in rules if r.content_selector), config.content_selector)
    exclude_selectors = next((r.exclude_selectors for r in rules if r.exclude_selectors), config.exclude_selectors)
    if is_broken or content_selector or exclude_selectors:
        from crawler.extract.dom_soup import parse_with_rules

        root, chosen = parse_with_rules(html, content_selector, exclude_selectors)
    else:
        root, chosen = parse(markup), None
    linked = read_linked(root, markup)
    head = read_head(root, markup, config.robots_token, linked.items, robots_header)
    stated, left_out = read_stated(root, markup, linked)
    notes += left_out
    base = (join(url, head.base) if head.base else None) or url
    links, refused_links = read_links(root, base, config, codec)
    say_formulas_once(root, markup)
    take_out_hidden(root, markup)
    take_out_buttons(root, markup)
    set_apart(root, markup)
    take_out_of_text(root)
    take_out_labels(root, markup)
    content = Content(chosen) if chosen is not None else content_of(root, markup)
    furniture = Furniture(content.node, content.is_article)
    leads = take_out_stray(root, content.node, furniture.includes) if chosen is None and not content.is_marked else []
    nodes = (*leads, content.node, *content.others)
    sections = read_sections(nodes[0], furniture.includes, nodes[1:])
    if not config.whole_link_lists and chosen is None and (count := count_links(markup, nodes, sections)):
        sections = beginning(sections)
        notes += (f"a list of {count:,} links, of which the beginning is kept (crawl.whole_link_lists)",)
    text = SECTION_SEPARATOR.join(section.text for section in sections)
    own = apply_rules(rules, html, url) if rules else RuleValues()
    title = own.title or head.title
    return Extracted(
        title=title,
        sections=sections,
        content_hash=hash_content(title, text, stated),
        links=links,
        refused_links=refused_links,
        language=head.language or detect_language(text, config.min_language_confidence),
        description=head.description,
        canonical_url=_canonical(head, base, config),
        is_indexable=head.is_indexable,
        is_followable=head.is_followable,
        is_expiring=head.is_expiring,
        modified_at=own.modified_at or head.modified_at,
        metadata={**head.metadata, **own.metadata} if own.metadata else head.metadata,
        notes=notes,
        refresh=_refresh(head, base),
        stated=stated,
    )


def _refresh(head: Head, base: str) -> Refresh | None:
    target = join(base, head.refresh.target) if head.refresh is not None else None
    return head.refresh._replace(target=target) if head.refresh is not None and target is not None else None


def hash_content(title: str, text: str, stated: tuple[Stated, ...] = ()) -> str:
    """Hash of what is indexed, 128 bits in hex: equal hashes mean nothing to do downstream."""
    covered = "\n".join((title, text, *("\t".join(fact) for fact in stated)))
    return hashlib.sha256(covered.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_links(
    root: Node, base: str, config: ExtractConfig, codec: str = "utf-8"
) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """(links to other pages in order, those with a refused scheme or a broken address), each URL once.

    Frames are links to the pages they show, where these belong to the same site. A link counts as nofollow only when
    every mention says so. ``codec`` is that of the page: browsers ask for queries in it.
    """
    found: dict[str, Link] = {}
    resolved: dict[str, str | None] = {}
    site = origin_of(base)
    for node in root.css(LINKS):
        attributes = node.attributes
        is_frame = node.tag in FRAMES
        href = (attributes.get(FRAMES[node.tag] if is_frame else "href") or "").strip().partition("#")[0]
        if not href:
            continue
        if href not in resolved:
            if len(resolved) >= config.max_links_per_page:
                break
            written = in_codec(href, codec) if "?" in href and not href.isascii() else href
            resolved[href] = resolve(base, written, config.tracking_parameters)
        url = resolved[href]
        if url is None or (is_frame and origin_of(url) != site):
            continue
        is_nofollow = "nofollow" in (attributes.get("rel") or "").lower()
        known = found.get(url)
        if known is None:
            found[url] = Link(url, fold(node.text())[:MAX_LINK_TEXT_CHARS], is_nofollow)
        elif known.is_nofollow and not is_nofollow:
            found[url] = Link(url, known.text, False)
    lost = (href for href, url in resolved.items() if url is None)
    refused = (href for href in lost if href.lower().startswith((*REFUSED_SCHEMES, *WEB_SCHEMES)))
    return tuple(found.values()), tuple(href[:MAX_REFUSED_CHARS] for href in refused)


def _canonical(head: Head, base: str, config: ExtractConfig) -> str | None:
    return resolve(base, head.canonical, config.tracking_parameters) if head.canonical else None
