"""The client's errors come out as the store's, each with what to do."""

import inspect
from types import ModuleType

import elastic_transport
import elasticsearch
import elasticsearch.exceptions
import elasticsearch.helpers
import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig

from indexer.elasticsearch.errors import mapped_errors, store_error
from indexer.errors import StoreRefused, StoreUnavailable

PLACE = "Elasticsearch index docs on http://127.0.0.1:9200"
NODE = NodeConfig("http", "127.0.0.1", 9200)


def api_error(kind: type[Exception], status: int) -> Exception:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, NODE)
    return kind("message", meta, {"error": {"type": "some_exception", "reason": "why"}})


EXPECTED: dict[type[Exception], tuple[Exception, type[Exception]]] = {
    elasticsearch.ApiError: (api_error(elasticsearch.ApiError, 503), StoreUnavailable),
    elastic_transport.ApiError: (api_error(elasticsearch.ApiError, 429), StoreUnavailable),
    elasticsearch.BadRequestError: (api_error(elasticsearch.BadRequestError, 400), StoreRefused),
    elasticsearch.AuthenticationException: (api_error(elasticsearch.AuthenticationException, 401), StoreRefused),
    elasticsearch.AuthorizationException: (api_error(elasticsearch.AuthorizationException, 403), StoreRefused),
    elasticsearch.NotFoundError: (api_error(elasticsearch.NotFoundError, 404), StoreRefused),
    elasticsearch.ConflictError: (api_error(elasticsearch.ConflictError, 409), StoreRefused),
    elasticsearch.UnsupportedProductError: (api_error(elasticsearch.UnsupportedProductError, 200), StoreRefused),
    elastic_transport.TransportError: (elastic_transport.TransportError("x"), StoreUnavailable),
    elastic_transport.ConnectionError: (elastic_transport.ConnectionError("x"), StoreUnavailable),
    elastic_transport.ConnectionTimeout: (elastic_transport.ConnectionTimeout("x"), StoreUnavailable),
    elastic_transport.SniffingError: (elastic_transport.SniffingError("x"), StoreUnavailable),
    elastic_transport.TlsError: (elastic_transport.TlsError("x"), StoreRefused),
    elastic_transport.SerializationError: (elastic_transport.SerializationError("x"), StoreRefused),
    elasticsearch.helpers.BulkIndexError: (elasticsearch.helpers.BulkIndexError("x", []), StoreRefused),
    elasticsearch.helpers.ScanError: (elasticsearch.helpers.ScanError("id", "x"), StoreUnavailable),
}


def exceptions_of(module: ModuleType) -> set[type[Exception]]:
    return {
        thing
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Exception) and not issubclass(thing, Warning)
    }


def test_every_exception_of_the_client_is_expected() -> None:
    """One that a new version brings shows here; decide then what it means."""
    known = (
        exceptions_of(elasticsearch) | exceptions_of(elasticsearch.exceptions) | exceptions_of(elasticsearch.helpers)
    )
    assert known | exceptions_of(elastic_transport) == set(EXPECTED)


@pytest.mark.parametrize(("raised", "expected"), EXPECTED.values(), ids=[kind.__name__ for kind in EXPECTED])
def test_each_becomes_an_error_of_the_store(raised: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected, match="docs on http://127") as caught, mapped_errors(PLACE):
        raise raised
    assert type(caught.value) is expected
    assert caught.value.__cause__ is raised


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_busy_or_halved_cluster_is_worth_a_retry(status: int) -> None:
    assert isinstance(store_error(PLACE, status, {"error": "busy"}), StoreUnavailable)


@pytest.mark.parametrize(
    ("status", "kind", "reason", "cure"),
    [
        (401, "security_exception", "missing authentication credentials", "api_key"),
        (403, "cluster_block_exception", "index [docs] blocked by: [FORBIDDEN/12/disk usage exceeded]", "disk space"),
        (404, "index_not_found_exception", "no such index [docs]", "Index something first"),
        (413, "", "", "max_bulk_bytes"),
        (500, "null_pointer_exception", "", "log"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, kind: str, reason: str, cure: str) -> None:
    error = store_error(PLACE, status, {"error": {"root_cause": [{"type": kind, "reason": reason}]}})
    assert isinstance(error, StoreRefused)
    assert cure in error.cure


def test_a_missing_privilege_is_named() -> None:
    reason = (
        "action [indices:data/write/bulk[s]] is unauthorized for API key id [x] of user [y] on indices [docs], this "
        "action is granted by the index privileges [create_doc,create,index,write,all]"
    )
    error = store_error(PLACE, 403, {"error": {"root_cause": [{"type": "security_exception", "reason": reason}]}})
    assert "'create_doc'" in error.what
    assert "indices:data/write/bulk" in error.what
