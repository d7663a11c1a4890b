"""The lines that put the search box into a page: pure functions."""

from html import escape
from typing import Literal

Mode = Literal["modal", "inline", "page"]


def script(server: str) -> str:
    """What loads the box; once in a page."""
    return f'<script type="module" src="{escape(address_of(server))}"></script>'


def address_of(server: str) -> str:
    """The address of the script."""
    return f"{server.rstrip('/')}/widget/recollect.js"


def element(server: str, key: str = "", mode: Mode = "modal") -> str:
    """The box; the form in it is what visitors without JavaScript see."""
    attributes = f' mode="{mode}"' + (f' key="{escape(key)}"' if key else "")
    return (
        f"<recollect-search{attributes}>\n"
        f'  <form action="{escape(server.rstrip("/"))}/"><input type="search" name="q" aria-label="Search"></form>\n'
        "</recollect-search>"
    )
