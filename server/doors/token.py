"""Signed tokens (JWT, RFC 7519) as a source of access groups."""

import json
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.errors import MissingExtra
from indexer.errors import StoreUnavailable
from server.errors import NotAllowed
from server.settings.doors import TokensConfig

LEEWAY_S = 30
"""How far the clocks of the signer and of this machine may be apart."""

KEEP_S = 300.0
"""How long the signer's keys are used before they are asked for again, so that one that is withdrawn ends soon."""

RETRY_S = 30.0
"""Tokens of unknown keys make us ask the signer no oftener than this."""

TIMEOUT_S = 5.0


def is_token(text: str) -> bool:
    """Whether it has the form of a signed token: three parts with dots between them (RFC 7515, 7.1)."""
    return text.count(".") == 2 and text.startswith("eyJ")


class TokenReader:
    """Reads tokens by the public keys of one signer; thread-safe."""

    def __init__(self, config: TokensConfig) -> None:
        try:
            import jwt
        except ImportError as error:
            raise MissingExtra("Signed tokens", "tokens") from error
        self._jwt = jwt
        self._config = config
        self._lock = threading.Lock()
        self._keys: dict[str, Any] = {}
        self._asked_at = float("-inf")

    def groups(self, token: str) -> tuple[str, ...]:
        """The groups of a valid token. Raises as ``claims``."""
        return groups_in(self.claims(token), self._config.groups_claim)

    def claims(self, token: str) -> Mapping[str, Any]:
        """What a valid token says. Raises NotAllowed; StoreUnavailable where the signer's keys cannot be had."""
        config = self._config
        try:
            header = self._jwt.get_unverified_header(token)
            claims: dict[str, Any] = self._jwt.decode(
                token,
                self._key(str(header.get("kid", ""))),
                algorithms=list(config.algorithms),
                audience=config.audience,
                issuer=config.issuer or None,
                leeway=LEEWAY_S,
                options={"require": ["exp", "aud"]},
            )
        except self._jwt.PyJWTError as error:
            raise NotAllowed(
                f"The token is not accepted: {error}", "Sign in again, or ask the server's owner"
            ) from error
        return claims

    def _key(self, kid: str) -> Any:
        with self._lock:
            age = time.monotonic() - self._asked_at
            if age > KEEP_S or (kid not in self._keys and age > RETRY_S):
                self._keys = self._read()
                self._asked_at = time.monotonic()
            if kid in self._keys:
                return self._keys[kid]
            # A signer with one key need not name it.
            if not kid and len(self._keys) == 1:
                return next(iter(self._keys.values()))
        raise NotAllowed("The token is signed with an unknown key", "Sign in again, or ask the server's owner")

    def _read(self) -> dict[str, Any]:
        try:
            found = self._jwt.PyJWKSet.from_dict(self._document())
        except (OSError, ValueError, self._jwt.PyJWTError) as error:
            raise StoreUnavailable(f"The keys of {self._config.jwks} cannot be had: {error}") from error
        return {str(key.key_id or ""): key for key in found.keys if key.public_key_use in (None, "sig")}

    def _document(self) -> dict[str, Any]:
        place = self._config.jwks
        if not place.startswith(("http://", "https://")):
            document = json.loads(Path(place).read_text("utf-8"))
        else:
            import httpx

            try:
                answer = httpx.get(place, timeout=TIMEOUT_S)
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise OSError(str(error)) from error
            document = answer.json()
        if not isinstance(document, dict):
            raise ValueError("not a JWK set")
        return document


def groups_in(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The texts at a dotted path (``realm_access.roles``): a list, or one; empty where there are none."""
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,)
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()
