"""Bodies unpacked as they come, as browsers do it: by what the bytes are, where the label does not fit them."""

import zlib
from collections.abc import Sequence

GZIP_MAGIC = b"\x1f\x8b"
ZLIB_METHOD = 8
PACKED = frozenset({"gzip", "x-gzip", "deflate"})
UNREADABLE = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
"""Encodings that exist and are not asked for; any other token (``none``, ``utf-8``) means nothing."""

_TEXT_STARTS = (b"<", b"{", b"[", b"#", b"%PDF-", b"\xef\xbb\xbf")
"""What no packed body begins with, after blanks."""


class BadEncoding(ValueError):
    """A Content-Encoding that was not asked for, on bytes that are indeed packed."""


class Inflater:
    """Undoes the labels of a Content-Encoding, the last of them first (RFC 9110 section 8.4).

    A gzip file may hold several members one after another (RFC 1952 section 2.2); zeros and rubbish after the last are
    passed over. Raw deflate stands for zlib's where servers mistake it (RFC 9110 section 8.4.1.2), and a body that is
    not packed at all, whatever its label, is handed on as it is.
    """

    def __init__(self, content_encoding: str) -> None:
        labels = [label.strip().lower() for label in content_encoding.split(",")]
        self._layers: Sequence[_Layer] = [_Layer(label) for label in reversed(labels) if label in PACKED]
        self._foreign = next((label for label in labels if label in UNREADABLE), None)
        self._is_begun = False

    @property
    def is_complete(self) -> bool:
        """Has the end of every packed layer been seen?"""
        return all(layer.is_complete for layer in self._layers)

    def feed(self, data: bytes, limit: int) -> bytes:
        """Unpack ``data`` to at most ``limit`` bytes: a bomb grows no further.

        Raises BadEncoding for an encoding that was not asked for, zlib.error for a damaged body.
        """
        if self._foreign and not self._is_begun and not data.lstrip().startswith(_TEXT_STARTS):
            raise BadEncoding(f"{self._foreign!r} was not asked for")
        self._is_begun = True
        for layer in self._layers:
            data = layer.feed(data, limit)
        return data[:limit]

    def finish(self, limit: int) -> bytes:
        """What was held back because the body ended before its kind was plain."""
        data = b""
        for layer in self._layers:
            data = layer.feed(data, limit) + layer.finish()
        return data[:limit]


class _Layer:
    """One gzip or deflate layer; ``_held`` are the bytes that are too few to tell a header by."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._held = b""
        self._zlib: zlib._Decompress | None = None
        self._is_plain = False
        self._members = 0

    @property
    def is_complete(self) -> bool:
        return self._is_plain or (self._members > 0 and self._zlib is None)

    def feed(self, data: bytes, limit: int) -> bytes:
        if self._is_plain:
            return data
        data, self._held = self._held + data, b""
        pieces: list[bytes] = []
        room = limit
        while data and room > 0 and not self._is_plain:
            if self._zlib is None and len(data) < len(GZIP_MAGIC):
                self._held = data
                break
            if self._zlib is None and self._members:
                if not data.startswith(GZIP_MAGIC):
                    break  # padding behind the last member
                self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS)
            out, data = self._unpacked(data, room)
            pieces.append(out)
            room -= len(out)
        return b"".join(pieces)

    def finish(self) -> bytes:
        """A body too short to be packed is plain; a lone byte after a member is padding."""
        held, self._held = self._held, b""
        if self._members or self._zlib is not None or not held:
            return b""
        self._is_plain = True
        return held

    def _unpacked(self, data: bytes, room: int) -> tuple[bytes, bytes]:
        """(what it unpacks to, what follows the end of this member)."""
        is_first = self._zlib is None
        if self._zlib is None:
            self._zlib = _unpacker(self._label, data)
        if self._zlib is None:
            self._is_plain = True
            return data[:room], b""
        try:
            out = self._zlib.decompress(data, room)
        except zlib.error:
            if not is_first or data.startswith(GZIP_MAGIC):
                raise
            # A header of zlib by chance, or raw deflate that is none: the body is as it is.
            self._zlib, self._is_plain = None, True
            return data[:room], b""
        if self._zlib.eof:
            rest = self._zlib.unused_data
            self._zlib = None
            self._members += 1
            return out, rest
        return out, b""


def _unpacker(label: str, start: bytes) -> "zlib._Decompress | None":
    if start.startswith(GZIP_MAGIC):
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    # RFC 1950 section 2.2: the method is 8 and the first two bytes are a multiple of 31.
    if start[0] & 0x0F == ZLIB_METHOD and int.from_bytes(start[:2], "big") % 31 == 0:
        return zlib.decompressobj(zlib.MAX_WBITS)
    is_text = start.lstrip().startswith(_TEXT_STARTS)
    return zlib.decompressobj(-zlib.MAX_WBITS) if label == "deflate" and not is_text else None


def gunzip(body: bytes, max_bytes: int) -> bytes:
    """All members of a gzip file, up to ``max_bytes``; of a damaged one what comes before the damage."""
    inflater = Inflater("gzip")
    pieces: list[bytes] = []
    size = 0
    try:
        for start in range(0, len(body), _PIECE_BYTES):
            pieces.append(inflater.feed(body[start : start + _PIECE_BYTES], max_bytes - size))
            size += len(pieces[-1])
            if size >= max_bytes:
                break
    except zlib.error:
        pass  # what came so far is worth reading
    return b"".join(pieces)


_PIECE_BYTES = 64 * 1024
