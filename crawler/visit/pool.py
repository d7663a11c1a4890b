"""Reads the pages of a large crawl on all cores: reading HTML is most of what a crawl computes."""

import asyncio
import logging
import os
import pickle
import socket
import sys
import time
from collections import deque
from dataclasses import fields, replace
from types import TracebackType
from typing import NamedTuple, Self

from crawler.extract.any import extract_any
from crawler.extract.config import ExtractConfig
from crawler.extract.extract import Extracted
from crawler.frontier.minhash import sketch
from crawler.process import LENGTH, read_frame, start_process, write_frame

logger = logging.getLogger(__name__)

ALONE_S = 0.5
"""Seconds of reading after which other processes help. What ends sooner is read in the crawl's own process: starting
others takes about as long."""

PAGES_AHEAD = 3
"""Pages that a process holds, so that it never waits for the crawl, which is busy with links when an answer comes."""

_MAX_FRAME_BYTES = 1 << 30
_BUFFER_BYTES = 1 << 20


class Body(NamedTuple):
    """What ``extract_any`` takes, but for the settings."""

    body: bytes
    content_type: str
    url: str
    charset: str | None
    robots_header: str


class ExtractPool:
    """Up to ``config.extract_processes`` processes (by default one for each core); lives in the crawl's event loop.

    A process that ends on a page costs no more than that: the pages it held are read in the crawl's own process, as all
    of them are with less than two processes.
    """

    def __init__(self, config: ExtractConfig) -> None:
        self._config = config
        wanted = config.extract_processes
        self._processes = len(os.sched_getaffinity(0)) if wanted is None else wanted
        self._slots = asyncio.Semaphore(max(1, self._processes) * PAGES_AHEAD)
        self._workers: list[_Worker] = []
        self._read_s = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for worker in self._workers:
            await worker.end()

    async def read(self, body: Body) -> Extracted:
        """The content of a page."""
        if self._processes < 2 or self._read_s < ALONE_S:
            started_s = time.perf_counter()
            found = extract_any(**body._asdict(), config=self._config)
            self._read_s += time.perf_counter() - started_s
            return found
        async with self._slots:
            worker = await self._least_busy()
            answer = await worker.ask(body)
        return answer or extract_any(**body._asdict(), config=self._config)

    async def _least_busy(self) -> "_Worker":
        ended = [worker for worker in self._workers if worker.has_ended]
        # All at once, before any wait: another page may stand here meanwhile.
        self._workers = [worker for worker in self._workers if not worker.has_ended]
        for worker in ended:
            await worker.end()
        least_busy = min(self._workers, key=lambda one: one.pages, default=None)
        if least_busy is None or (least_busy.pages and len(self._workers) < self._processes):
            least_busy = _Worker(self._config)
            self._workers.append(least_busy)
        return least_busy


class _Worker:
    """One process and the pages it holds; it answers in the order in which it was asked."""

    def __init__(self, config: ExtractConfig) -> None:
        self.has_ended = False
        self._asked: deque[asyncio.Future[Extracted | None]] = deque()
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = start_process(serve, stdin=theirs.fileno(), stdout=theirs.fileno(), has_own_session=True)
        # Only what reading needs: no account and no proxy leave this process.
        own = {setting.name: getattr(config, setting.name) for setting in fields(ExtractConfig)}
        self._unsent = [pickle.dumps(ExtractConfig(**own))]
        self._writer: asyncio.StreamWriter | None = None
        self._answers = asyncio.create_task(self._take_answers())

    @property
    def pages(self) -> int:
        """How many it has not answered yet."""
        return len(self._asked)

    async def ask(self, body: Body) -> Extracted | None:
        """The content of a page, or None where the process ended."""
        if self.has_ended:
            return None
        answer: asyncio.Future[Extracted | None] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self._unsent.append(pickle.dumps(body))
        self._send()
        return await answer

    def _send(self) -> None:
        if self._writer is not None and not self.has_ended:
            for data in self._unsent:
                self._writer.write(LENGTH.pack(len(data)))
                self._writer.write(data)
            self._unsent.clear()

    async def _take_answers(self) -> None:
        try:
            reader, self._writer = await asyncio.open_connection(sock=self._socket, limit=_BUFFER_BYTES)
            self._send()
            while True:
                (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
                found: Extracted = pickle.loads(await reader.readexactly(length))  # noqa: S301
                answer = self._asked.popleft()
                if not answer.done():  # the page may have been cancelled meanwhile
                    answer.set_result(found)
        except (asyncio.IncompleteReadError, OSError):
            logger.debug("A process that reads pages has ended")
        finally:
            self.has_ended = True
            while self._asked:
                answer = self._asked.popleft()
                if not answer.done():
                    answer.set_result(None)

    async def end(self) -> None:
        """End the process; what it held is answered with None."""
        self._process.kill()
        self._process.wait()
        self._answers.cancel()
        try:
            await asyncio.gather(self._answers, return_exceptions=True)
        finally:
            if self._writer is not None:
                self._writer.transport.abort()
            self._socket.close()


def serve() -> None:
    """Answer on standard output what is asked on standard input, until that ends."""
    settings = read_frame(sys.stdin.buffer, _MAX_FRAME_BYTES)
    config: ExtractConfig = pickle.loads(settings or b"")  # noqa: S301
    while (request := read_frame(sys.stdin.buffer, _MAX_FRAME_BYTES)) is not None:
        body: Body = pickle.loads(request)  # noqa: S301
        write_frame(sys.stdout.buffer, pickle.dumps(_read(body, config)))


def _read(body: Body, config: ExtractConfig) -> Extracted:
    """The content with its sketch, which is costly too."""
    found = extract_any(**body._asdict(), config=config)
    if not config.near_duplicates:
        return found
    return replace(found, sketch=sketch(found.text))
