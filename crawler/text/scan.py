"""Looks for words in the markup of a page, before anything is searched in its tree."""

from functools import cached_property
from typing import Any


class Scan:
    """One or more words or patterns, in whatever case, looked for in one pass over the bytes of a page.

    Python's ``re`` looks at each byte once for every alternative; RE2 does not, and so takes a twentieth of the time.
    """

    def __init__(self, *patterns: str) -> None:
        self._pattern = f"(?i){'|'.join(patterns)}"

    @cached_property
    def _compiled(self) -> Any:
        import re2

        return re2.compile(self._pattern.encode())

    def finds(self, markup: bytes) -> bool:
        """Does one of them stand in the markup?"""
        return self._compiled.search(markup) is not None
