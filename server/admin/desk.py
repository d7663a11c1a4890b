"""What the pages of the admin area work with."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request

from server.admin.entry.accounts import Accounts
from server.admin.entry.audit import Audit
from server.admin.entry.database import AdminFile
from server.admin.entry.guests import Guests
from server.admin.entry.provider import Provider
from server.admin.entry.sessions import Sessions
from server.admin.entry.ways import Ways
from server.api.backend import Backend
from server.assemble import key_file
from server.doors.keys import KeyFile
from server.places import admin_path
from server.querylog.file import QueryFile
from server.settings.config import Config


@dataclass(frozen=True, slots=True)
class Desk:
    """Made once for an application. ``saving`` is held while the config file is read, changed and written.

    ``provider`` is where people sign in who have no account here; None for nowhere.
    """

    backend: Backend
    accounts: Accounts
    sessions: Sessions
    audit: Audit
    keys: KeyFile
    guests: Guests
    ways: Ways
    provider: Provider | None = None
    saving: threading.Lock = field(default_factory=threading.Lock)

    @property
    def queries(self) -> QueryFile:
        """What was asked so far."""
        return self.backend.query_log().file

    @property
    def config_file(self) -> Path | None:
        """The file that the settings are from; None where there is none."""
        return self.backend.config_file


def admin_file(config: Config) -> AdminFile:
    """The accounts and the audit log of an installation."""
    return AdminFile(admin_path(config))


def make_desk(backend: Backend) -> Desk:
    """The desk of an installation."""
    file = admin_file(backend.config)
    oidc = backend.config.serve.oidc
    guests = Guests(file, oidc)
    # Who was allowed by the settings of before may be no more.
    guests.sweep()
    return Desk(
        backend,
        Accounts(file),
        Sessions(file),
        Audit(file),
        key_file(backend.config),
        guests,
        Ways(file),
        Provider(oidc) if oidc.issuer else None,
    )


def desk_of(request: Request) -> Desk:
    """The desk of this application."""
    desk: Desk = request.app.state.desk
    return desk
