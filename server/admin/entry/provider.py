"""An OpenID provider says who somebody is: authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1)."""

import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from crawler.errors import MissingExtra
from indexer.errors import StoreUnavailable
from server.admin.entry.ways import Way
from server.doors.token import KEEP_S, TIMEOUT_S, TokenReader
from server.errors import NotAllowed
from server.settings.doors import OidcConfig, TokensConfig, is_safe_address

DESCRIPTION = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
AGAIN = "Sign in again, or ask whoever runs this server"


class Provider:
    """The provider of ``config``; thread-safe. What it says of itself is kept for a while."""

    def __init__(self, config: OidcConfig) -> None:
        try:
            import jwt  # noqa: F401
        except ImportError as error:
            raise MissingExtra("Signing in elsewhere", "tokens") from error
        self._config = config
        self._lock = threading.Lock()
        self._described: dict[str, str] = {}
        self._asked_at = float("-inf")
        self._reader: TokenReader | None = None

    @property
    def host(self) -> str:
        """What people know it by."""
        return urlsplit(self._config.issuer).hostname or ""

    def address(self, way: Way, back: str) -> str:
        """Where the browser goes to sign in; it comes back to ``back``. Raises StoreUnavailable."""
        endpoint = self._description()["authorization_endpoint"]
        asked = {
            "response_type": "code",
            "client_id": self._config.client_id,
            "redirect_uri": back,
            "scope": " ".join(self._config.scopes),
            "state": way.state,
            "nonce": way.nonce,
            "code_challenge": way.challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def claims(self, code: str, way: Way, back: str) -> Mapping[str, Any]:
        """What the provider says of who signed in. Raises NotAllowed, StoreUnavailable."""
        described = self._description()
        claims = self._tokens(described["jwks_uri"]).claims(self._token(described["token_endpoint"], code, way, back))
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        # Core 3.1.3.7: a token that is for others, too, must have been asked for by us.
        if claims.get("azp", self._config.client_id if len(parties) == 1 else None) != self._config.client_id:
            raise NotAllowed("The provider's token was made for another service", AGAIN)
        if claims.get("nonce") != way.nonce:
            raise NotAllowed("The provider's token was made for another visit", AGAIN)
        return claims

    def _token(self, endpoint: str, code: str, way: Way, back: str) -> str:
        import httpx

        config = self._config
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": config.client_id,
            "code_verifier": way.verifier,
        }
        # RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
        auth = (quote_plus(config.client_id), quote_plus(config.client_secret)) if config.client_secret else None
        try:
            answer = httpx.post(endpoint, data=sent, auth=auth, timeout=TIMEOUT_S)
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise StoreUnavailable(f"The provider {self.host} does not answer: {type(error).__name__}") from error
        if not answer.is_success or not isinstance(said, dict) or not isinstance(said.get("id_token"), str):
            raise NotAllowed("The provider does not say who signed in", AGAIN)
        return str(said["id_token"])

    def _tokens(self, jwks: str) -> TokenReader:
        with self._lock:
            if self._reader is None:
                config = TokensConfig(jwks, self._config.client_id, self._config.issuer)
                self._reader = TokenReader(config)
            return self._reader

    def _description(self) -> dict[str, str]:
        with self._lock:
            if time.monotonic() - self._asked_at > KEEP_S:
                described = self._described_now()
                if described != self._described:
                    self._described, self._reader = described, None
                self._asked_at = time.monotonic()
            return self._described

    def _described_now(self) -> dict[str, str]:
        import httpx

        issuer = self._config.issuer
        try:
            answer = httpx.get(issuer.rstrip("/") + DESCRIPTION, timeout=TIMEOUT_S)
            answer.raise_for_status()
            said = answer.json()
            if not isinstance(said, dict) or said.get("issuer") != issuer:
                raise ValueError("it describes another issuer")
            found = {name: str(said.get(name, "")) for name in ENDPOINTS}
            if unsafe := [name for name, url in found.items() if not is_safe_address(url)]:
                raise ValueError(f"its {unsafe[0]} is not reached by https")
        except (httpx.HTTPError, ValueError) as error:
            raise StoreUnavailable(f"The provider {issuer} cannot be asked: {error}") from error
        return found
