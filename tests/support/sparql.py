"""A SPARQL endpoint on loopback over a pyoxigraph store, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs


@contextmanager
def endpoint(store: Any, *, status: int = 200, content_type: str = "application/n-triples") -> Iterator[str]:
    """Its URL while it runs; another ``status`` or ``content_type`` is what every question is answered with."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            from pyoxigraph import RdfFormat

            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0]
            body = store.query(query).serialize(format=RdfFormat.N_TRIPLES) if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
