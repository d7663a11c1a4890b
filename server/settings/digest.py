"""A short name for a long text, the same in every process."""

import hashlib


def digest(text: str) -> str:
    """32 characters."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
