"""Keeps a few processes that read documents, so that none of them can hurt the crawl."""

import json
import subprocess
import threading
from dataclasses import asdict
from typing import Any

from crawler.documents.draft import DocumentConfig
from crawler.documents.worker import serve
from crawler.outcome import Reason
from crawler.process import read_frame, start_process, write_frame

_BYTES_PER_CHARACTER = 12  # JSON escapes a character outside the basic plane as two of six bytes
_SPARE_REPLY_BYTES = 1 << 20


class DocumentPool:
    """Reads documents in up to ``config.processes`` processes at once; safe to call from many threads."""

    def __init__(self, config: DocumentConfig) -> None:
        self._config = config
        self._slots = threading.BoundedSemaphore(config.processes)
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._is_closed = False

    def read(self, kind: str, data: bytes) -> dict[str, Any]:
        """What ``worker.read_document`` says, or a reason ``timeout`` or ``crashed``."""
        with self._slots:
            worker = self._take()
            is_fresh = worker.is_fresh
            reply = self._read_with(worker, kind, data)
            if reply.get("reason") in (Reason.CRASHED, Reason.MEMORY) and not is_fresh:
                # It may be the earlier documents' doing.
                reply = self._read_with(_Worker(self._config), kind, data)
            return reply

    def _take(self) -> "_Worker":
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_reusable:
                    return worker
                worker.close()
        return _Worker(self._config)

    def _read_with(self, worker: "_Worker", kind: str, data: bytes) -> dict[str, Any]:
        reply = worker.read(kind, data)
        with self._lock:
            is_kept = worker.is_reusable and not self._is_closed
            if is_kept:
                self._idle.append(worker)
        if not is_kept:
            worker.close()
        return reply

    def close(self) -> None:
        """End the waiting processes; those at work end with their document."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()


class _Worker:
    """One process, used by one thread at a time."""

    def __init__(self, config: DocumentConfig) -> None:
        self._config = config
        self._left = config.documents_per_process
        self._process = start_process(
            serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, options=("-B", "-X", "utf8")
        )

    @property
    def is_fresh(self) -> bool:
        """Whether it has read no document yet."""
        return self._left == self._config.documents_per_process

    @property
    def is_reusable(self) -> bool:
        """Whether another document may be given to it."""
        return self._left > 0 and self._process.poll() is None

    def read(self, kind: str, data: bytes) -> dict[str, Any]:
        self._left -= 1
        settings = json.dumps({**asdict(self._config), "kind": kind}).encode()
        late = threading.Event()
        timer = threading.Timer(self._config.timeout_s, self._end, [late])
        timer.start()
        try:
            reply = self._exchange(settings, data)
        finally:
            timer.cancel()
            timer.join()
        if reply is not None:
            answer: dict[str, Any] = json.loads(reply)
            if answer.get("reason") == Reason.MEMORY or late.is_set():
                self._left = 0  # its memory may stay in pieces, or it was ended just after the reply
            return answer
        self._left = 0
        if late.is_set():
            return {
                "reason": Reason.TIMEOUT,
                "what": f"was not read within {self._config.timeout_s:g} s",
                "cure": "Raise timeout_s of documents",
            }
        return {
            "reason": Reason.CRASHED,
            "what": "needs more memory than allowed, or is built to crash its reader",
            "cure": "Raise max_memory_bytes of documents, or leave it out",
        }

    def _exchange(self, settings: bytes, data: bytes) -> bytes | None:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            write_frame(self._process.stdin, settings)
            write_frame(self._process.stdin, data)
        except BrokenPipeError:
            return None
        limit = _BYTES_PER_CHARACTER * self._config.max_text_chars + _SPARE_REPLY_BYTES
        return read_frame(self._process.stdout, limit)

    def _end(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def close(self) -> None:
        """End the process and take its pipes down."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # the rest of a request that nobody reads any more
