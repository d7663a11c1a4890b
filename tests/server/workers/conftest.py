"""A server of several workers, run as a person runs it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from crawler.page import Section
from indexer.document import Document, Head
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.config import load
from tests.support.until import until

RECOLLECT = Path(sys.executable).with_name("recollect")
SETTINGS = """\
encoder: {kind: hashing}
scorer: {kind: none}
serve:
  workers: 2
  title: Birds
"""
TIMEOUT_S = 120


@dataclass
class Served:
    """A running server; ``folder`` holds its config file and its index."""

    process: subprocess.Popen[str]
    url: str
    folder: Path
    headers: dict[str, str]
    """A key that may do anything."""

    @property
    def file(self) -> Path:
        return self.folder / "recollect.yml"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=TIMEOUT_S, headers=self.headers, **options)

    def post(self, path: str) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", timeout=TIMEOUT_S, headers=self.headers)

    def workers(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("health").json().get("workers", {})
        return found

    def is_whole(self) -> bool:
        workers = self.workers()
        return bool(workers) and workers["ok"] and not workers["leaving"]

    def pids(self) -> set[int]:
        """Of the workers."""
        return {child.pid for child in psutil.Process(self.process.pid).children()}

    def recollect(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command: list[str | Path] = [RECOLLECT, *arguments, "--config", self.file]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)


def indexed(folder: Path) -> dict[str, str]:
    """A small index, a config file, and the header with a key that may do anything."""
    (folder / "recollect.yml").write_text(SETTINGS, "utf-8")
    with Installation(load(folder / "recollect.yml", environ={}), is_writing=True) as installation:
        head = Head("1", "https://birds.example/tern", "Terns", "birds.example")
        installation.sink().index([Document(head, (Section("", ("The arctic tern flies far each year.",)),))])
        _, key = key_file(installation.config).create("all", tuple(Scope))
    return {"X-API-Key": key}


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """``recollect serve`` over a small index, all its workers at work."""
    headers = indexed(folder)
    command: list[str | Path] = [RECOLLECT, "serve", "--port", "0", "--config", folder / "recollect.yml"]
    with (
        (folder / "log").open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, (folder / "log").read_text()
            served = Served(process, line.split()[-1], folder, headers)
            until(served.is_whole)
            yield served
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that tests leave as they found it."""
    with serving(tmp_path_factory.mktemp("workers")) as found:
        yield found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A server for one test."""
    with serving(tmp_path) as found:
        yield found
