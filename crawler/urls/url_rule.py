"""Ordered rules that allow or deny URLs by their path; the first that matches decides."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args
from urllib.parse import urlsplit

Policy = Literal["allow", "deny"]
Kind = Literal["begins", "ends", "contains", "regex"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_LOOKS_AROUND = re.compile(r"\(\?(?:[=!]|<[=!])")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,\d*\})")
_UNBOUNDED = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")
MAX_UNBOUNDED = 2
"""Repetitions in an expression that looks around: with two, a URL of 2,048 characters costs milliseconds at worst."""


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern over the path of a URL, without its query.

    In ``begins``, ``ends`` and ``contains`` only ``*`` is special and stands for any characters; ``regex`` is an
    expression that must match from the start of the path. Expressions are matched in time linear in the URL (RE2), so
    that no URL can stop a crawl; one that looks around must do with two repetitions. Raises ValueError at once.
    """

    kind: Kind
    pattern: str

    def __post_init__(self) -> None:
        _matcher(self.kind, self.pattern)

    def matches(self, url: str) -> bool:
        """Whether the path of ``url`` fits."""
        return self.fits(urlsplit(url).path or "/")

    def fits(self, path: str) -> bool:
        """Whether a path fits."""
        return bool(_matcher(self.kind, self.pattern)(path))


@dataclass(frozen=True, slots=True)
class UrlRule:
    """What becomes of the URLs whose path fits a pattern."""

    policy: Policy
    type: Kind
    pattern: str

    def __post_init__(self) -> None:
        _matcher(self.type, self.pattern)

    @property
    def path(self) -> PathPattern:
        """The pattern."""
        return PathPattern(self.type, self.pattern)

    @property
    def is_allowed(self) -> bool:
        """Whether what fits belongs to the crawl."""
        return self.policy == "allow"

    def __str__(self) -> str:
        return f"{self.policy} {self.type} {self.pattern}"


def deciding_index(rules: Sequence[UrlRule], path: str) -> int | None:
    """Which rule decides about a path; None when none does, and it is allowed."""
    return next((i for i, rule in enumerate(rules) if _matcher(rule.type, rule.pattern)(path)), None)


@lru_cache(maxsize=4096)
def _matcher(kind: str, pattern: str) -> Callable[[str], object]:
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
    if kind == "regex":
        return _expression(pattern)
    if "*" not in pattern:
        return {
            "begins": lambda path: path.startswith(pattern),
            "ends": lambda path: path.endswith(pattern),
            "contains": lambda path: pattern in path,
        }[kind]
    start, end = ("" if kind == "begins" else ".*"), (r"\z" if kind == "ends" else "")
    return _linear(start + re.escape(pattern).replace(r"\*", ".*") + end)


def _expression(pattern: str) -> Callable[[str], object]:
    try:
        compiled = re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    try:
        return _linear(pattern.replace(r"\Z", r"\z"))
    except ValueError as error:
        is_bounded = not _REPEATED_GROUP.search(pattern) and len(_UNBOUNDED.findall(pattern)) <= MAX_UNBOUNDED
        if _LOOKS_AROUND.search(pattern) and is_bounded:
            return compiled.match
        raise ValueError(
            f"{pattern!r} could take very long on some URL: {error}. Write it without looking around and without "
            "back references, for instance as an allow rule before a deny rule"
        ) from error


def _linear(pattern: str) -> Callable[[str], object]:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    try:
        match: Callable[[str], object] = re2.compile(pattern, options).match
    except re2.error as error:
        message = error.args[0]
        raise ValueError(message.decode() if isinstance(message, bytes) else str(message)) from error
    return match
