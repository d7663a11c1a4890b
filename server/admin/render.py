"""Templates of the admin area, and the files they name, to responses."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, RedirectResponse

from server.admin.entry.sessions import Session
from server.admin.guard import PREFIX

FOLDER = Path(__file__).parent / "templates"
MEDIA_TYPES = {"admin.css": "text/css", "admin.js": "text/javascript"}
PAGES = (
    ("sites", f"{PREFIX}/", "Sites"),
    ("queries", f"{PREFIX}/queries", "Queries"),
    ("steering", f"{PREFIX}/steering", "Order"),
    ("judging", f"{PREFIX}/judging", "Judging"),
    ("explain", f"{PREFIX}/explain", "Explain"),
    ("keys", f"{PREFIX}/keys", "Keys"),
    ("index", f"{PREFIX}/index", "Index"),
    ("audit", f"{PREFIX}/audit", "Changes"),
)
"""(name, address, what its link says)."""


@cache
def static(name: str) -> str:
    """The address of a file; it changes with the content, so browsers may keep it."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"{PREFIX}/static/{digest}/{name}"


def number(value: float | None, digits: int = 0) -> str:
    """With commas; a dash for nothing."""
    return "–" if value is None else f"{value:,.{digits}f}"


def moment(iso: str | None) -> str:
    """A time to the minute, as it is written; a dash for none."""
    return iso[:16].replace("T", " ") if iso else "–"


templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
templates.globals.update(static=static, pages=PAGES, prefix=PREFIX)
templates.filters.update(number=number, moment=moment)


def page(
    name: str,
    session: Session | None,
    variables: Mapping[str, Any] = {},
    *,
    status: int = 200,
    headers: Mapping[str, str] = {},
) -> HTMLResponse:
    """The page of a template, for whoever is signed in; never kept by anyone."""
    text = templates.get_template(f"{name}.html").render({"page": name, "session": session, "saved": "", **variables})
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store", **headers})


def see(path: str) -> RedirectResponse:
    """Go on to a page of ours by GET."""
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def is_secure(request: Request, own_url: str) -> bool:
    """Whether browsers reach us by https alone, so that a cookie may say so."""
    return request.url.scheme == "https" or own_url.startswith("https://")
