"""People's own rules for what is taken out of which pages; pages without a rule never come here.

Rules apply in their order. The first of them that names the content, the title, the date, the author or a field and
finds it decides; what the page says of itself fills the rest.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from crawler.extract.fold import fold
from crawler.extract.head import parse_date
from crawler.urls.glob import first_match, patterns_of
from crawler.urls.url_rule import PathPattern

MAX_VALUE_CHARS = 2000
XPATH_STARTS = ("/", "./", "(")
"""What an XPath begins with and a CSS selector cannot."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of ``Page.metadata``, by exactly one of ``selector`` and ``url_pattern``.

    ``selector`` is CSS, or XPath when it begins with ``/``, ``./`` or ``(``; ``url_pattern`` is an expression searched
    in the URL, whose first group (or whole match) is the value. ``value`` is kept instead where either finds anything.
    Several values are joined by ``separator``. Raises ValueError for what cannot be understood.
    """

    name: str
    selector: str = ""
    url_pattern: str = ""
    value: str = ""
    separator: str = ", "

    def __post_init__(self) -> None:
        if not self.name or bool(self.selector) == bool(self.url_pattern):
            raise ValueError(f"the field {self.name!r} needs a name and either selector or url_pattern")
        check_selector(self.selector)
        try:
            re.compile(self.url_pattern)
        except re.error as error:
            raise ValueError(f"{self.url_pattern!r} is not a regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class ExtractionRule:
    """What is taken from the pages whose URL fits one of ``urls`` (globs) or ``paths``; without either, from all pages.

    ``content_selector`` and ``exclude_selectors`` are CSS and take the place of those of the whole crawl; ``title``,
    ``date`` and ``author`` are selectors like those of ``fields``. Raises ValueError for a selector that is none.
    """

    urls: tuple[str, ...] = ()
    paths: tuple[PathPattern, ...] = ()
    content_selector: str | None = None
    exclude_selectors: tuple[str, ...] = ()
    title: str = ""
    date: str = ""
    author: str = ""
    fields: tuple[FieldRule, ...] = ()

    def __post_init__(self) -> None:
        for selector in (self.title, self.date, self.author):
            check_selector(selector)
        for selector in (self.content_selector or "", *self.exclude_selectors):
            if selector.startswith(XPATH_STARTS):
                raise ValueError(f"{selector!r} is XPath; content and what to leave out are named by CSS selectors")
            _check_soup_selector(selector)

    def applies(self, url: str) -> bool:
        """Whether the rule is for this page."""
        if not self.urls and not self.paths:
            return True
        is_named = first_match(patterns_of(self.urls), url, _path(url)) is not None
        return is_named or any(path.matches(url) for path in self.paths)


@dataclass(frozen=True, slots=True)
class RuleValues:
    """What rules found on a page; empty where they found nothing."""

    title: str = ""
    modified_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def rules_for(rules: Sequence[ExtractionRule], url: str) -> tuple[ExtractionRule, ...]:
    """The rules that apply to a page, in their order."""
    return tuple(rule for rule in rules if rule.applies(url))


def apply_rules(rules: Sequence[ExtractionRule], html: str, url: str) -> RuleValues:
    """Title, date and fields by ``rules``, which apply to this page."""
    page = _Page(html)
    title = next((text for rule in rules for text in page.values(rule.title)), "")
    metadata: dict[str, str] = {}
    moment = next((date for rule in rules for text in page.values(rule.date) if (date := parse_date(text))), None)
    if moment is not None:
        metadata["published_at"] = moment.isoformat()
    for rule in rules:
        if author := ", ".join(page.values(rule.author)):
            metadata.setdefault("author", author[:MAX_VALUE_CHARS])
        for one in rule.fields:
            if one.name not in metadata and (values := list(_values(one, page, url))):
                metadata[one.name] = (one.value or one.separator.join(dict.fromkeys(values)))[:MAX_VALUE_CHARS]
    return RuleValues(title, moment, metadata)


def _values(rule: FieldRule, page: "_Page", url: str) -> Iterator[str]:
    if rule.selector:
        yield from page.values(rule.selector)
        return
    for match in re.finditer(rule.url_pattern, url):
        if text := match[1] if match.re.groups else match[0]:
            yield text


class _Page:
    """One page, parsed when the first selector asks for it."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._root: Any = None

    def values(self, selector: str) -> list[str]:
        """Texts of what a selector finds, without empty ones."""
        if not selector:
            return []
        if self._root is None:
            self._root = _parsed(self._html)
        found = _compiled(selector)(self._root)
        items = found if isinstance(found, list) else [found]
        return [text for item in items if (text := fold(_value_of(item)).replace("\n", " "))]


def _parsed(html: str) -> Any:
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # As bytes: lxml refuses a text that declares an encoding.
    try:
        return document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return document_fromstring("<html></html>")


def _value_of(item: Any) -> str:
    """What an element says: the content of ``meta``, the moment of ``time``, the text of others."""
    if isinstance(item, str | int | float):
        return str(item)
    if item.tag == "meta":
        return str(item.get("content") or "")
    if item.tag == "time" and item.get("datetime"):
        return str(item.get("datetime"))
    return str(item.text_content())


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> Any:
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPath

    return XPath(selector) if selector.startswith(XPATH_STARTS) else CSSSelector(selector, translator="html")


def check_selector(selector: str) -> None:
    """Raise ValueError for what is neither CSS nor XPath; nothing at all is fine."""
    if not selector:
        return
    from cssselect import SelectorError
    from lxml.etree import XPathSyntaxError

    try:
        _compiled(selector)
    except (SelectorError, XPathSyntaxError) as error:
        kind = "XPath" if selector.startswith(XPATH_STARTS) else "CSS"
        raise ValueError(f"{selector!r} is not {kind}: {str(error).splitlines()[0]}") from error


def _check_soup_selector(selector: str) -> None:
    """Content is chosen by soupsieve, which knows other selectors than the fields' cssselect."""
    import soupsieve

    try:
        soupsieve.compile(selector or "*")
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"{selector!r} is not CSS: {str(error).splitlines()[0]}") from error


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
