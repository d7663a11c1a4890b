"""Who is at the desk: every page asks for somebody signed in, every change for the session's token, too."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request

from server.admin.desk import Desk, desk_of
from server.admin.entry.sessions import Session
from server.admin.form import Posted, read_form
from server.errors import Forbidden, NotAllowed

PREFIX = "/admin"
COOKIE = "recollect_admin"


class NotSignedIn(NotAllowed):
    """Nobody is signed in; ``next_path`` is where to go afterwards."""

    def __init__(self, next_path: str) -> None:
        super().__init__("Nobody is signed in", "Sign in")
        self.next_path = next_path


@dataclass(frozen=True, slots=True)
class Changing:
    """A form that may be acted on: who sent it, and what it says."""

    who: str
    form: Posted


def signed_in(request: Request, desk: Annotated[Desk, Depends(desk_of)]) -> Session:
    """Who is signed in. Raises NotSignedIn."""
    session = desk.sessions.find(request.cookies.get(COOKIE, ""))
    if session is None:
        path = request.url.path if request.method == "GET" else f"{PREFIX}/"
        raise NotSignedIn(f"{path}?{request.url.query}" if request.url.query and request.method == "GET" else path)
    return session


def changing(session: Annotated[Session, Depends(signed_in)], form: Annotated[Posted, Depends(read_form)]) -> Changing:
    """A form of somebody signed in, sent from our own page. Raises NotSignedIn, Forbidden."""
    if not session.sent(form.one("token")):
        raise Forbidden(
            "This form is not from a page of this session", "Go back, load the page again, and send it anew"
        )
    return Changing(session.name, form)


def safe_next(path: str) -> str:
    """A path of the admin area to go to; its start for anything else, so that nobody is sent elsewhere."""
    is_ours = path.startswith(f"{PREFIX}/") and "\\" not in path and path.isprintable()
    return quote(path, safe="/?&=%+-._~") if is_ours else f"{PREFIX}/"


Someone = Annotated[Session, Depends(signed_in)]
Change = Annotated[Changing, Depends(changing)]
At = Annotated[Desk, Depends(desk_of)]
