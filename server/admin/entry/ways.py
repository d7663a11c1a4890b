"""Who is on the way to a provider, to sign in there: what must fit together when they come back (RFC 6749, 10.12)."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.admin.entry.database import AdminFile

LONGEST_S = 600
MOST = 1_000
"""Anybody may begin, so the oldest give way."""


@dataclass(frozen=True, slots=True)
class Way:
    """``state`` goes with the browser's address and comes back; ``browser`` stays in its cookie, so that nobody else
    can bring it back. ``nonce`` must stand in the token, and only who knows ``verifier`` gets one (RFC 7636).
    ``next_path`` is the page that was wanted.
    """

    state: str
    browser: str
    nonce: str
    verifier: str
    next_path: str

    @property
    def challenge(self) -> str:
        """What the provider is told of ``verifier`` beforehand (RFC 7636, 4.2)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Ways:
    """All that have begun and not ended, for all processes of one machine. Raises StoreUnavailable."""

    def __init__(self, file: AdminFile, now: Callable[[], float] = time.time) -> None:
        self._file, self._now = file, now

    def begin(self, next_path: str) -> Way:
        """A new one."""
        state, browser, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(4))
        way = Way(state, browser, nonce, verifier, next_path)
        now = int(self._now())
        self._file.write(
            "DELETE FROM way WHERE begun_s < ? OR state NOT IN (SELECT state FROM way ORDER BY begun_s DESC LIMIT ?)",
            (now - LONGEST_S, MOST - 1),
        )
        kept = (_hash(way.state), _hash(way.browser), way.nonce, way.verifier, next_path, now)
        self._file.write("INSERT INTO way VALUES (?, ?, ?, ?, ?, ?)", kept)
        return way

    def end(self, state: str, browser: str) -> Way | None:
        """The one that this browser began, once; None where there is none, or it took too long."""
        rows = self._file.take(
            "DELETE FROM way WHERE state = ? AND browser = ? RETURNING nonce, verifier, next, begun_s",
            (_hash(state), _hash(browser)),
        )
        if not rows or self._now() - rows[0][3] > LONGEST_S:
            return None
        nonce, verifier, next_path, _ = rows[0]
        return Way(state, browser, nonce, verifier, next_path)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
