"""The admin area: its pages, its files, and what is said where something is refused."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from crawler.errors import RecollectError
from server.admin.desk import Desk
from server.admin.guard import COOKIE, PREFIX, NotSignedIn
from server.admin.pages import (
    audit,
    elsewhere,
    explain,
    index,
    judging,
    keys,
    login,
    queries,
    reloading,
    sites,
    steering,
    timing,
)
from server.admin.render import FOLDER, MEDIA_TYPES, page, see, static
from server.api.problems import headers_of, status_of

A_YEAR = "public, max-age=31536000, immutable"
router = APIRouter(prefix=PREFIX, include_in_schema=False)
ROUTERS = (
    router,
    *(
        module.router
        for module in (
            login,
            elsewhere,
            sites,
            timing,
            queries,
            steering,
            judging,
            explain,
            keys,
            index,
            reloading,
            audit,
        )
    ),
)


@router.get("")
def get_area() -> Response:
    """Its pages stand below it."""
    return RedirectResponse(f"{PREFIX}/", 308)


@router.get("/static/{digest}/{name}")
def get_static(digest: str, name: str) -> Response:
    """A file of the pages, under an address that changes with its content."""
    if name not in MEDIA_TYPES:
        return Response(status_code=404)
    caching = A_YEAR if static(name) == f"{PREFIX}/static/{digest}/{name}" else "no-cache"
    return Response((FOLDER / name).read_bytes(), media_type=MEDIA_TYPES[name], headers={"Cache-Control": caching})


def is_within(request: Request) -> bool:
    """Whether a request is for the admin area."""
    return request.url.path.startswith(f"{PREFIX}/")


def refusal(request: Request, error: RecollectError) -> Response:
    """The page that says what is wrong; for those who are not signed in, the way to do so."""
    if isinstance(error, NotSignedIn):
        return see(f"{login.PATH}?{urlencode({'next': error.next_path})}")
    desk: Desk = request.app.state.desk
    session = desk.sessions.find(request.cookies.get(COOKIE, ""))
    variables = {"what": error.what, "cure": error.cure}
    return page("problem", session, variables, status=status_of(error), headers=headers_of(error))
