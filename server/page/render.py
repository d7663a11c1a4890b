"""Templates and the files they name, to responses."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

FOLDER = Path(__file__).parent


@cache
def static(name: str) -> str:
    """The URL of a file of this page; it changes with the content, so browsers may keep it."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
templates.globals["static"] = static


def rendered(
    template: str, variables: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] = {}
) -> HTMLResponse:
    """A page of HTML, asked for anew each time."""
    text = templates.get_template(template).render(variables)
    return HTMLResponse(text, status, headers={"Cache-Control": "no-cache", **headers})
