"""A real web server on 127.0.0.1 for tests: serves a folder, and does what files cannot (redirects, headers, faults).

``site`` serves a copy of tests/site which the test may change; ``serve`` serves any folder. Import both where needed:
``from tests.support.site import serve, site``.
"""

import contextlib
import gzip
import mimetypes
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

SITE_FOLDER = Path(__file__).parents[1] / "site"
PLACEHOLDER = b"http://site.test"
INDEXABLE = (
    "/",
    "/broken.html",
    "/colophon.html",
    "/de/anleitung.html",
    "/faq.html",
    "/guide/first-backup.html",
    "/guide/install.html",
    "/guide/restore.html",
    "/guide/schedule.html",
    "/news/release-3.html",
    "/reference/api.html",
    "/reference/options.html",
    "/sitemap-only.html",
)
"""Paths of the pages a crawl of tests/site from ``/`` finds, one URL for each distinct page."""


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    at_s: float
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """One answer; Content-Length is added unless the headers name it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Route = Callable[[Request], Reply]
Fault = Callable[[Request, socket.socket], None]
"""Writes whatever bytes it likes (or none) to the open socket, which is closed afterwards."""


class Site:
    """A folder served on a free port of 127.0.0.1, with hooks by path and a record of every request."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder = folder
        self.requests: list[Request] = []
        self._routes: dict[str, Route] = {}
        self._faults: dict[str, Fault] = {}
        self._server = ThreadingHTTPServer((host, 0), _handler_of(self), bind_and_activate=False)
        self._server.request_queue_size = 128
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.server_bind()
        self._server.server_activate()
        self.port: int = self._server.server_address[1]
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def at(self, path: str) -> str:
        """Absolute URL of a path."""
        return self.url + path

    def redirect(self, path: str, to: str, status: int = 301) -> None:
        """Answer ``path`` with a redirect; ``to`` may be relative."""
        self.respond(path, Reply(status, b"", {"Location": to}))

    def respond(self, path: str, reply: Reply | Route) -> None:
        """Answer ``path`` (with its query, or without for any query) with a fixed reply or a function's."""
        self._routes[path] = reply if callable(reply) else lambda _: reply

    def fault(self, path: str, fault: Fault) -> None:
        """Hand the raw socket of requests for ``path`` to ``fault``."""
        self._faults[path] = fault

    def restore(self, path: str) -> None:
        """Forget the hooks of ``path``: files answer again."""
        self._routes.pop(path, None)
        self._faults.pop(path, None)

    def write(self, path: str, text: str) -> None:
        """Create or replace a page."""
        file = self.folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def remove(self, path: str) -> None:
        """Delete a page, so that its path answers 404."""
        (self.folder / path.lstrip("/")).unlink()

    def requests_for(self, path: str) -> list[Request]:
        """Requests whose path and query equal ``path``."""
        return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        """Stop serving; the port refuses connections afterwards."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fault_for(self, path: str) -> Fault | None:
        """The raw hook of a request path, if any."""
        return self._faults.get(path) or self._faults.get(path.partition("?")[0])

    def reply_to(self, request: Request) -> Reply:
        """The hook's reply, else the file's."""
        bare = request.path.partition("?")[0]
        route = self._routes.get(request.path) or self._routes.get(bare)
        return route(request) if route else self._file_reply(unquote(bare), request)

    def _file_reply(self, path: str, request: Request) -> Reply:
        file = (self.folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.folder.resolve()):
            return Reply(403)
        if file.is_dir():
            if not path.endswith("/"):
                return Reply(301, b"", {"Location": path + "/"})
            file /= "index.html"
        if not file.is_file():
            return Reply(404, b"<!doctype html><title>Not found</title><p>No such page.", {"Content-Type": "text/html"})
        body = file.read_bytes()
        if file.suffix in (".html", ".xml", ".txt"):
            body = body.replace(PLACEHOLDER, self.url.encode())
        headers = {
            "Content-Type": _content_type_of(file),
            "ETag": f'"{sha256(body).hexdigest()[:16]}"',
            "Last-Modified": formatdate(file.stat().st_mtime, usegmt=True),
        }
        if _is_fresh(request, headers):
            return Reply(304, b"", headers)
        return Reply(200, body, headers)


def _content_type_of(file: Path) -> str:
    guessed, encoding = mimetypes.guess_type(file.name)
    if encoding == "gzip":
        return "application/gzip"
    return guessed or "application/octet-stream"


def _is_fresh(request: Request, headers: dict[str, str]) -> bool:
    if "if-none-match" in request.headers:
        return headers["ETag"] in request.headers["if-none-match"]
    if since := request.headers.get("if-modified-since"):
        return parsedate_to_datetime(headers["Last-Modified"]) <= parsedate_to_datetime(since)
    return False


def _handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                super().handle()

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            request = Request(self.command, self.path, headers, time.monotonic(), body)
            site.requests.append(request)
            if fault := site.fault_for(self.path):
                self.close_connection = True
                with contextlib.suppress(OSError):
                    fault(request, self.connection)
                return
            self._send(site.reply_to(request))

        do_HEAD = do_POST = do_GET

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            with contextlib.suppress(ConnectionError):
                self.end_headers()
                if self.command != "HEAD" and reply.status != 304:
                    self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Tests read ``site.requests`` instead."""

    return Handler


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Site]]:
    """Serve folders until the test ends."""
    sites: list[Site] = []

    def start(folder: Path) -> Site:
        sites.append(Site(folder))
        return sites[-1]

    yield start
    for running in sites:
        running.close()


@pytest.fixture
def site(tmp_path: Path, serve: Callable[[Path], Site]) -> Site:
    """A copy of tests/site, served; ``/old-install.html`` redirects to the guide."""
    folder = tmp_path / "site"
    shutil.copytree(SITE_FOLDER, folder)
    running = serve(folder)
    running.redirect("/old-install.html", "/guide/install.html")
    return running


def gzipped(body: bytes) -> bytes:
    """``body`` as a .gz file without a time stamp, so that equal bodies give equal bytes."""
    return gzip.compress(body, mtime=0)
