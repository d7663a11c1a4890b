"""Pages that send their visitors on by themselves: ``Refresh: 0; url=/new`` as a header or as a meta element."""

import re
from typing import NamedTuple

REDIRECT_S = 5.0
"""What waits no longer is a redirect for people without its own text to read ("you will be taken to ..."); what waits
longer is read first, and leads on as a link does."""

_REFRESH = re.compile(r"\s*(\d*)(?:\.[\d.]*)?(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL)
"""By the rules of HTML ("shared declarative refresh steps"): a number, a separator, and perhaps ``url=``."""


class Refresh(NamedTuple):
    """Where a page leads after ``delay_s`` seconds; ``target`` is as written, or absolute where a page was read."""

    delay_s: float
    target: str

    @property
    def is_redirect(self) -> bool:
        """Nobody is meant to read the page."""
        return self.delay_s <= REDIRECT_S


def parse_refresh(value: str) -> Refresh | None:
    """What a refresh says; None for one that only loads the same page again, and for what is none.

    >>> parse_refresh("0; url='/new'"), parse_refresh("30")
    (Refresh(delay_s=0.0, target='/new'), None)
    """
    found = _REFRESH.fullmatch(value)
    if found is None or (not found[1] and not value.lstrip().startswith(".")):
        return None
    target = found[2].strip()
    if target[:1] in ("'", '"'):
        target = target[1:].partition(target[0])[0].strip()
    return Refresh(float(found[1] or 0), target) if target else None
