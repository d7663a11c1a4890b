"""What benchmarks.built_docs builds and waits for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.built_docs import QUERIES, copied, states, wait_until_indexed

TEXT = """Open files
==========

.. index::
   pair: file; open
   single: path

Text.
"""


def sources(folder: Path, *names: str) -> Path:
    for name in names:
        place = folder / f"{name}.rst.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(TEXT, "utf-8")
    return folder


def test_pages_are_copied_without_the_entries_of_the_printed_index(tmp_path: Path) -> None:
    found = sources(tmp_path / "in", "library/os", "library/sub/re", "tutorial/first")
    assert copied(found, "library", tmp_path / "out") == 3
    assert (tmp_path / "out" / "library" / "os.rst").read_text() == "Open files\n==========\n\n\nText.\n"
    assert (tmp_path / "out" / "library" / "sub" / "re.rst").exists()
    assert "toctree" in (tmp_path / "out" / "index.rst").read_text()
    assert not (tmp_path / "out" / "tutorial").exists()


def test_of_too_many_pages_those_that_are_asked_for_are_built(tmp_path: Path) -> None:
    wanted = next(iter(QUERIES.values()))[0].removesuffix(".html")
    found = sources(tmp_path / "in", "library/aaa", "library/aab", wanted)
    copied(found, "", tmp_path / "out", 2)
    assert (tmp_path / "out" / f"{wanted}.rst").exists()
    assert (tmp_path / "out" / "library" / "aaa.rst").exists()
    assert not (tmp_path / "out" / "library" / "aab.rst").exists()


def test_no_sources_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no"):
        copied(tmp_path, "library", tmp_path / "out")


@contextmanager
def listing(*rounds: dict[str, list[str]]) -> Iterator[str]:
    """A server that tells of pushed documents by pages, in each round other ones; the last one again and again."""
    left = list(rounds)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            after = parse_qs(urlsplit(self.path).query, keep_blank_values=True)["after"][0]
            pages = left[0]
            names = list(pages)
            place = names.index(after) + 1 if after else 0
            following = names[place] if place < len(names) - 1 else None
            if following is None and len(left) > 1:
                left.pop(0)
            body = json.dumps({"documents": [{"state": one} for one in pages[names[place]]], "next": following})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_all_pages_of_the_list_are_read_until_nothing_waits() -> None:
    waits = {"a": ["indexed", "failed"], "b": ["waiting"], "c": ["waiting", "indexed"]}
    done = {"a": ["indexed", "failed"], "b": ["indexed"]}
    with listing(waits, done) as server:
        assert wait_until_indexed(server, "key", within_s=3_600, pause_s=0) == 0
        assert states(server, "key") == ["indexed", "failed", "indexed"]


def test_what_takes_too_long_is_counted() -> None:
    with listing({"a": ["waiting", "indexed", "waiting"]}) as server:
        assert wait_until_indexed(server, "key", within_s=0) == 2
