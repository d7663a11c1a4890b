"""Elasticsearch's errors as the store's: what happened, and what a person can do about it.

StoreUnavailable    no connection, timeout, 408, 429, 502, 503, 504: the same request may succeed later
StoreRefused        everything else the server says no to: 400, 401, 403, 404, 413, and what is no Elasticsearch at all
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from indexer.errors import StoreError, StoreRefused, StoreUnavailable

RETRYABLE = (408, 429, 502, 503, 504)
_KNOWN = {
    401: ("does not accept these credentials", "Check api_key, or username and password"),
    404: ("does not exist", "Index something first, or check the name of the index"),
    413: (
        "does not take a request of this size",
        "Lower elasticsearch.max_bulk_bytes, or raise http.max_content_length on the server",
    ),
}
_UNAUTHORISED = re.compile(r"action \[(?P<action>[^\]]+)\].*?privileges \[(?P<privileges>[^\]]+)\]")


class DocumentRefused(StoreRefused):
    """One document of a batch does not fit into the index."""

    def __init__(self, doc_id: str, what: str) -> None:
        super().__init__(f"Document {doc_id}: {what}", "Mend the document, or leave it out")
        self.doc_id = doc_id


@contextmanager
def mapped_errors(place: str) -> Iterator[None]:
    """Raise the client's errors as the store's; ``place`` names the index and its host for the message."""
    import elastic_transport
    import elasticsearch.helpers

    try:
        yield
    except elasticsearch.UnsupportedProductError as error:
        raise StoreRefused(
            f"{place} is not an Elasticsearch server of version 9", "Check the URL, and upgrade an older server"
        ) from error
    except elasticsearch.ApiError as error:
        raise store_error(place, error.status_code, error.body) from error
    except elastic_transport.TlsError as error:
        raise StoreRefused(
            f"{place} shows a certificate that is not trusted ({_line(error)})",
            "Name its certificate authority in elasticsearch.ca_certs, or its ca_fingerprint",
        ) from error
    except elastic_transport.SerializationError as error:
        raise StoreRefused(
            f"{place} does not answer as Elasticsearch does ({_line(error)})", "Check the URL"
        ) from error
    except elastic_transport.TransportError as error:
        raise StoreUnavailable(
            f"{place} does not answer ({_line(error)})", "Check that the server runs and can be reached"
        ) from error
    except elasticsearch.helpers.BulkIndexError as error:
        raise StoreRefused(f"{place} refused a bulk request ({_line(error)})") from error
    except elasticsearch.helpers.ScanError as error:
        raise StoreUnavailable(f"{place} lost a scan ({_line(error)})", "Try again") from error


def store_error(place: str, status: int, body: object) -> StoreError:
    """The store's error for an answer with this status; ``body`` is the whole answer or its ``error`` part."""
    kind, reason = _cause(body)
    if status in RETRYABLE:
        return StoreUnavailable(f"{place} is too busy or partly down ({status}: {reason})", "Try again in a while")
    if status == 403:
        return _forbidden(place, kind, reason)
    if status == 404 and "index_not_found" not in kind:
        return StoreRefused(f"{place} refused the request ({status}: {reason})")
    if status in _KNOWN:
        what, cure = _KNOWN[status]
        return StoreRefused(f"{place} {what}", cure)
    cure = "Look into the server's log" if status >= 500 else ""
    return StoreRefused(f"{place} refused the request ({status}: {reason})", cure)


def _forbidden(place: str, kind: str, reason: str) -> StoreError:
    if "cluster_block" in kind:
        return StoreRefused(
            f"{place} is blocked against writing ({reason})",
            "Free disk space on the server, then lift the block (index.blocks)",
        )
    found = _UNAUTHORISED.search(reason)
    if found is None:
        return StoreRefused(f"{place} is not allowed for this user ({reason})", "Ask for read and write on the index")
    privilege = found["privileges"].split(",")[0]
    return StoreRefused(
        f"{place}: this user lacks the privilege {privilege!r} ({found['action']})",
        "Grant read, write and manage on the index and INDEX-* (read and view_index_metadata suffice for searching)",
    )


def _cause(body: object) -> tuple[str, str]:
    """(type, reason) of the first root cause."""
    error: Any = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(error, Mapping):
        return "", " ".join(str(error).split())[:300]
    causes = error.get("root_cause") or [error]
    inner = causes[0].get("caused_by") or error.get("caused_by") or {}
    reasons = [causes[0].get("reason"), inner.get("reason")]
    text = ": ".join(dict.fromkeys(reason for reason in reasons if reason))
    return str(causes[0].get("type", "")), " ".join(text.split())[:400]


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
