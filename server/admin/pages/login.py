"""Signing in and out."""

import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.admin.form import Posted, read_form
from server.admin.guard import COOKIE, PREFIX, At, Change, safe_next
from server.admin.render import is_secure, page, see
from server.api.access import UNKNOWN_PEER
from server.doors.address import caller_of
from server.errors import TooMany

PATH = f"{PREFIX}/login"
FORM_COOKIE = "recollect_login"
"""Goes along with the form, so that no other site can sign a visitor in under a name of its own (login CSRF)."""

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/login")
def get_login(request: Request, desk: At, next: str = "") -> Response:  # noqa: A002  # the name in the URL
    """The form."""
    return login_page(request, desk, next)


@router.post("/login")
def post_login(request: Request, desk: At, form: Annotated[Posted, Depends(read_form)]) -> Response:
    """Sign in: a cookie for this session, and on to the page that was wanted."""
    wanted, kept = form.one("next"), request.cookies.get(FORM_COOKIE, "")
    if not kept or not hmac.compare_digest(kept.encode(), form.one("token").encode("utf-8", "replace")):
        return login_page(request, desk, wanted, "The page was old. Try again.", 403)
    try:
        is_known = desk.accounts.is_known(form.one("name"), form.raw("password"), address_of(request, desk))
    except TooMany as error:
        return login_page(request, desk, wanted, f"{error.what}. {error.cure}.", 429)
    if not is_known:
        return login_page(request, desk, wanted, "Name and password do not belong together.", 401)
    answer = see(safe_next(wanted))
    secret = desk.sessions.begin(form.one("name"))
    set_cookie(request, desk, answer, COOKIE, secret)
    answer.delete_cookie(FORM_COOKIE, path=PREFIX)
    return answer


@router.post("/logout")
def post_logout(request: Request, desk: At, change: Change) -> Response:
    """Sign out."""
    desk.sessions.end(request.cookies.get(COOKIE, ""))
    answer = see(PATH)
    answer.delete_cookie(COOKIE, path=PREFIX)
    return answer


def login_page(request: Request, desk: At, wanted: str, problem: str = "", status: int = 200) -> Response:
    """The form, with what was wrong."""
    token = secrets.token_urlsafe(16)
    variables = {
        "next": wanted,
        "token": token,
        "problem": problem,
        "has_accounts": bool(desk.accounts.all()),
        "provider": desk.provider,
    }
    answer = page("login", None, variables, status=status)
    set_cookie(request, desk, answer, FORM_COOKIE, token)
    return answer


def set_cookie(request: Request, desk: At, answer: Response, name: str, value: str) -> None:
    """Out of reach of scripts, for this area alone, and never sent along from another site."""
    secure = is_secure(request, desk.backend.config.serve.url)
    answer.set_cookie(name, value, path=PREFIX, httponly=True, samesite="strict", secure=secure)


def address_of(request: Request, desk: At) -> str:
    """Where the request comes from."""
    peer = request.client.host if request.client else UNKNOWN_PEER
    return caller_of(peer, request.headers, desk.backend.config.serve.proxy.networks())
