"""How ``recollect reload`` finds the servers of an installation, and what it says to them."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crawler.errors import RecollectError
from server.errors import BadInput, NotReloaded
from server.places import serving_folder
from server.settings.config import Config
from server.workers.channel import ANSWER_S

SOCKET = "control"
RELOAD = b"reload\n"
HEAR_S = 5.0
"""How long a caller may take to say what it wants."""


class Control:
    """The supervisor's end: a socket in its own folder, and a file in the data folder that tells where that is."""

    def __init__(self, config: Config, folder: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(str(folder / SOCKET))
        self.socket.listen()
        self._note = serving_folder(config) / str(os.getpid())
        self._note.parent.mkdir(parents=True, exist_ok=True)
        self._note.write_text(str(folder / SOCKET), "utf-8")

    def heard(self) -> socket.socket | None:
        """Somebody who wants a reload, and waits for ``answer``; None for whoever says something else."""
        caller, _ = self.socket.accept()
        caller.settimeout(HEAR_S)
        with suppress(OSError):
            if caller.recv(len(RELOAD)) == RELOAD:
                return caller
        caller.close()
        return None

    def close(self) -> None:
        """Nobody finds this server any more."""
        self._note.unlink(missing_ok=True)
        self.socket.close()


def answer(caller: socket.socket, refusal: tuple[str, str] | None) -> None:
    """Tell a caller what came of its wish: None, or why it was not done and how to mend that."""
    with suppress(OSError), caller:
        caller.sendall(json.dumps(refusal).encode() + b"\n")


def reload(config: Config) -> int:
    """Have every server of this installation reload; returns how many there are.

    Raises BadInput where there is none, and NotReloaded where one refuses; it then goes on as before.
    """
    count = 0
    for server in _servers(config):
        with server:
            refusal = _told(server)
        count += 1
        if refusal is not None:
            raise NotReloaded(*refusal)
    if not count:
        raise BadInput(f"No server of {config.data} is at work on this machine", "Start one with: recollect serve")
    return count


def _servers(config: Config) -> Iterator[socket.socket]:
    """Connections to servers at work; the notes of those that were killed are taken away."""
    folder = serving_folder(config)
    for note in sorted(folder.iterdir()) if folder.is_dir() else ():
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.settimeout(ANSWER_S)
        try:
            server.connect(note.read_text("utf-8"))
        except (FileNotFoundError, ConnectionRefusedError):
            note.unlink(missing_ok=True)
            server.close()
        else:
            yield server


def _told(server: socket.socket) -> tuple[str, str] | None:
    try:
        server.sendall(RELOAD)
        line = server.makefile("rb").readline()
    except OSError as error:
        raise NotReloaded(f"The server does not answer: {error}", "See its log") from error
    if not line:
        raise NotReloaded("The server ended meanwhile", "See its log")
    found = json.loads(line)
    return (found[0], found[1]) if found else None


def refusal_of(error: RecollectError) -> tuple[str, str]:
    """As it is told."""
    return error.what, error.cure
