"""Texts with the words of a query marked as other services mark them: pure functions."""

import html
import re
from dataclasses import dataclass

from ranker.snippet import snippet

WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands before and after a word. Clients that mark with what is no tag escape the text themselves."""

    before: str = "<em>"
    after: str = "</em>"

    @property
    def is_html(self) -> bool:
        """Whether the text is put into a page as it is."""
        return self.before.startswith("<")

    def whole(self, text: str, query: str, language: str | None) -> str:
        """All of the text."""
        return self.of_html(snippet(text, query, WHOLE, language))

    def of_html(self, marked: str) -> str:
        """Of escaped text with ``<mark>``, as snippets are."""
        parts = re.split("(</?mark>)", marked)
        tags = {"<mark>": self.before, "</mark>": self.after}
        return "".join(tags.get(part) or (part if self.is_html else html.unescape(part)) for part in parts)

    def is_marked(self, text: str) -> bool:
        """Whether a word was found in it."""
        return self.before in text
