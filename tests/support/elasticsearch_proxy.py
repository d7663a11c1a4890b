"""A real HTTP server in front of a real Elasticsearch, which can be told to be busy, or to be something else."""

import contextlib
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Proxy:
    """``url`` is where it listens. ``intercept`` may answer (method, path) itself; None lets the request through."""

    url: str
    intercept: Callable[[str, str], Answer | None] = lambda method, path: None
    requests: list[tuple[str, str, int]] = field(default_factory=list)


@contextlib.contextmanager
def proxy_to(target: str) -> Iterator[Proxy]:
    """Run a proxy; ``requests`` lists (method, path, bytes of the body)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.requests.append((self.command, self.path, len(body)))
            status, headers, content = proxy.intercept(self.command, self.path) or self._forward(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def _forward(self, body: bytes) -> Answer:
            kept = {name: value for name, value in self.headers.items() if name.lower() in ("accept", "content-type")}
            request = urllib.request.Request(target + self.path, body or None, kept, method=self.command)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, _passed_on(answer.headers), answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, _passed_on(error.headers), error.read()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle

        def log_message(self, *args: object) -> None:
            """Be silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _passed_on(headers: object) -> dict[str, str]:
    get = headers.get  # type: ignore[attr-defined]  # an email.message.Message
    return {name: get(name) for name in ("Content-Type", "X-Elastic-Product") if get(name)}
