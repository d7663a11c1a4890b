"""Templates and the files they name, to responses."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from server.widget.routes import FOLDER as WIDGET

FOLDER = Path(__file__).parent
SHARED = ("answer.js", "conversation.js", "dom.js", "feedback.js", "words.js")
"""Modules of the search box that the page's script imports."""

OWN = ("page.css", "page.js", "icon.svg")
FILES = {name: FOLDER / name for name in OWN} | {name: WIDGET / name for name in SHARED}


_QUOTED = re.compile('["“-„«»「」]([^"“-„«»「」]+)["“-„«»「」]')


def unquoted(text: str) -> str:
    """A text that is in quotation marks as a whole, without them: to stand between others."""
    whole = _QUOTED.fullmatch(text)
    return whole[1] if whole else text


@cache
def digest() -> str:
    """Of all files together: modules import each other by name, and must be of one version."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[:12]


def static(name: str) -> str:
    """The URL of a file of this page; it changes with the content, so browsers may keep it."""
    return f"/static/{digest()}/{name}"


templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
templates.filters["unquoted"] = unquoted
templates.globals |= {"static": static, "scripts": SHARED}


def rendered(
    template: str, variables: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] = {}
) -> HTMLResponse:
    """A page of HTML, asked for anew each time."""
    text = templates.get_template(template).render(variables)
    return HTMLResponse(text, status, headers={"Cache-Control": "no-cache", **headers})
