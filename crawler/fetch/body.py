"""The body of an answer: never more than the limit, decompressed as it comes, and told apart by its first bytes."""

from collections.abc import Collection

import aiohttp

from crawler.documents.content_type import content_type_of, starts_document
from crawler.errors import FetchError
from crawler.fetch.inflate import Inflater
from crawler.outcome import Reason


async def read_body(
    answer: aiohttp.ClientResponse, limit: int, raw: list[bytes] | None = None, document_limit: int = 0
) -> tuple[bytes, int, int]:
    """Up to one byte more than ``limit``, decompressed, the bytes received and the limit that held.

    The rest of a longer body is never received. ``document_limit`` holds instead, if larger, for a body that begins as
    a document does. ``raw`` takes the bytes as they came.
    """
    encoding = ",".join(answer.headers.getall("Content-Encoding", ()))
    inflate = Inflater(encoding) if encoding else None
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
        if not size and document_limit > limit and starts_document(piece):
            limit = document_limit
        pieces.append(piece)
        size += len(piece)
    if size > limit:
        answer.close()
        return b"".join(pieces)[: limit + 1], wire_bytes, limit
    if inflate is not None:
        pieces.append(inflate.finish(limit + 1 - size))
    if inflate is not None and wire_bytes and not inflate.is_complete:
        raise aiohttp.ClientPayloadError("the compressed body is cut off")
    return b"".join(pieces), wire_bytes, limit


def sniffed(url: str, body: bytes, content_type: str, accepted: Collection[str]) -> str:
    """What the body is, one of ``accepted``. Raises FetchError with reason ``content_type`` for anything else."""
    found = content_type_of(body, content_type, url)
    if found is not None and found in accepted:
        return found
    what = f"is {found}" if found else f"is said to be {content_type} and is not" if content_type else "names no type"
    raise FetchError(url, Reason.CONTENT_TYPE, f"{url} {what}, and nothing that is read here")
