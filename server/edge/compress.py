"""Answers as gzip for those who take it, but none that holds a secret beside what its caller wrote."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

MIN_BYTES = 1000
LEVEL = 5
"""Half the time of the highest for a few hundredths more bytes."""


class Compressed:
    """Leaves paths below ``secret`` as they are: of a page with a token and a text of the caller's, the length of the
    compressed answer tells of the token (the attack is called BREACH).
    """

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=MIN_BYTES, compresslevel=LEVEL)
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        is_secret = scope["type"] == "http" and scope["path"].startswith(self._secret)
        await (self._plain if is_secret else self._compressed)(scope, receive, send)
