"""The language of code, as pages name it in the classes and attributes around it."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from crawler.extract.dom import Node

LEVELS_ABOVE = 3
"""Highlighters wrap code in one, two or three elements; what stands further above speaks of more than this code."""

_PREFIXED = re.compile(
    r"(?:(?:mw-highlight-)?lang|language|highlight(?:-source)?|src|brush)[-:]([a-z0-9][\w+#.]*(?:-[\w+#.]+)*)",
    re.IGNORECASE,
)
_FOLLOWED = frozenset({"sourcecode", "hljs", "brush:"})
"""After these classes the next one names the language."""

_NAME = re.compile(r"[a-z][\w+#.-]*", re.IGNORECASE)
_NO_LANGUAGE = frozenset(
    {"default", "none", "wrapper", "wrap", "block", "container", "source", "code", "inline", "auto"}
)
_ATTRIBUTES = ("data-lang", "data-language", "data-code-lang")
_SHORT = frozenset({"sh", "js", "ts", "go", "py", "cs", "rb", "rs", "c", "r"})
"""``lang`` is meant for the languages of people, whose names mostly have two letters."""


def language_of(pre: Node) -> str:
    """The language that a page names for a ``pre``; empty where it names none."""
    return next((name for attributes in _around(pre) if (name := _named(attributes))), "")


def _around(pre: Node) -> Iterator[Mapping[str, str | None]]:
    """The attributes of the element, of the ``code`` in it, and of those above it."""
    yield pre.attributes
    code = pre.css_first("code")
    if code is not None:
        yield code.attributes
    above = pre.parent
    for _ in range(LEVELS_ABOVE):
        if above is None or above.tag in ("body", "main", "article", "section", "li", "dd", "td"):
            return
        yield {name: value for name, value in above.attributes.items() if name != "lang"}
        above = above.parent


def _named(attributes: Mapping[str, str | None]) -> str:
    for attribute in _ATTRIBUTES:
        if (name := (attributes.get(attribute) or "").strip()) and name.lower() not in _NO_LANGUAGE:
            return name
    words = (attributes.get("class") or "").split()
    for word in words:
        found = _PREFIXED.fullmatch(word)
        if found and found[1].lower() not in _NO_LANGUAGE:
            return found[1]
    for word, after in pairwise(words):
        if (
            word.lower() in _FOLLOWED
            and _NAME.fullmatch(name := after.rstrip(";"))
            and name.lower() not in _NO_LANGUAGE
        ):
            return name
    name = (attributes.get("lang") or "").strip()
    return name if name and "-" not in name and (len(name) != 2 or name.lower() in _SHORT) else ""
