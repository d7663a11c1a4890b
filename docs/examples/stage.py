"""What the examples share: how they are indexed, and one page on this machine, made anew for each request."""

import argparse
import html
import shutil
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from indexer.sources.memory import SourceMemory
from indexer.sources.sync import sync
from server.assemble import make_source
from server.commands.import_ import import_into_index
from server.importing.files import ImportOptions
from server.installation import Installation
from server.places import sources_path
from server.settings.config import Config

HERE = Path(__file__).parent
BUILT = Path(__file__).parents[2] / "build" / "examples"

Show = Callable[[Mapping[str, str]], str]
"""The fields of a form, as they were sent, to what the page shows of them (HTML)."""

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a2e }}
input[type=search] {{ font: inherit; width: 70%; padding: .5rem }} button {{ font: inherit; padding: .5rem 1rem }}
article {{ border-left: .3rem solid #2f5d8a; padding: .2rem 1rem; margin: 1.5rem 0; background: #f3f6fa }}
.from {{ color: #555; font-size: .9rem }} label {{ display: block; padding: .2rem 0 }}
</style><body><h1>{title}</h1>{body}</body></html>"""


def fresh(name: str) -> Path:
    """An empty folder for what an example builds."""
    folder = BUILT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def index(config: Config, pages: Path, name: str) -> None:
    """The pages of a folder as the source ``name``, and what the configured sources hold."""
    import_into_index(config, [pages], ImportOptions(name))
    with Installation(config, is_writing=True) as installation:
        memory = SourceMemory(sources_path(config))
        for source in config.sources:
            sync(
                make_source(source, config.data),
                installation.indexer(),
                memory,
                max_purge_share=config.crawl.max_purge_share,
            )
        memory.close()


def escaped(text: str) -> str:
    """Text as HTML, its lines kept."""
    return html.escape(text).replace("\n", "<br>")


def hidden(fields: Mapping[str, str]) -> str:
    """Fields that a form sends along."""
    return "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in fields.items()
    )


def ask_box(asked: str, along: Mapping[str, str] = MappingProxyType({})) -> str:
    """A form with one question; ``along`` is sent with it."""
    return (
        f'<form>{hidden(along)}<input type="search" name="q" aria-label="Question" value="{html.escape(asked)}"> '
        "<button>Ask</button></form>"
    )


def play(title: str, show: Show, port: int) -> None:
    """Serve the page until Ctrl-C; port 0 is any that is free. Prints where it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fields = dict(parse_qsl(urlsplit(self.path).query))
            found = urlsplit(self.path).path == "/"
            body = PAGE.format(title=escaped(title), body=show(fields) if found else "<p>There is nothing here.</p>")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """The example's own lines are enough."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        print(f"{title}: http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Ended")


def port_given(description: str) -> int:
    """The option --port of an example."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=8000, help="where the page is; 0 for any that is free")
    return int(parser.parse_args().port)
