"""Heads of responses that browsers read and strict parsers refuse: set right before they are parsed.

RFC 9112 lets a client take several equal values of ``Content-Length`` for one (section 6.3) and drop blanks before the
colon of a header (section 5.1). Different lengths stay an error, since nobody knows where such a body ends.
"""

import asyncio
import re
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

MAX_HEAD_BYTES, MAX_HEAD_LINES = 256 * 1024, 1000
"""A longer head is handed on as it comes, for the parser to refuse."""

_END = re.compile(rb"\r?\n\r?\n")
_BLANK_BEFORE_COLON = re.compile(rb"(?<=\n)([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+:")
_LENGTH = re.compile(rb"\r?\ncontent-length[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?=\r?\n)", re.IGNORECASE)
_INFORMATION = re.compile(rb"HTTP/1\.[01] 1\d\d")


def make_lenient(connector: aiohttp.BaseConnector) -> None:
    """Let the connections that ``connector`` opens from now on read such heads. Call it inside the event loop."""
    loop = asyncio.get_running_loop()

    def handler() -> ResponseHandler:
        return LenientHandler(loop)

    connector._factory = partial(handler)


def tidied(head: bytes) -> bytes:
    """A head without its empty line, as strict parsers want it."""
    head = _BLANK_BEFORE_COLON.sub(rb"\1:", head)
    lengths = _LENGTH.findall(head + b"\n")
    values = {value.strip() for told in lengths for value in told.split(b",")}
    if len(values) == 1 and (len(lengths) > 1 or b"," in lengths[0]):
        head = _LENGTH.sub(b"", head + b"\n").removesuffix(b"\n") + b"\r\nContent-Length: " + values.pop()
    return head


class LenientHandler(ResponseHandler):
    """Holds back what comes of a response until its head is whole, and sets that right."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._head: bytes | None = None

    def set_response_params(self, **options: Any) -> None:
        """A response is about to come."""
        self._head = b""
        super().set_response_params(**options)

    def data_received(self, data: bytes) -> None:
        """Bytes of a head or of a body."""
        if self._head is None:
            super().data_received(data)
            return
        before = len(self._head)
        self._head += data
        end = _END.search(self._head, max(0, before - 3))
        if end is not None:
            self._pass_on(end)
        elif self._is_hopeless(self._head):
            self._give_up()

    def connection_lost(self, exc: BaseException | None) -> None:
        """What was held back is all that comes."""
        self._give_up()
        super().connection_lost(exc)

    def _is_hopeless(self, head: bytes) -> bool:
        is_http = head.startswith(b"HTTP/"[: len(head)])
        return not is_http or len(head) > MAX_HEAD_BYTES or head.count(b"\n") > MAX_HEAD_LINES

    def _pass_on(self, end: "re.Match[bytes]") -> None:
        held = self._head or b""
        head, rest = held[: end.start()], held[end.end() :]
        # After a provisional answer the head of the true one comes.
        self._head = b"" if _INFORMATION.match(head) else None
        if self._head is None:
            super().data_received(tidied(head) + b"\r\n\r\n" + rest)
            return
        super().data_received(head + b"\r\n\r\n")
        if rest:
            self.data_received(rest)

    def _give_up(self) -> None:
        held, self._head = self._head, None
        if held:
            super().data_received(held)
