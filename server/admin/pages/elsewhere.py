"""Signing in at an OpenID provider: there, and back."""

import logging

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from server.admin.entry.provider import AGAIN, Provider
from server.admin.entry.ways import LONGEST_S
from server.admin.guard import COOKIE, PREFIX, At, NotSignedIn, safe_next
from server.admin.pages.login import set_cookie
from server.admin.render import is_secure, page
from server.api.access import base_of
from server.errors import Forbidden, NotAllowed

PATH = f"{PREFIX}/login/elsewhere"
BACK = f"{PATH}/back"
WAY_COOKIE = "recollect_way"

log = logging.getLogger(__name__)
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/login/elsewhere")
def get_elsewhere(request: Request, desk: At, next: str = "") -> Response:  # noqa: A002  # the name in the URL
    """Go to the provider."""
    provider, way = provider_of(desk), desk.ways.begin(safe_next(next))
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    answer = RedirectResponse(provider.address(way, f"{base_of(request)}{BACK}"), 303, headers=headers)
    # Lax: the browser comes back from another site, and has to bring it.
    secure = is_secure(request, desk.backend.config.serve.url)
    answer.set_cookie(
        WAY_COOKIE, way.browser, max_age=LONGEST_S, path=PATH, httponly=True, samesite="lax", secure=secure
    )
    return answer


@router.get("/login/elsewhere/back")
def get_back(request: Request, desk: At, state: str = "", code: str = "", error: str = "", iss: str = "") -> Response:
    """Come back from it: a cookie for this session, and on to the page that was wanted."""
    provider = provider_of(desk)
    way = desk.ways.end(state, request.cookies.get(WAY_COOKIE, ""))
    try:
        if way is None:
            raise NotAllowed("This visit was not begun here, or has taken too long", AGAIN)
        # RFC 9207: an answer of another provider, whose codes must not be sent to this one.
        if iss and iss != desk.backend.config.serve.oidc.issuer:
            raise NotAllowed("Another provider has answered", AGAIN)
        if error or not code:
            raise NotAllowed("The provider has not signed you in", AGAIN)
        name = desk.guests.admit(provider.claims(code, way, f"{base_of(request)}{BACK}"))
    except (NotAllowed, Forbidden) as refused:
        log.warning("signing in elsewhere refused: %s", refused.what)
        raise
    # A page, and no redirect: to those a browser sends no strict cookie while it comes from another site.
    answer = page("arrived", None, {"next": way.next_path}, headers={"Referrer-Policy": "no-referrer"})
    set_cookie(request, desk, answer, COOKIE, desk.sessions.begin(name))
    answer.delete_cookie(WAY_COOKIE, path=PATH)
    return answer


def provider_of(desk: At) -> Provider:
    """Raises NotSignedIn where people sign in here alone."""
    if desk.provider is None:
        raise NotSignedIn(f"{PREFIX}/")
    return desk.provider
