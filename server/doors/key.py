"""An API key as it is kept: everything but the key itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from server.doors.scope import Scope
from server.errors import BadInput


@dataclass(frozen=True, slots=True)
class Key:
    """``origins`` make a key public: it stands in the source of web pages, so it works from those alone and shows
    nothing restricted. ``groups``, ``sites`` and ``sources`` are those of ``Asker``. Times are UTC.
    """

    key_id: str
    hash: str
    name: str
    scopes: tuple[Scope, ...]
    groups: tuple[str, ...]
    sites: tuple[str, ...]
    origins: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    sources: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether it is meant to be read by everybody."""
        return bool(self.origins)

    def is_usable(self, now: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def check_key(scopes: Iterable[Scope], groups: Iterable[str], origins: Iterable[str]) -> None:
    """Raise BadInput for a public key that would give away what is not public."""
    if not origins:
        return
    if secret := [scope for scope in scopes if not scope.is_for_visitors]:
        raise BadInput(
            f"A key for web pages may not have scope {secret[0]}: everybody can read it", "Leave --origin out"
        )
    if groups:
        raise BadInput(
            "A key for web pages may not have groups: everybody can read it", "Leave --group or --origin out"
        )


def normal_origin(text: str) -> str:
    """``HTTPS://Docs.Example.com/`` -> ``https://docs.example.com``. Raises BadInput for what is no origin."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    scheme = parts.scheme.lower() if host else ""
    if scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query or "@" in parts.netloc:
        raise BadInput(f"origin {text!r} is none", "Write it as https://www.example.com")
    host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" if port in (None, usual) else f"{scheme}://{host}:{port}"
