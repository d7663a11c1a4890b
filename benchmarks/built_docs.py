"""The documentation of Python 3.11 built with Sphinx, our box in place of its search: pushed, and searched in Chromium.

    python -m benchmarks.built_docs --sources FOLDER [--part library] [--pages 60] [--json]

FOLDER holds the reStructuredText of Debian's package python3.11-doc (``/usr/share/doc/python3.11/html/_sources``).
With ``--pages`` only so many of them are built, those that the queries ask for among them. What is not indexed within
``--within-s`` is not waited for; the figures say how much that is.
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
LISTED = 1_000
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
    parser.add_argument("--pages", type=int, default=0, help="how many pages to build; 0 for all")
    parser.add_argument("--within-s", type=float, default=600.0, help="how long to wait until all is indexed")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = measure(given.sources, given.part, Path(folder), given.pages, given.within_s)
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        print(f"{found['pages']} pages built in {found['build_s']:.0f} s, searched after {found['push_s']:.0f} s more")
        if found["waiting"]:
            print(f"{found['waiting']} of them are not indexed yet")
        for query, opened in found["opened"].items():
            print(f"{'  ' if opened in QUERIES[query] else 'x '}{query:32} {opened}")
        print(f"{found['right']} of {len(QUERIES)} right, half within {found['p50_ms']:.0f} ms")


def measure(sources: Path, part: str, folder: Path, most: int, within_s: float) -> dict[str, Any]:
    """All figures of one run, with no more than ``most`` pages (0 for all)."""
    docs, out, data = folder / "docs", folder / "site", folder / "index"
    pages = copied(sources, part, docs, most)
    say(f"{pages} pages are built")
    out.mkdir()
    with files_of(out) as site, serving(data) as server:
        keys = key_file(Config(data=data))
        _, key = keys.create("box", [Scope.SEARCH, Scope.ANSWER], origins=[site])
        _, push = keys.create("build", [Scope.PUSH], sources=["docs"])
        (docs / "conf.py").write_text(SETTINGS % {"site": site, "server": server, "key": key, "push": push}, "utf-8")
        begun = time.perf_counter()
        command = [sys.executable, "-m", "sphinx", "-q", "-j", "auto", "-b", "html", "-d", str(folder / "trees")]
        # Python's own directives are not there, which Sphinx says of every page that has one.
        ran = subprocess.run([*command, str(docs), str(out)], check=False, capture_output=True, text=True)
        if ran.returncode:
            sys.exit(f"Sphinx fails: {ran.stderr[-2000:]}")
        built = time.perf_counter()
        say(f"built and pushed in {built - begun:.0f} s, being indexed")
        waiting = wait_until_indexed(server, push, within_s)
        pushed = time.perf_counter()
        say(f"{waiting} wait after {pushed - built:.0f} s, being searched")
        opened, times_ms = searched(site)
    right = sum(page in QUERIES[query] for query, page in opened.items())
    figures = {"pages": pages, "build_s": built - begun, "push_s": pushed - built, "waiting": waiting}
    return figures | {"p50_ms": median(times_ms), "right": right, "opened": opened}


def say(line: str) -> None:
    """How far it is; standard output is for the figures."""
    print(line, file=sys.stderr, flush=True)


def copied(sources: Path, part: str, docs: Path, most: int = 0) -> int:
    """The sources under the names that Sphinx reads, with a first page; how many pages there are.

    Of more than ``most`` (unless that is 0) those that document what is asked for come first.
    """
    texts = sorted((sources / part).rglob("*.rst.txt"))
    if not texts:
        sys.exit(f"{sources / part} holds no *.rst.txt: apt-get install python3.11-doc")
    wanted = {page.removesuffix(".html") for pages in QUERIES.values() for page in pages}
    if most:
        texts.sort(key=lambda text: text.relative_to(sources).as_posix().removesuffix(".rst.txt") not in wanted)
        texts = texts[:most]
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


def wait_until_indexed(server: str, push: str, within_s: float, pause_s: float = 1.0) -> int:
    """Until nothing of what was pushed waits any more, or for so long; how many documents do wait."""
    ends = time.monotonic() + within_s
    while (waiting := states(server, push).count("waiting")) and time.monotonic() < ends:
        time.sleep(pause_s)
    return waiting


def states(server: str, push: str) -> list[str]:
    """What has become of each document that was pushed."""
    import httpx

    found: list[str] = []
    after, headers = "", {"X-API-Key": push}
    while True:
        asked: dict[str, str | int] = {"source": "docs", "after": after, "size": LISTED}
        answer = httpx.get(f"{server}/api/v1/documents", params=asked, headers=headers, timeout=PATIENCE_MS / 1000)
        listed = answer.raise_for_status().json()
        found += [one["state"] for one in listed["documents"]]
        if not listed["next"]:
            return found
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
