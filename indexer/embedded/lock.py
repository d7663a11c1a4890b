"""One writer at a time: a lock the operating system frees when its process ends, however it ends."""

import errno
import os
from pathlib import Path

from indexer.errors import StoreLocked, StoreRefused

LOCK_NAME = "write.lock"


class WriteLock:
    """Holds ``FOLDER/write.lock``; raises StoreLocked, naming the other process, where another writer holds it."""

    def __init__(self, folder: Path) -> None:
        import fcntl

        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = (folder / LOCK_NAME).open("a+")
        except OSError as error:
            raise StoreRefused(
                f"{folder} cannot be written ({error.strerror})", "Choose another folder or change its permissions"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise StoreRefused(f"{folder} cannot be locked ({error.strerror})", "Use a local disk") from error
            raise StoreLocked(
                f"Another process (pid {holder}) is writing to the index in {folder}",
                "Wait until it is done, or stop it",
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let others write; safe to call twice."""
        self._file.close()
