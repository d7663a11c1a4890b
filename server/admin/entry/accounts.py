"""The accounts of the admin area."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from server.admin.entry.database import AdminFile
from server.admin.entry.passwords import check_password, hash_password, is_right
from server.errors import BadInput, TooMany

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
WINDOW_S = 15 * 60
MAX_FAILURES_OF_ADDRESS = 10
MAX_FAILURES_OF_NAME = 30
"""More than of an address, since whoever fails on purpose shuts out the one whose name it is."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may come into the admin area."""

    name: str
    created_at: datetime


class Accounts:
    """Accounts and their passwords; thread-safe, for all processes of one machine. Raises StoreUnavailable."""

    def __init__(self, file: AdminFile, now: Callable[[], float] = time.time) -> None:
        self._file, self._now = file, now

    def all(self) -> list[Account]:
        """All accounts by name."""
        rows = self._file.select("SELECT name, created_s FROM account ORDER BY name")
        return [Account(name, datetime.fromtimestamp(created_s, UTC)) for name, created_s in rows]

    def create(self, name: str, password: str) -> None:
        """Raises BadInput where the name is taken or none, or the password is too short."""
        if not _NAME.fullmatch(name):
            raise BadInput(f"{name!r} is no name of an account", "Use letters, digits, dots, dashes and underscores")
        check_password(password)
        kept = (name, hash_password(password), int(self._now()))
        if not self._file.write("INSERT OR IGNORE INTO account VALUES (?, ?, ?)", kept):
            raise BadInput(f"There is an account {name} already", f"Change it with: recollect admin password {name}")

    def change_password(self, name: str, password: str) -> None:
        """End its sessions, too. Raises BadInput."""
        check_password(password)
        if not self._file.write("UPDATE account SET hash = ? WHERE name = ?", (hash_password(password), name)):
            raise _no_account(name)
        self._file.write("DELETE FROM session WHERE name = ?", (name,))

    def remove(self, name: str) -> None:
        """End its sessions, too. Raises BadInput."""
        if not self._file.write("DELETE FROM account WHERE name = ?", (name,)):
            raise _no_account(name)
        self._file.write("DELETE FROM session WHERE name = ?", (name,))

    def is_known(self, name: str, password: str, address: str) -> bool:
        """Whether these belong together; an unknown name takes as long. Raises TooMany after too many failures."""
        self._check_rate(name, address)
        found = self._file.select("SELECT hash FROM account WHERE name = ?", (name,))
        if is_right(password, found[0][0] if found else None):
            return True
        self._file.write("INSERT INTO attempt VALUES (?, ?, ?)", (int(self._now()), name[:100], address))
        return False

    def _check_rate(self, name: str, address: str) -> None:
        since = int(self._now()) - WINDOW_S
        counted = "SELECT COUNT(*), MIN(at_s) FROM attempt WHERE at_s > ? AND"
        for column, value, most in (
            ("address", address, MAX_FAILURES_OF_ADDRESS),
            ("name", name[:100], MAX_FAILURES_OF_NAME),
        ):
            rows = self._file.select(f"{counted} {column} = ?", (since, value))  # our own names
            if rows and rows[0][0] >= most:
                raise TooMany(rows[0][1] + WINDOW_S - self._now())
        if self._file.select("SELECT 1 FROM attempt WHERE at_s <= ? LIMIT 1", (since,)):
            self._file.write("DELETE FROM attempt WHERE at_s <= ?", (since,))


def _no_account(name: str) -> BadInput:
    return BadInput(f"There is no account {name}", "List them with: recollect admin list")
