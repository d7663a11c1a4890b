"""Every exchange of a crawl as WARC 1.1 (ISO 28500): a request and a response or revisit record, gzip per record.

warcio writes the records: it is what most archives write and read with, has no dependency but six, and knows the
corners of the format (digests, one gzip member per record) that a writer of our own would have to learn again.
"""

from collections.abc import Collection, Iterable
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import aiohttp

from crawler.errors import CrawlError, MissingExtra
from crawler.fetch.config import FetchConfig

SUFFIXES = (".warc.gz", ".warc", ".gz")
SOFTWARE = "Recollect"
_PREFIX = "X-Archive-Orig-"
"""Before the name of a header that is no longer true of the stored body, as web archives have it."""


class Warc(Protocol):
    """Takes exchanges. Bodies of requests (sign-ins) and secret headers never reach it."""

    def write(self, url: str, answer: aiohttp.ClientResponse, raw: bytes) -> None:
        """Record one exchange; ``raw`` is the body as it came, still compressed."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


def open_warc(config: FetchConfig, secret_headers: Collection[str]) -> Warc | None:
    """The archive that the settings ask for. Raises MissingExtra, and CrawlError when it cannot be written."""
    if config.warc is None:
        return None
    try:
        from warcio.warcwriter import WARCWriter
    except ImportError as error:
        raise MissingExtra("A WARC archive", "warc") from error
    return WarcFiles(config.warc, config.max_warc_bytes, config.user_agent_header, secret_headers, WARCWriter)


class WarcFiles:
    """Writes to ``file``, then to ``file`` with -00001, -00002 before its ending; never into one that exists.

    A killed crawl leaves at most a torn last record in its file; the next one begins a new file.
    """

    def __init__(
        self, file: Path, max_bytes: int, user_agent: str, secret_headers: Collection[str], writer: type[Any]
    ) -> None:
        self._file, self._max_bytes, self._user_agent = file, max_bytes, user_agent
        self._secret_headers = secret_headers
        self._new_writer = writer
        self._out: BinaryIO
        self._begin()

    def write(self, url: str, answer: aiohttp.ClientResponse, raw: bytes) -> None:
        """Record one exchange."""
        if self._out.tell() >= self._max_bytes:
            self._out.close()
            self._begin()
        response = self._response(url, answer, raw)
        sent = answer.request_info.headers.items()
        target = answer.request_info.url.raw_path_qs
        extra = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
        request = self._record(url, "request", f"{answer.method} {target} HTTP/1.1", sent, extra=extra)
        self._writer.write_record(response)
        self._writer.write_record(request)
        self._out.flush()

    def close(self) -> None:
        """Finish the file."""
        self._out.close()

    def _begin(self) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            path = next(path for number in count() if not (path := numbered(self._file, number)).exists())
            self._out = path.open("xb")
        except OSError as error:
            raise CrawlError(f"{self._file} cannot be written: {error.strerror}", "Name another file") from error
        self._writer = self._new_writer(self._out, gzip=path.name.endswith(".gz"), warc_version="1.1")
        info = {
            "software": SOFTWARE,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "http-header-user-agent": self._user_agent,
        }
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, info))

    def _response(self, url: str, answer: aiohttp.ClientResponse, raw: bytes) -> Any:
        kind = "revisit" if answer.status == 304 else "response"
        line = f"HTTP/1.1 {answer.status} {answer.reason or ''}".rstrip()
        received = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.raw_headers)
        extra = {}
        if kind == "revisit":
            extra["WARC-Profile"] = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
        elif not raw and answer.headers.get("Content-Length", "0") != "0":
            # The bodies of errors and redirects are not read.
            extra["WARC-Truncated"] = "unspecified"
        return self._record(url, kind, line, received, raw, extra=extra)

    def _record(
        self,
        url: str,
        kind: str,
        first_line: str,
        headers: Iterable[tuple[str, str]],
        body: bytes = b"",
        *,
        extra: dict[str, str],
    ) -> Any:
        from warcio.statusandheaders import StatusAndHeaders

        kept = [(_stored(name), value) for name, value in headers if name.lower() not in self._secret_headers]
        protocol, _, status = first_line.partition(" ")
        return self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_headers_dict=extra,
            http_headers=StatusAndHeaders(status, kept, protocol=protocol, is_http_request=kind == "request"),
        )


def numbered(file: Path, number: int) -> Path:
    """``site.warc.gz`` -> ``site-00001.warc.gz``; number 0 is the file itself."""
    if number == 0:
        return file
    suffix = next((suffix for suffix in SUFFIXES if file.name.endswith(suffix)), file.suffix)
    return file.with_name(f"{file.name.removesuffix(suffix)}-{number:05}{suffix}")


def _stored(name: str) -> str:
    # The body is stored without the framing of the transfer.
    return _PREFIX + name if name.lower() == "transfer-encoding" else name
