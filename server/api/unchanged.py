"""Is what the caller has still right?  ->  entity tags (RFC 9110, 8.8.3), known before anything is searched."""

from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import Request
from starlette.responses import Response

from server.api.backend import Backend
from server.doors.asker import Asker
from server.settings.config import Config
from server.settings.digest import digest

VERSION = version("recollect")
"""Read from a file, so once."""

KEPT = "private, no-cache"
"""To be kept by the caller alone, and asked for each time: whether it is still right is told in a millisecond."""


class SettingsDigest:
    """A digest of the settings, worked out again when they are others: rules for searching can change while serving."""

    def __init__(self) -> None:
        self._known: tuple[Config | None, str] = (None, "")

    def of(self, config: Config) -> str:
        """The digest of these."""
        known, found = self._known
        if known is not config:
            found = digest(repr(config))
            self._known = (config, found)
        return found


def tag_of(request: Request, backend: Backend, asker: Asker, more: str = "") -> str:
    """The tag of the answer to a GET: of the index, the settings, the day, what is asked, and who may see what.

    ``more`` is what the answer is made of besides. Weak, since times differ from one answer to the next. Empty where
    the index has no version. Raises StoreError.
    """
    index = backend.store().version()
    if not index:
        return ""
    parts = (
        VERSION,
        request.app.state.settings.of(backend.config),
        index,
        # Ages of documents count in days.
        datetime.now(UTC).date(),
        str(request.base_url),
        request.url.path,
        sorted(request.query_params.multi_items()),
        asker.groups,
        asker.sites,
        more,
    )
    return f'W/"{digest(repr(parts))}"'


def is_current(request: Request, tag: str) -> bool:
    """Whether the caller holds this answer (``If-None-Match``)."""
    given = request.headers.get("if-none-match", "")
    return bool(tag) and (given.strip() == "*" or tag in (part.strip() for part in given.split(",")))


def headers_of(tag: str) -> dict[str, str]:
    """The headers of an answer with this tag; none where it is empty."""
    return {"ETag": tag, "Cache-Control": KEPT} if tag else {}


def unchanged(tag: str) -> Response:
    """304, with the headers that the whole answer would have had."""
    return Response(status_code=304, headers=headers_of(tag))
