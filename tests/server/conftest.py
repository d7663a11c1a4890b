"""One index of tests/site for all tests of the server, a way to run commands, and a client of the HTTP side."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ranker.config import RerankConfig
from server.app import create_app
from server.cli import main
from server.commands.crawl import crawl_into_index
from server.installation import Installation
from server.settings.config import Config, variable_of
from tests.support.site import SITE_FOLDER, Site

UNHURRIED = RerankConfig(budget_ms=60_000.0)
"""The default budget would let a slow machine read fewer passages, from one search to the next."""


@dataclass(frozen=True)
class Indexed:
    """A finished crawl: where the index is, where the site was, and what the crawl reported."""

    data: Path
    url: str
    report: dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)


Recollect = Callable[..., Ran]


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """tests/site, crawled over HTTP and indexed with the bundled encoder."""
    site = Site(SITE_FOLDER)
    data = tmp_path_factory.mktemp("server") / "index"
    try:
        report = crawl_into_index(Config(data=data), [site.at("/")])
    finally:
        site.close()
    return Indexed(data, site.url, report)


@pytest.fixture
def recollect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Recollect]:
    """Run ``recollect ARGUMENTS...`` in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)
    # Settings of whoever runs the tests must not reach the commands: RECOLLECT_DATA_DIR would be written to.
    for name in [
        name for name in os.environ if name.startswith("RECOLLECT_") and not name.startswith("RECOLLECT_TEST_")
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(variable_of("rerank.budget_ms"), str(UNHURRIED.budget_ms))
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["recollect", *map(str, arguments)])
        status = 0
        capsys.readouterr()
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def installation(indexed: Indexed) -> Iterator[Installation]:
    """The index opened for reading."""
    with Installation(Config(data=indexed.data, rerank=UNHURRIED)) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(installation: Installation) -> Iterator[TestClient]:
    """The application over the index."""
    with TestClient(create_app(installation), raise_server_exceptions=False) as opened:
        yield opened
