"""Where a graph is kept: one folder for each version of it, of which one is the present.

A reader keeps the version it opened; a sync that was killed leaves the present one as it was.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Store

_PRESENT, _STORE, _ABOUT = "present", "store", "about.json"


@dataclass(frozen=True, slots=True)
class Version:
    """``mark`` tells it from others; ``bad`` (file -> why) could not be read wholly when it was made."""

    mark: str
    bad: dict[str, str]


class KeptGraph:
    """The versions of one graph in a folder; only those who sync it write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def version(self) -> Version | None:
        """The present version; None before the first."""
        name = self._present()
        if name is None:
            return None
        return Version(**json.loads((self._folder / name / _ABOUT).read_text("utf-8")))

    def open(self) -> "Store | None":
        """The present version to read; None before the first."""
        from pyoxigraph import Store

        name = self._present()
        return None if name is None else Store.read_only(str(self._folder / name / _STORE))

    def replace(self, make: Callable[["Store"], Version]) -> Version:
        """Fill an empty store with a new version and make it the present one; what it raises leaves the old one."""
        from pyoxigraph import Store

        self._folder.mkdir(parents=True, exist_ok=True)
        self._clear(keep=self._present())
        name = f"v{max(self._numbers(), default=0) + 1}"
        place = self._folder / name
        place.mkdir()
        store = Store(str(place / _STORE))
        version = make(store)
        store.flush()
        del store
        (place / _ABOUT).write_text(json.dumps(asdict(version)), "utf-8")
        fresh = self._folder / f"{_PRESENT}.new"
        fresh.write_text(name, "utf-8")
        fresh.replace(self._folder / _PRESENT)
        return version

    def _present(self) -> str | None:
        with suppress(FileNotFoundError):
            return (self._folder / _PRESENT).read_text("utf-8")
        return None

    def _numbers(self) -> Iterator[int]:
        return (int(path.name[1:]) for path in self._folder.glob("v*") if path.name[1:].isdecimal())

    def _clear(self, keep: str | None) -> None:
        """Remove versions but the present one, which readers may have open, and the one before it goes next time."""
        for number in list(self._numbers()):
            if f"v{number}" != keep:
                shutil.rmtree(self._folder / f"v{number}", ignore_errors=True)
