"""JSON as an answer, written in one go."""

import json
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response


class JsonAnswer(Response):
    """A document of dicts, lists, texts and numbers.

    A framework looks into everything that a route returns, and asks what it may be; that takes longer than to write it.
    """

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """See ``Response``."""
        try:
            return to_json(content, inf_nan_mode="null")
        except ValueError:
            # Half of a sign of two (a lone surrogate) has no bytes in UTF-8, but a form in JSON.
            return json.dumps(content, separators=(",", ":")).encode("ascii")
