"""API keys: made, listed and revoked; a key itself is shown once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from server.admin.entry.sessions import Session
from server.admin.form import Posted
from server.admin.guard import PREFIX, At, Change, Someone
from server.admin.render import page, see
from server.doors.key import Key
from server.doors.scope import Scope
from server.errors import BadInput

MAX_DAYS = 3_650
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/keys")
def get_keys(desk: At, session: Someone, saved: str = "") -> Response:
    """All keys, and the form for a new one."""
    return keys_page(desk, session, saved="The key opens nothing any more." if saved == "revoked" else "")


@router.post("/keys/create")
def post_create(desk: At, session: Someone, change: Change) -> Response:
    """Make a key and show it, this once."""
    form = change.form
    if not form.one("name"):
        raise BadInput("The key has no name", "Write what it is for")
    key, secret = desk.keys.create(
        form.one("name")[:100],
        [Scope(name) for name in form.all("scope") if name in set(Scope)],
        groups=words_of(form, "groups"),
        sites=words_of(form, "sites"),
        origins=words_of(form, "origins"),
        sources=words_of(form, "sources"),
        expires_at=end_of(form),
    )
    desk.audit.note(change.who, f"create the key {key.key_id}", None, told(key))
    return keys_page(desk, session, made=key, secret=secret)


@router.post("/keys/revoke")
def post_revoke(desk: At, change: Change) -> Response:
    """End a key for good."""
    key = desk.keys.get(change.form.one("id"))
    if key is None or not desk.keys.revoke(key.key_id):
        raise BadInput("There is no such key", "It may have been made elsewhere; load the page again")
    desk.audit.note(change.who, f"revoke the key {key.key_id}", told(key), None)
    return see(f"{PREFIX}/keys?saved=revoked")


def keys_page(desk: At, session: Session, **more: Any) -> Response:
    """The page; ``made`` and ``secret`` are a key that was made just now."""
    keys, now = desk.keys.all(), datetime.now(UTC)
    keys.sort(key=lambda key: key.created_at, reverse=True)
    states = {
        key.key_id: "revoked" if key.revoked_at else "usable" if key.is_usable(now) else "expired" for key in keys
    }
    return page("keys", session, {"keys": keys, "states": states, "scopes": list(Scope), "made": None, **more})


def words_of(form: Posted, name: str) -> list[str]:
    """What a field lists, with blanks or commas between."""
    return form.one(name).replace(",", " ").split()


def end_of(form: Posted) -> datetime | None:
    """When the key is to expire. Raises BadInput."""
    days = form.one("days")
    if not days:
        return None
    if not (days.isascii() and days.isdigit() and len(days) <= 4 and 1 <= int(days) <= MAX_DAYS):
        raise BadInput(f"days is {days!r}", f"Write a number from 1 to {MAX_DAYS}, or nothing")
    return datetime.now(UTC) + timedelta(days=int(days))


def told(key: Key) -> dict[str, Any]:
    """What the audit log keeps of a key: never the key."""
    lists = {
        "scopes": key.scopes,
        "groups": key.groups,
        "sites": key.sites,
        "origins": key.origins,
        "sources": key.sources,
    }
    return {"name": key.name, **{name: [str(one) for one in values] for name, values in lists.items() if values}}
