"""Ordered rules that allow or deny URLs by their path; the first that matches decides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

KINDS = ("begins", "ends", "contains", "regex")


@dataclass(frozen=True)
class PathPattern:
    """A pattern over the path of a URL, without its query.

    In ``begins``, ``ends`` and ``contains`` only ``*`` is special and stands for any characters; ``regex`` is an
    expression that must match from the start of the path. An expression that does not compile raises re.error at once.
    """

    kind: str
    pattern: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not one of {', '.join(KINDS)}")
        _ = self._expression

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        text = self.pattern if self.kind == "regex" else re.escape(self.pattern).replace(r"\*", ".*")
        if self.kind in ("ends", "contains"):
            text = f".*{text}"
        return re.compile(rf"{text}\Z" if self.kind == "ends" else text, re.DOTALL)

    def matches(self, url: str) -> bool:
        """Whether the path of ``url`` fits."""
        return self._expression.match(urlsplit(url).path or "/") is not None


@dataclass(frozen=True)
class UrlRule:
    """What becomes of the URLs that fit a pattern."""

    is_allowed: bool
    path: PathPattern

    def __str__(self) -> str:
        return f"{'allow' if self.is_allowed else 'deny'} {self.path.kind} {self.path.pattern}"


def deciding_rule(rules: Sequence[UrlRule], url: str) -> UrlRule | None:
    """The first rule that matches ``url``; None when none does, and the URL is allowed."""
    return next((rule for rule in rules if rule.path.matches(url)), None)
