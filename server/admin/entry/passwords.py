"""Passwords, kept as argon2id hashes (RFC 9106)."""

import secrets
import threading
from functools import cache
from typing import TYPE_CHECKING

from server.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_CHARS, MAX_CHARS = 12, 1_000
_ONE_AT_A_TIME = threading.Lock()
"""A hash takes 64 MiB; many who try at once must not fill the memory."""


def check_password(password: str) -> None:
    """Raise BadInput for one that is too short to withstand guessing, or absurdly long."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise BadInput(f"The password has {len(password)} characters", f"Choose one of {MIN_CHARS} or more")


def hash_password(password: str) -> str:
    """With the library's recommended costs, which stand in the hash itself."""
    with _ONE_AT_A_TIME:
        return _hasher().hash(password)


def is_right(password: str, known_hash: str | None) -> bool:
    """Whether it is the password; where there is no account (None) the same work is done for nothing."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _ONE_AT_A_TIME:
        try:
            _hasher().verify(known_hash or _nobody(), password[:MAX_CHARS])
        except (InvalidHashError, VerificationError):
            return False
    return known_hash is not None


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())
