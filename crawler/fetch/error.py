"""Why a fetch failed: errors of aiohttp, TLS and sockets get their reason and their words here, and only here."""

import ssl
import zlib

import aiohttp

from crawler.errors import FetchError
from crawler.fetch.connections import ProxyFailed
from crawler.fetch.guard import refused_reason
from crawler.fetch.inflate import BadEncoding
from crawler.fetch.response import Response
from crawler.outcome import Reason
from crawler.urls.ascii import as_text
from crawler.urls.url import origin_of

CAUGHT = (aiohttp.ClientError, TimeoutError, ssl.SSLError, OSError, ValueError, zlib.error)
"""What a request to a stranger's server may raise."""


def address_refused(url: str, reason: str) -> FetchError:
    """The error for a URL that leads out of the public network."""
    return FetchError(
        url, Reason.ADDRESS, f"{url} is refused: {reason}", "To crawl a site on a private network, name it as a seed"
    )


def too_large(url: str, limit: int) -> FetchError:
    """The error for a body above the limit."""
    return FetchError(url, Reason.TOO_LARGE, f"{url} is larger than {limit} bytes", "Raise max_page_bytes to read it")


def fetch_error(url: str, error: Exception) -> FetchError:
    """The one place where errors of aiohttp, TLS and sockets get their reason and their words."""
    if refused := refused_reason(error):
        return address_refused(url, refused)
    if isinstance(error.__cause__, ProxyFailed):
        error = error.__cause__
    origin, short = origin_of(url), _short(error)
    reason: Reason
    match error:
        case aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError() | ProxyFailed():
            reason, what = Reason.PROXY, f"The proxy does not connect to {origin}: {short}"
            cure = "Check crawl.proxy, its user and its password"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            reason, what = Reason.TLS, f"{origin} has no valid TLS certificate or does not speak TLS: {short}"
            cure = "Check the address (http or https?) and the certificate"
        case aiohttp.ClientConnectorDNSError():
            reason, what, cure = Reason.DNS, f"{origin} does not resolve: {short}", "Check the spelling of the host"
        case TimeoutError():
            reason, what, cure = Reason.TIMEOUT, f"{url} did not answer in time", "Try again later or raise timeout_s"
        case aiohttp.ClientConnectorError():
            reason, what, cure = Reason.CONNECT, f"{origin} cannot be reached: {short}", "Check that the server runs"
        case aiohttp.ClientPayloadError():
            reason, what, cure = Reason.TRUNCATED, f"{url} ended before its announced length", "Try again later"
        case aiohttp.ServerDisconnectedError() | OSError():
            reason, what, cure = Reason.RESET, f"{origin} closed the connection: {short}", "Try again later"
        case zlib.error() | BadEncoding():
            reason, what, cure = (
                Reason.BAD_ENCODING,
                f"{url} cannot be decompressed: {short}",
                "Its server must be mended",
            )
        case _:
            reason, what, cure = Reason.BAD_HTTP, f"{url} is not correct HTTP: {short}", "Check the address and port"
    return FetchError(url, reason, what, cure)


def status_error(response: Response) -> FetchError:
    """The error for an answer whose status says that there is nothing to read."""
    status, what = response.status, f"{response.url} answers {response.status}"
    cure = "Check the address" if status in (404, 410) else ""
    if status == 401 and response.is_signed_in:
        what, cure = f"{what}: the credentials were refused", "Check them in crawl.authentication"
    elif status == 401:
        what, cure = f"{what}: it wants credentials", "Give them in crawl.authentication"
    elif status == 403 and response.is_signed_in:
        what, cure = f"{what}: this user may not read it", "Let the user read it, or leave it out with crawl.exclude"
    elif status == 403:
        what = f"{what}: it is closed to the public or to this crawler"
        cure = "Ask its owner; credentials go into crawl.authentication"
    elif status == 407:
        what, cure = f"The proxy wants credentials: {what}", "Give user and password in crawl.proxy"
    return FetchError(response.url, Reason.of_status(status), what, cure)


def _short(error: Exception) -> str:
    return as_text((str(error) or type(error).__name__).splitlines()[0][:200])
