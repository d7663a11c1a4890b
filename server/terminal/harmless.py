"""Text from pages and people as a terminal and a log may have it: pure functions."""

import logging
import re

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
"""Control signs but tabs and ends of lines (ECMA-48), with which a page could paint over what stands there, name the
window or fill the clipboard; and those that turn text around, so that it reads otherwise than it is (CVE-2021-42574).
"""

_SHOWN = "\ufffd"


def harmless(text: str) -> str:
    """The text with a replacement character for each sign that a terminal would obey."""
    return _OBEYED.sub(_SHOWN, text)


class OneLine(logging.Formatter):
    """A message stays on its line, so that nobody writes lines of their own into the log (CWE-117)."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the base class's name
        """Tracebacks come after it and keep their lines."""
        return harmless(super().formatMessage(record).replace("\n", "\\n"))
