"""Documentation search: a manual of a few pages is served, crawled, and then searched on the search page itself.

python docs/examples/manual.py
"""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from stage import HERE, fresh, port_given

from server.commands import serve
from server.commands.crawl import crawl_into_index
from server.settings.config import Config


class Quiet(SimpleHTTPRequestHandler):
    """Serves the manual without a line for each request."""

    def log_message(self, *_: object) -> None:
        """The example's own lines are enough."""


def main(port: int) -> None:
    """Serve the manual while it is crawled and searched, so that its links lead somewhere."""
    data = fresh("manual")
    pages = partial(Quiet, directory=str(HERE / "manual"))
    with ThreadingHTTPServer(("127.0.0.1", 0), pages) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{site.server_address[1]}/"
        crawl_into_index(Config(data=data), [url])
        print(f"The manual: {url}")
        try:
            serve.run(data=data, port=port)
        finally:
            site.shutdown()


if __name__ == "__main__":
    main(port_given(Path(__file__).stem))
