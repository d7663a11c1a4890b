"""The documentation of Python 3.11 built with Sphinx, our box in place of its search: pushed, and searched in Chromium.

    python -m benchmarks.built_docs --sources FOLDER [--part library] [--json]

FOLDER holds the reStructuredText of Debian's package python3.11-doc (``/usr/share/doc/python3.11/html/_sources``).
Each query is typed into the box on the first page, and the page that its first result opens is compared with the one
that documents the thing. Times are from the last key to the first result, the box's own delay of 120 ms included.
"""

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from server.assemble import key_file
from server.doors.scope import Scope
from server.settings.config import Config

SETTINGS = """project = "Python"
extensions = ["server.builders.sphinx"]
html_theme = "alabaster"
html_baseurl = %(site)r
exclude_patterns = []
master_doc = "index"
recollect_server, recollect_key, recollect_push_key = %(server)r, %(key)r, %(push)r
"""
FIRST = """Python
======

.. toctree::
   :glob:

   **
"""
QUERIES = {
    "parse command line options": ("library/argparse.html", "library/getopt.html", "library/optparse.html"),
    "open a zip archive": ("library/zipfile.html",),
    "asyncio gather": ("library/asyncio-task.html",),
    "json dumps indent": ("library/json.html",),
    "temporary directory": ("library/tempfile.html",),
    "deque maxlen": ("library/collections.html",),
    "regular expression lookahead": ("library/re.html",),
    "read a csv file": ("library/csv.html",),
    "frozen dataclass": ("library/dataclasses.html",),
    "lru_cache": ("library/functools.html",),
    "send an email": ("library/smtplib.html", "library/email.examples.html", "library/email.html"),
    "walk a directory tree": ("library/os.html", "library/pathlib.html", "library/os.path.html"),
}
"""What is typed, and the pages that document it."""

INDEX = re.compile(r"^( *)\.\. index::.*\n(?:\1 +.*\n| *\n(?=\1 +\S))*", re.MULTILINE)
"""Entries of the printed index, some of kinds that Sphinx has given up."""

LISTEN = """document.addEventListener("recollect-results", ({ detail: { query } }) => {
window.told = { query, at: performance.now() }; })"""
TOLD = "(query) => window.told?.query === query"
PATIENCE_MS = 60_000
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def main() -> None:
    """Build, push, search, print."""
    parser = argparse.ArgumentParser(description="Build Python's documentation with our box, and search it.")
    parser.add_argument("--sources", type=Path, required=True, help="folder of *.rst.txt files")
    parser.add_argument("--part", default="library", help="folder below it to build; empty for all")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = measure(given.sources, given.part, Path(folder))
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        print(f"{found['pages']} pages built in {found['build_s']:.0f} s, searched after {found['push_s']:.0f} s more")
        for query, opened in found["opened"].items():
            print(f"{'  ' if opened in QUERIES[query] else 'x '}{query:32} {opened}")
        print(f"{found['right']} of {len(QUERIES)} right, half within {found['p50_ms']:.0f} ms")


def measure(sources: Path, part: str, folder: Path) -> dict[str, Any]:
    """All figures of one run."""
    docs, out, data = folder / "docs", folder / "site", folder / "index"
    pages = copied(sources, part, docs)
    out.mkdir()
    with files_of(out) as site, serving(data) as server:
        keys = key_file(Config(data=data))
        _, key = keys.create("box", [Scope.SEARCH, Scope.ANSWER], origins=[site])
        _, push = keys.create("build", [Scope.PUSH], sources=["docs"])
        (docs / "conf.py").write_text(SETTINGS % {"site": site, "server": server, "key": key, "push": push}, "utf-8")
        begun = time.perf_counter()
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(folder / "trees"), str(docs), str(out)]
        # Python's own directives are not there, which Sphinx says of every page that has one.
        ran = subprocess.run(command, check=False, capture_output=True, text=True)
        if ran.returncode:
            sys.exit(f"Sphinx fails: {ran.stderr[-2000:]}")
        built = time.perf_counter()
        wait_until_indexed(server, push)
        pushed = time.perf_counter()
        opened, times_ms = searched(site)
    right = sum(page in QUERIES[query] for query, page in opened.items())
    figures = {"pages": pages, "build_s": built - begun, "push_s": pushed - built, "p50_ms": median(times_ms)}
    return figures | {"right": right, "opened": opened}


def copied(sources: Path, part: str, docs: Path) -> int:
    """The sources under the names that Sphinx reads, with a first page; how many pages there are."""
    texts = sorted((sources / part).rglob("*.rst.txt"))
    if not texts:
        sys.exit(f"{sources / part} holds no *.rst.txt: apt-get install python3.11-doc")
    for text in texts:
        place = docs / text.relative_to(sources).with_suffix("")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(INDEX.sub("", text.read_text("utf-8")), "utf-8")
    (docs / "index.rst").write_text(FIRST, "utf-8")
    return sum(1 for _ in docs.rglob("*.rst"))


@contextlib.contextmanager
def files_of(folder: Path) -> Iterator[str]:
    """A web server of these files; its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextlib.contextmanager
def serving(data: Path) -> Iterator[str]:
    """``recollect serve`` over an index that is made by what is pushed; its address."""
    command = [str(Path(sys.executable).with_name("recollect")), "serve", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[-1].rstrip("/")
        finally:
            server.terminate()


def wait_until_indexed(server: str, push: str) -> None:
    """Until nothing of what was pushed waits any more."""
    import httpx

    after, headers = "", {"X-API-Key": push}
    while True:
        asked = {"source": "docs", "after": after}
        answer = httpx.get(f"{server}/api/v1/documents", params=asked, headers=headers, timeout=PATIENCE_MS / 1000)
        listed = answer.raise_for_status().json()
        if any(one["state"] == "waiting" for one in listed["documents"]):
            time.sleep(1)
        elif not listed["next"]:
            return
        else:
            after = listed["next"]


def searched(site: str) -> tuple[dict[str, str], list[float]]:
    """The page that each query's first result opens, and how long it took to come."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("Chromium is missing: apt-get install chromium")
    opened, times_ms = {}, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        for query in QUERIES:
            page.goto(f"{site}/index.html")
            page.get_by_role("button", name="Search", exact=False).first.click()
            box = page.get_by_role("combobox")
            page.evaluate(LISTEN)
            box.fill(query[:-1])
            page.wait_for_function(TOLD, arg=query[:-1])
            begun = page.evaluate("performance.now()")
            box.press("End")
            box.press_sequentially(query[-1])
            page.wait_for_function(TOLD, arg=query)
            times_ms.append(page.evaluate("window.told.at") - begun)
            opened[query] = ""
            if page.get_by_role("option").count():
                page.keyboard.press("ArrowDown")
                page.keyboard.press("Enter")
                page.wait_for_url(lambda url: not url.startswith(f"{site}/index.html"))
                opened[query] = page.url.removeprefix(f"{site}/").partition("#")[0]
        browser.close()
    return opened, times_ms


if __name__ == "__main__":
    main()
