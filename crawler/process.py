"""Processes of this program's own that read what strangers wrote: how one is started, and how it is spoken to.

Frames are a length (8 bytes, big endian) and that many bytes.
"""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO

LENGTH = struct.Struct(">Q")

_ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""No secrets of this process, and no thread pools: their stacks would use up the memory that a reader may take."""


def start_process(
    serve: Callable[[], None],
    *,
    stdin: int,
    stdout: int,
    options: Sequence[str] = (),
    has_own_session: bool = False,
) -> subprocess.Popen[bytes]:
    """A process that runs ``serve``, a function of a module; ``options`` are the interpreter's.

    With ``has_own_session`` it hears no Ctrl-C: the caller ends it.
    """
    name, module = serve.__name__, serve.__module__
    code = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import {name}; {name}()"
    return subprocess.Popen(  # noqa: S603  this interpreter and our own words
        [sys.executable, *options, "-c", code, json.dumps(sys.path)],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        start_new_session=has_own_session,
    )


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write one frame, and see it off."""
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes], limit: int | None = None) -> bytes | None:
    """The next frame; None at the end of the stream or for a frame that is cut short or above ``limit`` bytes."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if limit is not None and length > limit:
        return None
    data = stream.read(length)
    return data if len(data) == length else None
