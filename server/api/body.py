"""A request's body, unpacked where it came compressed: never more of it than is taken, however small it came."""

import zlib

from starlette.requests import Request

from server.errors import BadInput, TooLarge, WrongKind

GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request, max_bytes: int) -> bytes:
    """The body. Raises TooLarge, WrongKind for an encoding other than gzip, BadInput for what is no gzip."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise WrongKind(f"Content-Encoding {encoding!r} is not read here", "Send the body plain or as gzip")
    unpack = zlib.decompressobj(GZIP) if encoding == "gzip" else None
    pieces, size = [], 0
    async for piece in request.stream():
        try:
            # One byte more than is taken shows that it is too large, without unpacking the rest.
            found = unpack.decompress(piece, max_bytes - size + 1) if unpack else piece
        except zlib.error as error:
            raise BadInput(f"The body is no gzip ({error})", "Leave Content-Encoding out, or send gzip") from error
        size += len(found)
        if size > max_bytes:
            raise TooLarge(f"The request is larger than {max_bytes:,} bytes", "Send less, or in several requests")
        pieces.append(found)
    if unpack and not unpack.eof:
        raise BadInput("The body ends before its gzip does", "Send it whole")
    return b"".join(pieces)
