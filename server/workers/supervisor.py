"""Keeps worker processes at work on one socket, renews them with new settings, and ends them in order."""

import json
import logging
import multiprocessing
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum, auto
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from crawler.errors import RecollectError
from server.errors import ServerError
from server.settings.config import Config
from server.sharing.message import Message, Word
from server.sharing.shared import COUNTS, STANDING, TALLY
from server.sharing.tally import SharedTally
from server.workers.backoff import STEADY_S, backoff_s
from server.workers.control import Control, answer, refusal_of
from server.workers.serving import DRAIN_S, LEAVE_S, LINGER_S
from server.workers.worker import Work, work

log = logging.getLogger(__name__)
READY_S = 120.0
"""How long the workers of a new generation may take to load their models."""

END_S = DRAIN_S + 3.0
Tell = Callable[[tuple[str, str] | None], None]
"""Told when something is done, or why it is not."""


class State(Enum):
    """Of a worker."""

    STARTING = auto()
    READY = auto()
    LEAVING = auto()
    """Told to end; it may still be answering."""


@dataclass(slots=True, eq=False)
class Worker:
    """A worker process, as seen from here. After ``until_s`` it is killed."""

    process: BaseProcess
    channel: Connection
    slot: int
    generation: int
    began_s: float
    until_s: float = float("inf")
    state: State = State.STARTING


@dataclass(slots=True, eq=False)
class Renewal:
    """A generation that is to take over once all its workers are ready."""

    config: Config
    generation: int
    until_s: float
    tells: list[Tell] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Awaited:
    """What several workers were told; ``then`` is called once none is ``left`` that has neither done it nor ended."""

    left: set[Connection]
    then: Callable[[], None]


class Supervisor:
    """One server of several workers. ``settings`` reads them anew; raises RecollectError where they are wrong.

    ``on_renewed`` is told the settings that hold from now on.
    """

    def __init__(
        self,
        config: Config,
        config_file: Path | None,
        listening: socket.socket,
        settings: Callable[[], Config],
        on_renewed: Callable[[Config], None],
        *,
        is_verbose: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config, self._config_file, self._listening = config, config_file, listening
        self._settings, self._on_renewed = settings, on_renewed
        self._is_verbose = is_verbose
        self._clock = clock
        self._is_forking = _is_safe_to_fork()
        self._context: BaseContext = multiprocessing.get_context("fork" if self._is_forking else "spawn")
        self._folder = Path(tempfile.mkdtemp(prefix="recollect-"))
        self._workers: list[Worker] = []
        self._generation = 1
        self._renewal: Renewal | None = None
        self._wanted: list[Tell] = []
        self._awaited: list[Awaited] = []
        self._deaths = self._restarts = 0
        self._next_start_s = 0.0
        self._renewed_at = datetime.now(UTC)
        self._is_ending = False
        self._failure: tuple[str, str] | None = None

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises ServerError where the first workers cannot begin."""
        control = Control(self._config, self._folder)
        try:
            with _signals() as signals:
                self._begin(self._config, self._generation)
                while not self._is_ending or self._workers:
                    self._attend(signals, control)
                    self._tend()
        finally:
            control.close()
            for worker in self._workers:
                worker.process.kill()
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._failure is not None:
            raise ServerError(*self._failure)

    def _attend(self, signals: socket.socket, control: Control) -> None:
        """Wait until something happens, and see to it."""
        known = {worker.channel: worker for worker in self._workers}
        ended = {worker.process.sentinel: worker for worker in self._workers}
        for happened in wait([signals, control.socket, *known, *ended], self._patience_s()):
            if happened is signals:
                self._signalled(signals.recv(4096))
            elif happened is control.socket:
                if (caller := control.heard()) is not None:
                    self._want_reload(lambda refusal, caller=caller: answer(caller, refusal))  # type: ignore[misc]
            elif isinstance(happened, Connection):
                self._listen(known[happened])
            elif isinstance(happened, int):
                self._bury(ended[happened])

    def _patience_s(self) -> float | None:
        """How long nothing but a message needs to be seen to."""
        times = [worker.until_s for worker in self._workers]
        if self._renewal is not None:
            times.append(self._renewal.until_s)
        if self._is_short():
            times.append(self._next_start_s)
        first = min(times, default=float("inf"))
        return None if first == float("inf") else max(0.0, first - self._clock())

    def _tend(self) -> None:
        """What is due."""
        now = self._clock()
        for worker in self._workers:
            if now >= worker.until_s:
                log.warning("a worker did not end in time and is killed")
                worker.process.kill()
                worker.until_s = float("inf")
        if self._renewal is not None and now >= self._renewal.until_s:
            self._give_up(("The new workers did not get ready in time", "See the server's log"))
        if self._wanted and self._renewal is None and not self._is_ending:
            self._reload()
        if self._is_short() and now >= self._next_start_s:
            self._start(self._config, self._generation, is_first=False)
            self._restarts += 1
        self._write_standing()

    def _is_short(self) -> bool:
        """Whether a worker is missing that nobody has put an end to."""
        if self._is_ending:
            return False
        return len(self._serving()) < self._config.serve.workers

    def _serving(self) -> list[Worker]:
        return [one for one in self._workers if one.generation == self._generation and one.state is not State.LEAVING]

    def _begin(self, config: Config, generation: int) -> None:
        for _ in range(config.serve.workers):
            self._start(config, generation, is_first=generation == 1)

    def _start(self, config: Config, generation: int, *, is_first: bool) -> None:
        taken = {worker.slot for worker in self._workers}
        slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)
        ours, theirs = self._context.Pipe()
        given = Work(config, self._config_file, self._folder, slot, is_first, self._is_verbose)
        # What a fork has of ours would keep other workers from noticing that we are gone.
        inherited = (ours, *(worker.channel for worker in self._workers)) if self._is_forking else ()
        arguments = (given, self._listening, theirs, inherited)
        process: BaseProcess = self._context.Process(  # type: ignore[attr-defined]  # each context has its own
            target=work, args=arguments, name=f"worker-{slot}"
        )
        process.start()
        theirs.close()
        self._workers.append(Worker(process, ours, slot, generation, self._clock()))

    def _listen(self, worker: Worker) -> None:
        try:
            message: Message = worker.channel.recv()
        except (EOFError, OSError):
            # Its end is seen to when the process is gone.
            worker.channel.close()
            self._workers.remove(worker)
            worker.process.join()
            self._ended(worker)
            return
        match message.word:
            case Word.READY:
                worker.state = State.READY
                self._look_at_renewal()
            case Word.FAILED:
                self._failed(worker, message.content)
            case Word.RELOAD:
                self._want_reload(lambda refusal: _say(worker.channel, Message(Word.DONE, message.number, refusal)))
            case Word.STEER:
                self._steer(worker, message)
            case Word.DONE:
                self._done(worker.channel, message.number)
            case Word.LEAVE | Word.END:
                pass

    def _bury(self, worker: Worker) -> None:
        if worker not in self._workers:
            return
        # What it said last is heard first.
        while worker in self._workers and _has_more(worker.channel):
            self._listen(worker)
        if worker in self._workers:
            self._workers.remove(worker)
            worker.channel.close()
            worker.process.join()
            self._ended(worker)

    def _ended(self, worker: Worker) -> None:
        from prometheus_client.multiprocess import mark_process_dead

        tally = SharedTally(self._folder / TALLY, worker.slot)
        tally.clear()
        tally.close()
        mark_process_dead(worker.slot, str(self._folder / COUNTS))  # type: ignore[no-untyped-call]  # no types there
        for awaited in list(self._awaited):
            self._no_longer(awaited, worker.channel)
        if self._is_ending or worker.state is State.LEAVING:
            return
        was_ready = worker.state is State.READY
        if self._renewal is not None and worker.generation == self._renewal.generation:
            self._give_up((f"A new worker ended with status {worker.process.exitcode}", "See the server's log"))
        elif worker.generation == 1 and not was_ready and self._restarts == 0:
            self._failed(worker, (f"A worker ended with status {worker.process.exitcode}", "See above why"))
        else:
            lived_s = self._clock() - worker.began_s
            self._deaths = 1 if lived_s >= STEADY_S else self._deaths + 1
            pause_s = backoff_s(self._deaths)
            self._next_start_s = self._clock() + pause_s
            # One that was told to leave has ended in order.
            level = logging.ERROR if worker.process.exitcode else logging.INFO
            log.log(level, "a worker ended with status %s; another begins in %g s", worker.process.exitcode, pause_s)

    def _failed(self, worker: Worker, refusal: tuple[str, str]) -> None:
        if self._renewal is not None and worker.generation == self._renewal.generation:
            self._give_up(refusal)
        elif not self._is_ending and worker.generation == 1 and self._restarts == 0:
            self._failure = refusal
            self._end()
        else:
            log.error("a worker cannot work: %s. %s", *refusal)

    def _want_reload(self, tell: Tell) -> None:
        self._wanted.append(tell)

    def _reload(self) -> None:
        tells, self._wanted = self._wanted, []
        try:
            config = self._settings()
        except RecollectError as error:
            log.error("the settings are not taken: %s", error)
            for tell in tells:
                tell(refusal_of(error))
            return
        last = max(worker.generation for worker in self._workers) if self._workers else self._generation
        generation = max(self._generation, last) + 1
        self._renewal = Renewal(config, generation, self._clock() + READY_S, tells)
        self._begin(config, generation)

    def _look_at_renewal(self) -> None:
        renewal = self._renewal
        if renewal is None:
            return
        fresh = [worker for worker in self._workers if worker.generation == renewal.generation]
        if not all(worker.state is State.READY for worker in fresh):
            return
        self._renewal = None
        self._config, self._generation = renewal.config, renewal.generation
        self._renewed_at = datetime.now(UTC)
        self._deaths, self._next_start_s = 0, 0.0
        leaving = [
            worker
            for worker in self._workers
            if worker.generation != renewal.generation and worker.state is not State.LEAVING
        ]
        for worker in leaving:
            worker.state, worker.until_s = State.LEAVING, self._clock() + LINGER_S + LEAVE_S + END_S
        self._on_renewed(renewal.config)
        self._write_standing()

        def renewed() -> None:
            log.info("reloaded: %d workers", len(fresh))
            for tell in renewal.tells:
                tell(None)

        # Until the old ones take nobody in any more, one of them could answer who has heard that all is new.
        self._have_done(leaving, Word.LEAVE, None, renewed)

    def _give_up(self, refusal: tuple[str, str]) -> None:
        """The old workers go on."""
        renewal, self._renewal = self._renewal, None
        assert renewal is not None
        log.error("not reloaded: %s. %s", *refusal)
        for worker in self._workers:
            if worker.generation == renewal.generation:
                self._terminate(worker)
        for tell in renewal.tells:
            tell(refusal)

    def _steer(self, worker: Worker, message: Message) -> None:
        """Have all other workers follow these rules, and say so to the one that has them."""
        self._config = _steered(self._config, message.content)
        if self._renewal is not None:
            self._renewal.config = _steered(self._renewal.config, message.content)
        others = [one for one in self._workers if one is not worker and one.state is not State.LEAVING]
        done = Message(Word.DONE, message.number)
        self._have_done(others, Word.STEER, message.content, lambda: _say(worker.channel, done))

    def _have_done(self, workers: list[Worker], word: Word, content: Any, then: Callable[[], None]) -> None:
        """Tell these workers something, and call ``then`` once each has done it or is gone."""
        awaited = Awaited({worker.channel for worker in workers}, then)
        self._awaited.append(awaited)
        for channel in list(awaited.left):
            _say(channel, Message(word, id(awaited), content))
        self._settle(awaited)

    def _done(self, channel: Connection, number: int) -> None:
        for awaited in list(self._awaited):
            if id(awaited) == number:
                self._no_longer(awaited, channel)

    def _no_longer(self, awaited: Awaited, channel: Connection) -> None:
        """This one has done it, or is gone."""
        awaited.left.discard(channel)
        self._settle(awaited)

    def _settle(self, awaited: Awaited) -> None:
        if not awaited.left and awaited in self._awaited:
            self._awaited.remove(awaited)
            awaited.then()

    def _signalled(self, numbers: bytes) -> None:
        for number in numbers:
            if number == signal.SIGHUP:
                self._want_reload(lambda _: None)
            elif self._is_ending:
                for worker in self._workers:
                    worker.process.kill()
            else:
                self._end()

    def _end(self) -> None:
        self._is_ending = True
        for worker in self._workers:
            _say(worker.channel, Message(Word.END))
            self._terminate(worker)

    def _terminate(self, worker: Worker) -> None:
        worker.state, worker.until_s = State.LEAVING, self._clock() + END_S
        worker.process.terminate()

    def _write_standing(self) -> None:
        """For /health; whole or not at all."""
        serving = self._serving()
        standing: dict[str, Any] = {
            "wanted": self._config.serve.workers,
            "ready": sum(worker.state is State.READY for worker in serving),
            "leaving": sum(worker.state is State.LEAVING for worker in self._workers),
            "restarts": self._restarts,
            "reloaded": self._renewed_at.isoformat(timespec="seconds"),
        }
        fresh = self._folder / f"{STANDING}.new"
        fresh.write_text(json.dumps(standing), "utf-8")
        fresh.replace(self._folder / STANDING)


def _is_safe_to_fork() -> bool:
    """Forks share the pages of what is imported, but not the threads, on which a model that has run waits for ever."""
    return threading.active_count() == 1 and "openvino" not in sys.modules and "torch" not in sys.modules


def _steered(config: Config, rules: Any) -> Config:
    return replace(config, rank=replace(config.rank, steer=rules))


def _say(channel: Connection, message: Message) -> None:
    """A worker that is gone hears nothing, and its end is seen to elsewhere."""
    try:
        channel.send(message)
    except OSError:
        log.info("a worker was gone before it was told: %s", message.word)


def _has_more(channel: Connection) -> bool:
    try:
        return channel.poll()
    except OSError:
        return False


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """Signals as bytes that can be waited for, while the block runs."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: None) for number in numbers}
    fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield ours
    finally:
        signal.set_wakeup_fd(fd)
        for number, handler in before.items():
            signal.signal(number, handler)
        ours.close()
        theirs.close()
