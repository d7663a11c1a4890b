"""Tells a page that its scripts have yet to fill from one that says something by itself."""

import re

from crawler.extract.extract import Extracted

MAX_SHELL_CHARS = 250
"""A page that says more is read as it came."""

MAX_LOADING_CHARS = 20
"""Room for "Loading..." where nothing else hints at a shell."""

_EMPTY_ELEMENT = re.compile(
    rb"<([a-z][a-z0-9-]*)\b([^<>]*)>(?:\s*<!--[^<>]*-->)?\s*</\1\s*>",
    re.IGNORECASE,
)
_ROOT = re.compile(rb"""\b(?:id\s*=|data-reactroot|data-v-app|ng-version|ng-app)""", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"<noscript[^<>]*>[^<]*(?:<(?!/noscript)[^<]*){0,20}?java\s?script", re.IGNORECASE)


def is_shell(body: bytes, extracted: Extracted) -> bool:
    """Is there next to no text, but a script and the empty element or the notice that such pages have?

    React, Vue and Svelte fill an empty element with an id, Angular one of a name of its own (``app-root``).
    """
    chars = sum(len(section.text) for section in extracted.sections)
    if chars > MAX_SHELL_CHARS or b"<script" not in body.lower():
        return False
    return chars <= MAX_LOADING_CHARS or _has_empty_root(body) or _NOSCRIPT.search(body) is not None


def _has_empty_root(body: bytes) -> bool:
    return any(
        b"-" in match[1] or (match[1].lower() != b"script" and _ROOT.search(match[2]))
        for match in _EMPTY_ELEMENT.finditer(body)
    )
