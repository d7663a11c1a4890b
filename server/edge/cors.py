"""Which pages of other sites may call? Those in the settings, and those that a key is bound to."""

from collections.abc import Callable

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

OWN = ("Authorization", "Content-Type", "X-API-Key", "X-Request-ID")
OF_OTHER_CLIENTS = (
    "X-Algolia-Agent",
    "X-Algolia-API-Key",
    "X-Algolia-Application-Id",
    "X-Elastic-Client-Meta",
    "X-Swiftype-Client",
    "X-Swiftype-Client-Version",
)
"""Headers that clients of other services send to the routes in their shape."""


class KeyedCors(CORSMiddleware):
    """Cross-origin requests from origins that ``is_known`` names; asked anew each time, since keys come and go."""

    def __init__(self, app: ASGIApp, is_known: Callable[[str], bool]) -> None:
        super().__init__(
            app,
            allow_methods=["GET", "HEAD", "POST", "DELETE"],
            allow_headers=[*OWN, *OF_OTHER_CLIENTS],
            expose_headers=["Retry-After", "X-Request-ID"],
            max_age=600,
        )
        self._is_known = is_known

    def is_allowed_origin(self, origin: str) -> bool:
        """Whether pages of this origin may read what we answer."""
        return self._is_known(origin)
