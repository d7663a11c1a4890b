"""Front matter: what a Markdown file says of itself above its text, YAML between ``---`` or TOML between ``+++``."""

import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

_LOG = logging.getLogger(__name__)
_BLOCK = re.compile(
    r"\A\ufeff?(?P<mark>---|\+\+\+)[ \t]*\n(?P<facts>.*?)(?:^|\n)(?:(?P=mark)|\.\.\.)[ \t]*(?:\n|\Z)(?P<body>.*)",
    re.DOTALL,
)
_TITLE, _LANGUAGE = ("title",), ("lang", "language", "locale")
_METAS = {
    "description": ("description", "summary", "abstract", "excerpt"),
    "keywords": ("tags", "keywords", "categories"),
    "author": ("author", "authors", "creator"),
    "date": ("date", "published", "publishdate", "created", "pubdate"),
    "last-modified": ("lastmod", "updated", "modified", "last_modified_at", "last_update", "last-modified"),
}
"""Names of a page's head, and what Hugo, Jekyll, Pandoc, Docusaurus and Obsidian call them."""

_MAX_YAML_CHARS = 64 * 1024


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Facts by their names in the head of a page; empty for what is not said."""

    title: str = ""
    language: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)


def read_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The facts, and the text below them with LF at the end of each line.

    Facts that do not parse are left out; so is what only looks like front matter, as a text between two rules.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    block = _BLOCK.match(text)
    facts = _facts(block["facts"], is_toml=block["mark"] == "+++") if block else None
    if block is None or facts is None:
        return FrontMatter(), text
    given = {str(name).lower(): value for name, value in facts.items()}
    metas = {name: _first(given, names) for name, names in _METAS.items()}
    return (
        FrontMatter(
            _first(given, _TITLE), _first(given, _LANGUAGE), {name: said for name, said in metas.items() if said}
        ),
        block["body"],
    )


def _facts(text: str, *, is_toml: bool) -> dict[str, Any] | None:
    """None for what is no front matter at all."""
    if is_toml:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            _LOG.debug("front matter is left out: %s", error)
            return _plain_pairs(text, "=")
    from yaml import YAMLError, safe_load

    try:
        # Aliases of YAML can grow without bounds.
        found = safe_load(text) if len(text) <= _MAX_YAML_CHARS and "*" not in text else _plain_pairs(text, ":")
    except (YAMLError, ValueError, RecursionError) as error:
        _LOG.debug("front matter is read line by line: %s", error)
        return _plain_pairs(text, ":")
    if found is None:
        return {} if not text.strip() or text.lstrip().startswith("#") else None
    return found if isinstance(found, dict) else None


def _plain_pairs(text: str, mark: str) -> dict[str, Any] | None:
    """Names and values of the lines that have them, for facts with a stray colon or quote."""
    pairs = (
        line.partition(mark) for line in text.splitlines() if mark in line and not line.startswith((" ", "-", "#"))
    )
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs} or None


def _first(facts: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((said for name in names if (said := _text(facts.get(name)))), "")


def _text(value: Any) -> str:
    """A value as one line: lists with commas between, of a person or thing its name."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        return _first(value, ("name", "title", "date"))
    return "" if value is None or isinstance(value, bool) else " ".join(str(value).split())
