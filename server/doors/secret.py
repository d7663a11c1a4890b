"""The text of an API key: ``rk_ID_SECRET``; pure functions, but for the system's randomness."""

import hashlib
import hmac
import re
import secrets

PREFIX = "rk_"
SECRET_BYTES = 32
"""256 random bits: nothing to guess, so that one round of SHA-256 keeps them as well as a slow hash would."""

_FORM = re.compile(r"rk_([a-z0-9]{12})_([A-Za-z0-9_-]{20,100})")
_NOBODY = hashlib.sha256(b"nobody").hexdigest()


def make_secret() -> tuple[str, str]:
    """A new (id, key); only ``hash_of`` the key is to be kept."""
    key_id = secrets.token_hex(6)
    return key_id, f"{PREFIX}{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"


def id_of(key: str) -> str | None:
    """The id in a key; None where the text is none of our keys."""
    match = _FORM.fullmatch(key)
    return match.group(1) if match else None


def hash_of(key: str) -> str:
    """SHA-256 in hex; what is no UTF-8 has a hash too."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def is_same(key: str, known_hash: str | None) -> bool:
    """Whether the key has this hash, in a time that tells nothing; an unknown key (None) takes as long."""
    return hmac.compare_digest(hash_of(key), known_hash or _NOBODY) and known_hash is not None
