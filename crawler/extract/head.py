"""What a page says about itself: title, language, description, dates, author, canonical URL, robots rules."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from crawler.extract.dom import Node
from crawler.extract.fold import fold
from crawler.extract.stated.linked import Item
from crawler.urls.refresh import Refresh, parse_refresh

MAX_TITLE_CHARS = 1000
MAX_DESCRIPTION_CHARS = 2000
PUBLISHED = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
)
MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "last-modified", "dcterms.modified", "revised")
AUTHOR = ("author", "article:author", "dc.creator", "parsely-author")
PLAIN = {"keywords": "keywords", "og:type": "type", "og:site_name": "site_name", "article:section": "section"}
BREADCRUMB_SEPARATOR = " > "
WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives that take a value after a colon, where any other word before a colon names a crawler."""

EXPIRING = "unavailable_after"
"""Stands for a date that is yet to come."""

_BETWEEN_DIRECTIVES = re.compile(r",(?!\s*\d{1,2}[ -][A-Za-z]{3})")
"""A comma, but not the one of a date such as ``Wed, 21 Oct 2015``."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")


@dataclass(frozen=True, slots=True)
class Head:
    """Facts outside the text. ``language`` is the primary subtag in lower case; times are UTC.

    ``is_expiring``: the page asks to be left out of the index from some day on.
    """

    title: str = ""
    language: str | None = None
    description: str = ""
    canonical: str | None = None
    base: str | None = None
    is_indexable: bool = True
    is_followable: bool = True
    is_expiring: bool = False
    modified_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    refresh: Refresh | None = None


def read_head(root: Node, markup: bytes, agent: str, linked: Sequence[Item] = (), robots_header: str = "") -> Head:
    """Read the facts of a page for the crawler ``agent``.

    ``markup`` is its HTML, ``linked`` the objects of its JSON-LD, ``robots_header`` its X-Robots-Tag headers, one
    a line.
    """
    addressees = ("robots", agent.lower())
    metas = _metas(root, addressees)
    head = root.css_first("head") or root
    title = _first_text(head, "title") or metas.get("og:title") or _from_linked(linked, "headline") or ""
    directives = _words(",".join(metas[name] for name in addressees if name in metas))
    directives |= header_directives(robots_header, agent.lower())
    modified = _first_date(_pick(metas, MODIFIED), _from_linked(linked, "dateModified"))
    published = _first_date(_pick(metas, PUBLISHED), _from_linked(linked, "datePublished"))
    metadata = {name: metas[key][:MAX_DESCRIPTION_CHARS] for key, name in PLAIN.items() if metas.get(key)}
    if author := _pick(metas, AUTHOR) or _from_linked(linked, "author"):
        metadata["author"] = author
    if published:
        metadata["published_at"] = published.isoformat()
    if modified:
        metadata["modified_at"] = modified.isoformat()
    if b"readcrumb" in markup and (trail := _breadcrumbs(root, linked)):
        metadata["breadcrumbs"] = trail
    if b"data-pagefind-" in markup or b"elastic" in markup:
        metadata |= _own_attributes(root)
    return Head(
        title=(fold(title) or _first_text(root, "h1"))[:MAX_TITLE_CHARS],
        language=_language(root, metas),
        description=fold(metas.get("description") or metas.get("og:description") or "")[:MAX_DESCRIPTION_CHARS],
        canonical=_href(head, "link[rel~=canonical]"),
        base=_href(head, "base[href]"),
        is_indexable=not directives & {"noindex", "none"},
        is_followable=not directives & {"nofollow", "none"},
        is_expiring=EXPIRING in directives,
        modified_at=modified or published,
        metadata=metadata,
        refresh=_refresh(root) if "refresh" in metas else None,
    )


def _refresh(root: Node) -> Refresh | None:
    """The first that is meant for browsers with scripts too: one in ``noscript`` sends away who cannot run them."""
    for node in root.css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() == "refresh" and not _is_in(node, "noscript"):
            return parse_refresh(node.attributes.get("content") or "")
    return None


def _is_in(node: Node, tag: str) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == tag:
            return True
        parent = parent.parent
    return False


def _metas(root: Node, addressees: Collection[str]) -> dict[str, str]:
    """The first content of each name; of those in ``told_to`` all, for one may forbid what another leaves open."""
    metas: dict[str, str] = {}
    for node in root.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        name = name or attributes.get("http-equiv") or ""
        content = (attributes.get("content") or "").strip()
        if name and content:
            name = name.strip().lower()
            known = metas.setdefault(name, content)
            if known is not content and name in addressees:
                metas[name] = f"{known},{content}"
    return metas


def _words(given: str, now: datetime | None = None) -> set[str]:
    words: set[str] = set()
    for part in _BETWEEN_DIRECTIVES.split(given):
        name, _, value = part.strip().lower().partition(":")
        if name.strip() != "unavailable_after":
            words.add(name.strip())
        elif (until := parse_date(value)) is not None:
            words.add("noindex" if until < (now or datetime.now(UTC)) else EXPIRING)
    return words


def header_directives(header: str, agent: str) -> set[str]:
    """Directives of X-Robots-Tag for ``agent``; in ``noindex, otherbot: none`` the second is for another one.

    Each line of ``header`` is a header of its own: the name of a crawler holds until the line ends.
    """
    words: set[str] = set()
    for line in header.splitlines():
        concerns_us = True
        for part in _BETWEEN_DIRECTIVES.split(line):
            name, colon, rest = part.strip().partition(":")
            names_agent = bool(colon) and name.strip().lower() not in WITH_VALUE
            if names_agent:
                concerns_us = name.strip().lower() == agent
            if concerns_us:
                words |= _words(rest if names_agent else part)
    return words


def _from_linked(linked: Sequence[Item], key: str) -> str | None:
    for item in linked:
        value = item.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return fold(value)[:MAX_TITLE_CHARS]
    return None


def _breadcrumbs(root: Node, linked: Sequence[Item]) -> str:
    """The page's place in its site, outermost first, with `` > `` between: by JSON-LD, microdata or RDFa."""
    for item in linked:
        steps = item.get("itemListElement")
        if item.get("@type") == "BreadcrumbList" and isinstance(steps, list):
            names = [
                _from_linked([step], "name") or _from_linked([step], "item")
                for step in steps[:20]
                if isinstance(step, dict)
            ]
            return BREADCRUMB_SEPARATOR.join(filter(None, names))
    trail = root.css_first("[itemtype$=BreadcrumbList],[typeof=BreadcrumbList]")
    if trail is None:
        return ""
    steps = trail.css("[itemprop=name],[property=name]")[:20]
    return BREADCRUMB_SEPARATOR.join(filter(None, (fold(step.text()).replace("\n", " ") for step in steps)))


def _own_attributes(root: Node) -> dict[str, str]:
    """Facts that authors marked for other search tools.

    ``data-pagefind-meta`` and ``-filter``, ``data-elastic-name``, ``<meta class="elastic" name=... content=...>``.
    """
    facts: dict[str, str] = {}
    for node in root.css("[data-pagefind-meta],[data-pagefind-filter],[data-elastic-name],meta.elastic[name]"):
        attributes = node.attributes
        given = attributes.get("data-pagefind-meta") or attributes.get("data-pagefind-filter")
        name, colon, value = (given or attributes.get("data-elastic-name") or attributes.get("name") or "").partition(
            ":"
        )
        bracket = re.fullmatch(r"(.+)\[([\w-]+)\]", name)
        if bracket:
            name, value = bracket[1], attributes.get(bracket[2]) or ""
        elif not colon:
            value = attributes.get("content") or fold(node.text())
        if name.strip() and value.strip():
            facts.setdefault(name.strip(), value.strip()[:MAX_DESCRIPTION_CHARS])
    return facts


def _language(root: Node, metas: Mapping[str, str]) -> str | None:
    attributes = root.attributes
    given = attributes.get("lang") or attributes.get("xml:lang") or metas.get("content-language") or ""
    found = _LANGUAGE.match(given.strip())
    return found[0].lower() if found else None


def _href(root: Node, query: str) -> str | None:
    node = root.css_first(query)
    return (node.attributes.get("href") or "").strip() or None if node is not None else None


def _first_text(root: Node, query: str) -> str:
    node = root.css_first(query)
    return fold(node.text()) if node is not None else ""


def _pick(metas: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if metas.get(name)), None)


def _first_date(*texts: str | None) -> datetime | None:
    return next((found for text in texts if text and (found := parse_date(text))), None)


def parse_date(text: str) -> datetime | None:
    """A moment in UTC from ISO 8601 or the HTTP and mail format; a bare date is its midnight; None for the rest."""
    text = text.strip()
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError):
            return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
