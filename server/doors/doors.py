"""Who comes in, as whom, and how often: from the headers of a request to an ``Asker``."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from server.doors.address import caller_of, is_loopback, is_within
from server.doors.asker import Asker
from server.doors.key import Key, normal_origin
from server.doors.keys import KeyFile
from server.doors.known import KnownKeys
from server.doors.limits import Limiter
from server.doors.scope import LOCAL, VISITOR, Scope
from server.doors.secret import hash_of, id_of, is_same
from server.doors.token import TokenReader, is_token
from server.errors import BadInput, ConfigError, Forbidden, NotAllowed, TooMany
from server.settings.choices import ServeConfig

PER_MINUTE = 600
ANSWERS_PER_MINUTE = 60
CONFIGURED_SCOPES = VISITOR | {Scope.MODELS}
"""What the keys in ``serve.api_keys`` may."""


class Doors:
    """The doors of one server; thread-safe. ``tokens`` None where none are taken."""

    def __init__(self, config: ServeConfig, keys: KeyFile, limiter: Limiter, tokens: TokenReader | None = None) -> None:
        self._config = config
        self._file, self._keys = keys, KnownKeys(keys)
        self._limiter = limiter
        self._tokens = tokens
        self._proxies = config.proxy.networks()
        # Hashed at once, so that comparing them takes the same time whatever was sent.
        self._configured = {hash_of(key): groups for key, groups in config.api_keys.items()}
        self._is_local = is_loopback(config.host)

    def check_open(self) -> None:
        """Raise ConfigError where the server would listen to others, and nobody has said who may come in."""
        has_keys = bool(self._configured) or any(key.is_usable(datetime.now(UTC)) for key in self._file.all())
        if self._is_local or self._config.public or has_keys or self._tokens:
            return
        cure = "Make a key with: recollect key create, or let everybody search and ask with serve.public: true"
        raise ConfigError(f"{self._config.host} is open to other machines, and there is no key", cure)

    def asker(self, headers: Mapping[str, str], peer: str, *, is_lenient: bool = False) -> Asker:
        """Who asks. Raises NotAllowed for a key or token that is not valid, Forbidden for a key of another origin.

        ``headers`` are in lower case; ``peer`` is the address at the other end of the connection. ``is_lenient``: what
        is none of our keys counts as none, since clients of other services always send one.
        """
        address = caller_of(peer, headers, self._proxies)
        bearer, sent = _bearer(headers), headers.get("x-api-key", "").strip()
        token = bearer if self._tokens and is_token(bearer) else ""
        sent = sent or ("" if token else bearer)
        try:
            asker = self._by_key(sent, headers, address, is_lenient=is_lenient)
            groups = (*self._groups_of_token(token), *self._groups_of_proxy(peer, headers))
        except (NotAllowed, Forbidden):
            # Whoever tries keys is counted, too.
            self._take(f"refused {address}", self._per_minute)
            raise
        if token and not asker.is_known:
            asker = replace(asker, scopes=VISITOR, is_known=True)
        if token or groups:
            asker = replace(asker, groups=tuple(dict.fromkeys((*(asker.groups or ()), *groups))))
        return asker

    def admit(self, asker: Asker, scope: Scope) -> None:
        """Count a request. Raises NotAllowed, Forbidden, or TooMany where the caller comes too often."""
        asker.check(scope)
        self._take(asker.payer, self._per_minute)
        if scope is Scope.ANSWER:
            self._take(f"answer {asker.payer}", self._answers_per_minute)

    def is_known_origin(self, origin: str) -> bool:
        """Whether pages of this origin may read our answers."""
        if origin in self._config.cors_origins:
            return True
        return self._keys.is_origin_of_one(origin, datetime.now(UTC))

    def close(self) -> None:
        """Close the file of keys; safe to call twice."""
        self._keys.close()

    def _by_key(self, sent: str, headers: Mapping[str, str], address: str, *, is_lenient: bool) -> Asker:
        if sent:
            configured = self._configured.get(hash_of(sent))
            if configured is not None:
                name = f"configured {hash_of(sent)[:12]}"
                return Asker(CONFIGURED_SCOPES, configured, payer=name, key_id=name, is_known=True)
            key_id = id_of(sent)
            if key_id is not None:
                return _asker_of(self._valid(sent, key_id), headers, address)
            if not is_lenient:
                raise NotAllowed("The API key is unknown", "Check the key, or ask the server's owner for one")
        return Asker(self._open_scopes(), payer=address)

    def _valid(self, sent: str, key_id: str) -> Key:
        key = self._keys.get(key_id)
        is_right = is_same(sent, key.hash if key else None)
        if key is None or not is_right or key.revoked_at is not None:
            raise NotAllowed("The API key is unknown", "Check the key, or ask the server's owner for one")
        if not key.is_usable(datetime.now(UTC)):
            raise NotAllowed("The API key has expired", "Ask the server's owner for a new one")
        return key

    def _open_scopes(self) -> frozenset[Scope]:
        """What is open to those without a key."""
        if self._config.require_api_key:
            return frozenset()
        if self._config.public:
            return VISITOR
        if not self._is_local:
            return frozenset()
        return VISITOR if self._configured or not self._keys.is_empty() else LOCAL

    def _groups_of_token(self, token: str) -> tuple[str, ...]:
        return self._tokens.groups(token) if token and self._tokens else ()

    def _groups_of_proxy(self, peer: str, headers: Mapping[str, str]) -> tuple[str, ...]:
        name = self._config.proxy.groups_header.lower()
        if not name or not is_within(peer, self._proxies):
            return ()
        return tuple(group for part in headers.get(name, "").split(",") if (group := part.strip()))

    @property
    def _per_minute(self) -> int:
        given = self._config.limits.per_minute
        return given if given is not None else 0 if self._is_local else PER_MINUTE

    @property
    def _answers_per_minute(self) -> int:
        given = self._config.limits.answers_per_minute
        return given if given is not None else 0 if self._is_local else ANSWERS_PER_MINUTE

    def _take(self, name: str, per_minute: int) -> None:
        if per_minute and (wait_s := self._limiter.take(name, per_minute)):
            raise TooMany(wait_s)


def _asker_of(key: Key, headers: Mapping[str, str], address: str) -> Asker:
    if key.is_public and _origin_of(headers) not in key.origins:
        raise Forbidden("This API key is for pages of another address", f"It works on {', '.join(key.origins)}")
    # A public key is used by every visitor, so each of them is counted.
    payer = f"{key.key_id} {address}" if key.is_public else key.key_id
    return Asker(frozenset(key.scopes), key.groups, key.sites, payer, key.key_id, is_known=True, sources=key.sources)


def _origin_of(headers: Mapping[str, str]) -> str:
    """The page's origin; browsers leave ``Origin`` out where a page asks its own server, and name the page itself."""
    given = headers.get("origin") or headers.get("referer", "")
    scheme, _, rest = given.partition("://")
    try:
        return normal_origin(f"{scheme}://{rest.partition('/')[0]}")
    except BadInput:
        return ""


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
