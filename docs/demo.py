"""``make demo``: this project's documentation, served, crawled, searched and asked, all on this machine.

With ``--once`` it ends by itself, its exit status telling success. Everything it writes stands under build/demo.
"""

import argparse
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from build import build

FOLDER = Path(__file__).parents[1] / "build" / "demo"
SITE, INDEX = FOLDER / "site", FOLDER / "index"
WORDS = "elasticsearch alias"
QUESTION = "Can I search while a crawl is running?"
PORT = 8000


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_: object) -> None:
        """The demo's own lines are enough."""


def main(*, is_once: bool) -> None:
    """Every step in the order a person would take it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    pages = build(SITE)
    with serve_site() as site:
        url = f"http://127.0.0.1:{site.server_address[1]}/"
        say(f"the documentation, {len(pages)} pages, is served on {url}")
        recollect("crawl", url)
        recollect("search", WORDS, "--size", "3")
        recollect("ask", QUESTION)
        with subprocess.Popen(
            command("serve", "--port", str(0 if is_once else PORT)), stdout=subprocess.PIPE
        ) as server:
            try:
                watch(server, url, is_once=is_once)
            finally:
                server.terminate()
        site.shutdown()


def serve_site() -> ThreadingHTTPServer:
    """The built documentation on a free port of this machine, in a thread."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def command(*arguments: str) -> list[str]:
    """The installed ``recollect`` on the demo's own index."""
    return [str(Path(sys.executable).with_name("recollect")), *arguments, "--data", str(INDEX)]


def recollect(*arguments: str) -> None:
    """Run one command as a person would; the demo ends where it fails."""
    say("recollect " + " ".join(f"'{word}'" if " " in word else word for word in arguments))
    subprocess.run(command(*arguments), check=True)


def watch(server: "subprocess.Popen[bytes]", site: str, *, is_once: bool) -> None:
    """Show where the search page is, and the documentation with the search box in it.

    Check both once, or leave them running until Ctrl-C.
    """
    assert server.stdout is not None
    line = server.stdout.readline().decode().strip()
    if not line:
        sys.exit(f"the search page did not start (exit status {server.wait()})")
    url = line.split()[-1]
    check(f"{url}?q={quote(WORDS)}", b"<mark>", "the search page shows no result")
    say(f"the search page is on {url}")
    arguments = ["snippet", "--origin", site.rstrip("/"), "--server", url]
    box = subprocess.run(command(*arguments), check=True, stdout=subprocess.PIPE, text=True).stdout
    build(SITE, box)
    check(site, b"<recollect-search", "the documentation has no search box")
    say(f"the documentation with the search box is on {site}")
    if not is_once:
        say("Ctrl-C ends the demo")
        server.wait()


def check(url: str, wanted: bytes, problem: str) -> None:
    """End the demo where the page is not as it should be."""
    with urlopen(url, timeout=30) as response:
        if wanted not in response.read():
            sys.exit(problem)


def say(text: str) -> None:
    """One line of the demo's own."""
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Crawl, search and ask this project's own documentation.")
    arguments.add_argument("--once", action="store_true", help="end after checking the search page once")
    try:
        main(is_once=arguments.parse_args().once)
    except subprocess.CalledProcessError as error:
        sys.exit(f"the demo ends: {' '.join(error.cmd[:2])} failed with exit status {error.returncode}")
    except KeyboardInterrupt:
        sys.exit(0)
