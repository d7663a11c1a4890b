"""Reads the pages of a large crawl on all cores: reading HTML is most of what a crawl computes."""

import asyncio
import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from types import TracebackType
from typing import NamedTuple, Self

from crawler.config import CrawlConfig
from crawler.documents_worker import read_frame, write_frame
from crawler.extract import Extracted
from crawler.extract_any import extract_any

PAGES_ALONE = 100
"""A site that ends sooner is read in the crawl's own process: starting others takes longer than that."""

_MAX_FRAME_BYTES = 1 << 30
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from crawler.extract_pool import serve; serve()"
_ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""No secrets of this process, and no thread pools."""


class Body(NamedTuple):
    """What ``extract_any`` takes, but for the settings."""

    body: bytes
    content_type: str
    url: str
    charset: str | None
    robots_header: str


class ExtractPool:
    """Up to ``config.extract_processes`` processes (by default one for each core); lives in the crawl's event loop.

    A process that ends on a page costs no more than that: the page is read in the crawl's own process, as all of them
    are with less than two processes.
    """

    def __init__(self, config: CrawlConfig) -> None:
        self._config = config
        wanted = config.extract_processes
        self._processes = len(os.sched_getaffinity(0)) if wanted is None else wanted
        self._slots = asyncio.Semaphore(max(1, self._processes))
        self._idle: list[subprocess.Popen[bytes]] = []
        self._pages = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._idle:
            _end(process)

    async def read(self, body: Body) -> Extracted:
        """The content of a page."""
        self._pages += 1
        if self._processes < 2 or self._pages <= PAGES_ALONE:
            return extract_any(**body._asdict(), config=self._config)
        async with self._slots:
            found = await self._ask(body)
        return found or extract_any(**body._asdict(), config=self._config)

    async def _ask(self, body: Body) -> Extracted | None:
        process = self._idle.pop() if self._idle else self._start()
        found = None
        try:
            found = await asyncio.to_thread(_exchange, process, body)
        finally:
            # Cancelled, the exchange is not over: what comes next would answer another question.
            if found is None:
                _end(process)
            else:
                self._idle.append(process)
        return found

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-c", _START, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for the crawl, which ends them
        )
        assert process.stdin is not None
        # Reading needs no account and no proxy.
        write_frame(process.stdin, pickle.dumps(replace(self._config, authentication=(), proxy="")))
        return process


def serve() -> None:
    """Answer on standard output what is asked on standard input, until that ends."""
    settings = read_frame(sys.stdin.buffer, _MAX_FRAME_BYTES)
    config: CrawlConfig = pickle.loads(settings or b"")  # noqa: S301
    while (request := read_frame(sys.stdin.buffer, _MAX_FRAME_BYTES)) is not None:
        body: Body = pickle.loads(request)  # noqa: S301
        write_frame(sys.stdout.buffer, pickle.dumps(extract_any(**body._asdict(), config=config)))


def _exchange(process: subprocess.Popen[bytes], body: Body) -> Extracted | None:
    """The answer, or None where the process ended."""
    assert process.stdin is not None and process.stdout is not None
    try:
        write_frame(process.stdin, pickle.dumps(body))
        reply = read_frame(process.stdout, _MAX_FRAME_BYTES)
    except (BrokenPipeError, ValueError):
        return None
    found: Extracted | None = pickle.loads(reply) if reply is not None else None  # noqa: S301
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                continue  # the rest of a request that nobody reads any more
