"""The client's errors come out as the crawler's, each with its reason."""

import inspect
from types import ModuleType
from unittest.mock import Mock

import aiohttp
import aiohttp.client_exceptions
import aiohttp.http_exceptions
import pytest
from aiohttp.client_reqrep import ConnectionKey

from crawler.fetch.error import CAUGHT, fetch_error
from crawler.outcome import Reason

URL = "http://example.org/page"
KEY = ConnectionKey("example.org", 80, False, True, None, None, None)
REQUEST = Mock(real_url=URL)
"""Only its address is asked for, and a real one needs a connection."""

FAILED = OSError(111, "refused")

EXPECTED: dict[type[Exception], tuple[Exception, Reason]] = {
    type(error): (error, reason)
    for error, reason in (
        (aiohttp.ClientError("x"), Reason.BAD_HTTP),
        (aiohttp.ClientConnectionError("x"), Reason.BAD_HTTP),
        (aiohttp.ClientConnectionResetError("x"), Reason.RESET),
        (aiohttp.ClientConnectorCertificateError(KEY, ValueError("x")), Reason.TLS),
        (aiohttp.ClientConnectorDNSError(KEY, FAILED), Reason.DNS),
        (aiohttp.ClientConnectorError(KEY, FAILED), Reason.CONNECT),
        (aiohttp.ClientConnectorSSLError(KEY, FAILED), Reason.TLS),
        (aiohttp.ClientSSLError(KEY, FAILED), Reason.TLS),
        (aiohttp.ClientHttpProxyError(REQUEST, ()), Reason.PROXY),
        (aiohttp.ClientProxyConnectionError(KEY, FAILED), Reason.PROXY),
        (aiohttp.ClientOSError(104, "x"), Reason.RESET),
        (aiohttp.ClientPayloadError("x"), Reason.TRUNCATED),
        (aiohttp.ClientResponseError(REQUEST, ()), Reason.BAD_HTTP),
        (aiohttp.ContentTypeError(REQUEST, ()), Reason.BAD_HTTP),
        (aiohttp.InvalidURL(URL), Reason.BAD_HTTP),
        (aiohttp.InvalidUrlClientError(URL), Reason.BAD_HTTP),
        (aiohttp.NonHttpUrlClientError(URL), Reason.BAD_HTTP),
        (aiohttp.ServerConnectionError("x"), Reason.BAD_HTTP),
        (aiohttp.ServerDisconnectedError(), Reason.RESET),
        (aiohttp.ServerTimeoutError(), Reason.TIMEOUT),
        (aiohttp.ConnectionTimeoutError(), Reason.TIMEOUT),
        (aiohttp.SocketTimeoutError(), Reason.TIMEOUT),
    )
}
NOT_RAISED = {
    "EofStream": "ends the reading of a body inside the client",
    "InvalidUrlRedirectClientError": "redirects are not followed by the client",
    "NonHttpUrlRedirectClientError": "redirects are not followed by the client",
    "RedirectClientError": "redirects are not followed by the client",
    "ServerFingerprintMismatch": "no fingerprint is pinned",
    "TooManyRedirects": "redirects are not followed by the client",
    "UnixClientConnectorError": "no socket of the file system is connected to",
    "UploadAbortedError": "nothing is uploaded piece by piece",
    "WSMessageTypeError": "no web socket is opened",
    "WSServerHandshakeError": "no web socket is opened",
    "WebSocketError": "no web socket is opened",
}


def exceptions_of(module: ModuleType) -> set[type[Exception]]:
    return {
        thing
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Exception) and not issubclass(thing, Warning)
    }


def test_every_exception_of_the_client_is_expected() -> None:
    """One that a new version brings shows here; decide then what it means."""
    known = exceptions_of(aiohttp) | exceptions_of(aiohttp.client_exceptions)
    assert {kind.__name__ for kind in known} == {kind.__name__ for kind in EXPECTED} | set(NOT_RAISED)


@pytest.mark.parametrize(("raised", "reason"), EXPECTED.values(), ids=[kind.__name__ for kind in EXPECTED])
def test_each_is_caught_and_has_its_reason(raised: Exception, reason: Reason) -> None:
    assert isinstance(raised, CAUGHT)
    error = fetch_error(URL, raised)
    assert error.reason is reason
    assert "example.org" in error.what


def test_words_of_a_server_that_are_no_text_can_be_stored() -> None:
    error = fetch_error(URL, aiohttp.ClientError("Invalid header: caf\udce9"))
    assert "caf?" in error.what
    error.what.encode()
