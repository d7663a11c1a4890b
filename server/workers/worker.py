"""What a worker process does: serves one installation until it is told to end."""

import os
import signal
import socket
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from crawler.errors import RecollectError
from server.installation import Installation
from server.settings.config import Config, share_counts
from server.sharing.message import Word
from server.sharing.shared import COUNTS, Shared
from server.terminal.console import log_to_stderr, note
from server.watching.metrics import count_together
from server.workers.channel import Channel
from server.workers.serving import Listening, WorkerServer


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker is given. ``is_first``: nobody else serves yet, so it takes callers in while models load."""

    config: Config
    config_file: Path | None
    folder: Path
    slot: int
    is_first: bool
    is_verbose: bool


def work(given: Work, listening: socket.socket, connection: Connection, inherited: tuple[Connection, ...] = ()) -> None:
    """Serve until SIGTERM, until told to leave, or until the supervisor ends, whose ``inherited`` ends are closed."""
    signal.set_wakeup_fd(-1)
    for ours in inherited:
        ours.close()
    # Until the server runs, nothing is under way that would have to be ended in order.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    log_to_stderr(is_verbose=given.is_verbose, is_json=given.config.serve.logs == "json")
    (given.folder / COUNTS).mkdir(exist_ok=True)
    share_counts(given.folder / COUNTS)
    count_together(given.slot)
    life = _Life()

    def ask(word: Word, content: object) -> tuple[str, str] | None:
        return channel.ask(word, content)

    shared = Shared(given.folder, given.slot, ask)
    with Installation(given.config, config_file=given.config_file, shared=shared) as installation:
        channel = Channel(
            connection,
            {Word.STEER: installation.follow, Word.LEAVE: life.leave, Word.END: life.end},
            life.abandoned,
        )
        try:
            from server.app import create_app

            server = life.server = WorkerServer(create_app(installation))
        except RecollectError as error:
            channel.tell(Word.FAILED, (error.what, error.cure))
            return
        if given.is_first:
            threading.Thread(target=_warm, args=(installation, channel), daemon=True).start()
        else:
            _warm(installation, channel)
        server.run(sockets=[Listening(fileno=listening.detach())])


class _Life:
    """Of a worker; until its server is made there is nothing to end in order."""

    server: WorkerServer | None = None

    def leave(self, _: object) -> None:
        """Others have taken over; returns once nobody is taken in any more."""
        if self.server is None:
            os._exit(1)
        self.server.leave()
        self.server.is_closed.wait()

    def end(self, _: object) -> None:
        """All workers end."""
        if self.server is None:
            os._exit(1)
        self.server.end()

    def abandoned(self) -> None:
        """The supervisor is gone."""
        self.end(None)


def _warm(installation: Installation, channel: Channel) -> None:
    """Load the model before the first asker needs it; /health tells what is wrong, if something is."""
    try:
        installation.encoder().encode_queries(["warm"])
        installation.store().count()
        # What was pushed while no server ran, or was left behind by one, is taken in.
        installation.pushes()
    except RecollectError as error:
        note(f"not ready: {error}")
    channel.tell(Word.READY)
