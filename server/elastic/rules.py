"""The rules in Elastic's crawler.yml: which paths are crawled, and which fields are taken out of pages."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from crawler.errors import CrawlError
from crawler.urls.url_rule import KINDS, PathPattern, UrlRule

_RUBY = (("(?<", "(?P<"), ("(?P<=", "(?<="), ("(?P<!", "(?<!"), (r"\z", r"\Z"), (r"\h", "[0-9a-fA-F]"))
_RULE_KEYS = {"policy", "type", "pattern"}
_EXTRACTION_KEYS = {"action", "field_name", "selector", "join_as", "value", "source"}


class BadElasticConfig(CrawlError):
    """A crawler.yml cannot be taken over as it is written."""


class Notes(list[str]):
    """What means something else here, one line each; ``wrong`` gathers what cannot be taken over at all."""

    def __init__(self, wrong: list[BadElasticConfig] | None = None) -> None:
        super().__init__()
        self._wrong = wrong

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the file that can be read without the others: a mistake in it does not hide theirs."""
        try:
            yield
        except BadElasticConfig as error:
            self.refuse(error)

    def refuse(self, error: BadElasticConfig) -> None:
        """Gather a mistake, or raise it where nobody gathers them."""
        if self._wrong is None:
            raise error
        self._wrong.append(error)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of a document: what ``selector`` finds, or ``value`` where it finds anything.

    ``source`` is ``html`` (``selector`` is CSS, or XPath when ``is_xpath``) or ``url`` (``selector`` is an expression).
    """

    field_name: str
    selector: str
    source: str = "html"
    is_xpath: bool = False
    is_list: bool = True
    value: str | None = None


@dataclass(frozen=True)
class FieldRuleset:
    """Rules for the pages whose path fits one of the patterns; without patterns, for all pages."""

    paths: tuple[PathPattern, ...]
    rules: tuple[FieldRule, ...]

    def applies(self, url: str) -> bool:
        """Whether the rules are for this page."""
        return not self.paths or any(path.matches(url) for path in self.paths)


def url_rules(items: object, where: str, notes: Notes) -> tuple[UrlRule, ...]:
    """``crawl_rules`` in their order."""
    rules = []
    for place, item in _mappings(items, where, notes):
        _note_unknown(item, _RULE_KEYS, place, notes)
        policy = str(item.get("policy", "")).lower()
        if policy not in ("allow", "deny"):
            notes.refuse(BadElasticConfig(f"{place}.policy is {policy!r}", "Write allow or deny"))
        with notes.part():
            path = _path_pattern(item, place)
            rules.append(UrlRule("allow" if policy == "allow" else "deny", path.kind, path.pattern))
    return tuple(rules)


def rulesets(items: object, where: str, notes: Notes) -> tuple[FieldRuleset, ...]:
    """``extraction_rulesets`` in their order."""
    found = []
    for place, item in _mappings(items, where, notes):
        _note_unknown(item, {"url_filters", "rules"}, place, notes)
        paths: list[PathPattern] = []
        rules: list[FieldRule] = []
        for path_place, path in _mappings(item.get("url_filters"), f"{place}.url_filters", notes):
            with notes.part():
                paths.append(_path_pattern(path, path_place))
        for rule_place, rule in _mappings(item.get("rules"), f"{place}.rules", notes):
            with notes.part():
                rules.append(_field_rule(rule, rule_place, notes))
        found.append(FieldRuleset(tuple(paths), tuple(rules)))
    return tuple(found)


def _field_rule(item: Mapping[str, Any], place: str, notes: Notes) -> FieldRule:
    _note_unknown(item, _EXTRACTION_KEYS, place, notes)
    name, selector = str(item.get("field_name") or ""), str(item.get("selector") or "")
    if not name or not selector:
        raise BadElasticConfig(f"{place} has no {'selector' if name else 'field_name'}", "Give every rule both")
    action, source = str(item.get("action", "extract")), str(item.get("source", "html"))
    if action not in ("extract", "set") or source not in ("html", "url"):
        raise BadElasticConfig(
            f"{place} has action {action!r} and source {source!r}", "Write extract or set, and html or url"
        )
    if source == "url":
        selector = _python_expression(selector, f"{place}.selector")
    value = item.get("value")
    if isinstance(value, bool):
        value = str(value).lower()
    return FieldRule(
        field_name=name,
        selector=selector,
        source=source,
        is_xpath=source == "html" and selector.startswith(("/", "(", "./")),
        is_list=str(item.get("join_as", "array")) == "array",
        value=str(value) if action == "set" else None,
    )


def _path_pattern(item: Mapping[str, Any], place: str) -> PathPattern:
    kind, pattern = str(item.get("type", "")).lower(), str(item.get("pattern", ""))
    if kind not in KINDS:
        raise BadElasticConfig(f"{place}.type is {kind!r}", f"Write one of {', '.join(KINDS)}")
    if kind == "regex":
        pattern = _python_expression(pattern, f"{place}.pattern")
    try:
        return PathPattern(kind, pattern)
    except ValueError as error:
        raise BadElasticConfig(f"{place}.pattern: {error}", "Write another pattern") from error


def _python_expression(pattern: str, place: str) -> str:
    """A Ruby expression as Python writes it."""
    for ruby, python in _RUBY:
        pattern = pattern.replace(ruby, python)
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadElasticConfig(
            f"{place} is not a regular expression: {error}", "Write it as Python's re does"
        ) from error
    return pattern


def _mappings(items: object, where: str, notes: Notes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if items is not None and not isinstance(items, list):
        notes.refuse(BadElasticConfig(f"{where} is not a list", "Put a dash before each of its entries"))
    for i, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield f"{where}[{i}]", item
        else:
            notes.refuse(
                BadElasticConfig(f"{where}[{i}] is not a group of keys", "Write key: value lines under the dash")
            )


def _note_unknown(item: Mapping[str, Any], known: set[str], place: str, notes: Notes) -> None:
    notes += [f"{place}.{key} is unknown and left out" for key in item if key not in known]
