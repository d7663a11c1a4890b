"""Who asks? Access groups come from the configured API keys alone, never from a parameter."""

import hmac
from collections.abc import Mapping

from server.errors import NotAllowed
from server.settings.choices import ServeConfig


def groups_of(headers: Mapping[str, str], config: ServeConfig) -> tuple[str, ...] | None:
    """The asker's groups by ``Authorization: Bearer KEY`` or ``X-API-Key: KEY``; None where no key is given.

    Raises NotAllowed for an unknown key, and for no key where ``require_api_key`` is set.
    """
    key = _key_of(headers)
    if key is None:
        if config.require_api_key:
            raise NotAllowed("This server asks for an API key", "Send it as: Authorization: Bearer KEY")
        return None
    groups: tuple[str, ...] | None = None
    for known, its_groups in config.api_keys.items():
        # All keys are compared, each in constant time, so that timing tells nothing about them.
        if hmac.compare_digest(known.encode(), key.encode()):
            groups = its_groups
    if groups is None:
        raise NotAllowed("The API key is unknown", "Check the key, or ask whoever runs this server for one")
    return groups


def _key_of(headers: Mapping[str, str]) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key") or None
