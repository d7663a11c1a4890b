"""The body of an answer: never more than the limit, decompressed as it comes, and told apart by its first bytes."""

import zlib
from collections.abc import Collection

import aiohttp

from crawler.documents.content_type import content_type_of
from crawler.errors import FetchError
from crawler.outcome import Reason


class BadEncoding(ValueError):
    """A Content-Encoding that was not asked for."""


async def read_body(answer: aiohttp.ClientResponse, limit: int, raw: list[bytes] | None = None) -> tuple[bytes, int]:
    """Up to one byte more than ``limit``, decompressed; the rest of a longer body is never received.

    ``raw`` takes the bytes as they came.
    """
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    inflate = _inflater(encoding)
    pieces: list[bytes] = []
    size = wire_bytes = 0
    while size <= limit:
        piece = await answer.content.readany()
        if not piece:
            break
        wire_bytes += len(piece)
        if raw is not None:
            raw.append(piece)
        if inflate is not None:
            piece = inflate.feed(piece, limit + 1 - size)
        pieces.append(piece)
        size += len(piece)
    if size > limit:
        answer.close()
    elif inflate is not None and wire_bytes and not inflate.is_complete:
        raise aiohttp.ClientPayloadError("the compressed body is cut off")
    return b"".join(pieces)[: limit + 1], wire_bytes


class _Inflater:
    """gzip or deflate, also the raw deflate that some servers send by mistake (RFC 9110 section 8.4.1.2)."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._zlib = zlib.decompressobj(wbits)
        self._is_started = False

    @property
    def is_complete(self) -> bool:
        """Has the end of the compressed stream been seen?"""
        return self._zlib.eof

    def feed(self, data: bytes, limit: int) -> bytes:
        """Decompress at most ``limit`` bytes: a bomb grows no further."""
        try:
            out = self._zlib.decompress(data, limit)
        except zlib.error:
            if self._is_started or self._wbits != zlib.MAX_WBITS:
                raise
            self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
            out = self._zlib.decompress(data, limit)
        self._is_started = True
        return out


def _inflater(encoding: str) -> _Inflater | None:
    if encoding in ("gzip", "x-gzip"):
        return _Inflater(16 + zlib.MAX_WBITS)
    if encoding == "deflate":
        return _Inflater(zlib.MAX_WBITS)
    if encoding in ("", "identity"):
        return None
    raise BadEncoding(f"{encoding!r} was not asked for")


def sniffed(url: str, body: bytes, content_type: str, accepted: Collection[str]) -> str:
    """What the body is, one of ``accepted``. Raises FetchError with reason ``content_type`` for anything else."""
    found = content_type_of(body, content_type, url)
    if found is not None and found in accepted:
        return found
    what = f"is {found}" if found else f"is said to be {content_type} and is not" if content_type else "names no type"
    raise FetchError(url, Reason.CONTENT_TYPE, f"{url} {what}, and nothing that is read here")
