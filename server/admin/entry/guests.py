"""Who may come into the admin area without an account here, because a provider says who they are."""

import json
from collections.abc import Mapping
from typing import Any

from server.admin.entry.database import AdminFile
from server.doors.token import groups_in
from server.errors import Forbidden
from server.settings.doors import OidcConfig

MAX_NAME_CHARS = 200


class Guests:
    """Those who signed in at the provider of ``config``. Raises StoreUnavailable."""

    def __init__(self, file: AdminFile, config: OidcConfig) -> None:
        self._file, self._config = file, config

    def admit(self, claims: Mapping[str, Any]) -> str:
        """The name of their session, which no account can have. Raises Forbidden for those who may not come in."""
        user, groups = self._user(claims), groups_in(claims, self._config.groups_claim)
        if not self._is_allowed(user, groups):
            raise Forbidden(
                f"{user} may not come into this area", "Whoever runs this server can name you in serve.oidc"
            )
        name = f"{user} (signed in elsewhere)"
        self._file.write("INSERT OR REPLACE INTO guest VALUES (?, ?, ?)", (name, user, json.dumps(groups)))
        return name

    def sweep(self) -> None:
        """Forget those whom the settings do not allow any more, and end their sessions."""
        for name, user, groups in self._file.select("SELECT name, user, groups FROM guest"):
            if not self._is_allowed(user, json.loads(groups)):
                self._file.write("DELETE FROM guest WHERE name = ?", (name,))
                self._file.write("DELETE FROM session WHERE name = ?", (name,))

    def _user(self, claims: Mapping[str, Any]) -> str:
        claim = self._config.name_claim
        user = claims.get(claim)
        if not isinstance(user, str) or not user.isprintable() or not 0 < len(user) <= MAX_NAME_CHARS:
            raise Forbidden(f"The provider says no {claim}", "Choose another serve.oidc.name_claim, such as sub")
        # At many providers people may write any address into their profile.
        if claim == "email" and claims.get("email_verified") is not True:
            raise Forbidden(
                f"The provider has not verified the address {user}", "Choose another serve.oidc.name_claim, such as sub"
            )
        return user

    def _is_allowed(self, user: str, groups: list[str] | tuple[str, ...]) -> bool:
        config = self._config
        return bool(config.issuer) and (user in config.users or not set(groups).isdisjoint(config.groups))
