"""Who is signed in: sessions by a random token, of which only the hash is kept."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.admin.entry.database import AdminFile

IDLE_S = 3_600
LONGEST_S = 12 * 3_600
NOTE_EVERY_S = 60
"""How exactly it is known when a session was last used; noting each request would write all the time."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. ``token`` stands in every form, so that no other site can send one (CSRF)."""

    name: str
    token: str

    def sent(self, token: str) -> bool:
        """Whether a form has this session's token."""
        return hmac.compare_digest(self.token.encode(), token.encode("utf-8", "replace"))


class Sessions:
    """Sessions of all processes of one machine. Raises StoreUnavailable."""

    def __init__(self, file: AdminFile, now: Callable[[], float] = time.time) -> None:
        self._file, self._now = file, now

    def begin(self, name: str) -> str:
        """A new session's secret, which its cookie carries; those that are over are forgotten."""
        secret, now = secrets.token_urlsafe(32), int(self._now())
        self._file.write("DELETE FROM session WHERE seen_s < ? OR begun_s < ?", (now - IDLE_S, now - LONGEST_S))
        kept = (_hash(secret), name, secrets.token_urlsafe(32), now, now)
        self._file.write("INSERT INTO session VALUES (?, ?, ?, ?, ?)", kept)
        return secret

    def find(self, secret: str) -> Session | None:
        """The session, which goes on by being used; None where it is over, or none."""
        if not secret:
            return None
        rows = self._file.select(
            "SELECT name, token, begun_s, seen_s FROM session WHERE hash = ? AND name IN"
            " (SELECT name FROM account UNION ALL SELECT name FROM guest)",
            (_hash(secret),),
        )
        now = int(self._now())
        if not rows or now - rows[0][3] > IDLE_S or now - rows[0][2] > LONGEST_S:
            return None
        name, token, _, seen_s = rows[0]
        if now - seen_s >= NOTE_EVERY_S:
            self._file.write("UPDATE session SET seen_s = ? WHERE hash = ?", (now, _hash(secret)))
        return Session(name, token)

    def end(self, secret: str) -> None:
        """Sign out."""
        self._file.write("DELETE FROM session WHERE hash = ?", (_hash(secret),))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
