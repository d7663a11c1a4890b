"""Under which names is this server known? A request for another name is refused, so that no answer repeats it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.api.problems import Problem
from server.settings.choices import ServeConfig

OWN_NAMES = ("localhost", "127.0.0.1", "::1")


def names_of(serve: ServeConfig) -> frozenset[str]:
    """The names a server is asked for, in lower case and without ports; ``*`` stands for all."""
    own_url = urlsplit(serve.url).hostname or ""
    hosts = (*OWN_NAMES, serve.host, own_url, *serve.hosts)
    return frozenset(name.strip("[]").lower() for name in hosts if name)


def host_in(header: str) -> str:
    """``Docs.Example.com:8000`` -> ``docs.example.com``; empty for what is no host."""
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


class KnownHosts:
    """Answers 421 (RFC 9110, 15.5.20) to requests for other names than these and the address they arrived at."""

    def __init__(self, app: ASGIApp, names: Sequence[str] | frozenset[str]) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and not self._is_known(scope):
            cure = "Whoever runs this server can name it in serve.hosts or serve.url"
            await Problem(421, "This server does not go by the name asked for", cure)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        host = host_in(Headers(scope=scope).get("host", ""))
        arrived_at = str((scope.get("server") or ("",))[0]).lower()
        return bool(host) and ("*" in self._names or host in self._names or host == arrived_at)
