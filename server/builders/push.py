"""The pages of a build to a server, which indexes them in place of those of the build before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

import httpx

from server.errors import BadInput

TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """A page as it was built: where it will stand, and the HTML of its content."""

    url: str
    title: str
    body: str
    language: str = ""

    def record(self) -> Mapping[str, str]:
        """As it is pushed: the content alone, without what the theme puts around it."""
        head = f"<head><title>{escape(self.title)}</title></head>"
        language = f' lang="{escape(self.language)}"' if self.language else ""
        html = f"<!doctype html><html{language}>{head}<body><main>{self.body}</main></body></html>"
        return {"url": self.url, "title": self.title, "html": html}


def push(server: str, key: str, source: str, pages: Iterable[BuiltPage], *, is_all: bool) -> int:
    """Send them, and return how many were taken; with ``is_all`` other pages of the source are taken out.

    Raises BadInput where the server cannot be reached or does not take them.
    """
    lines = [json.dumps(page.record()) for page in pages]
    if not lines:
        return 0
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    url = f"{server.rstrip('/')}/api/v1/documents"
    method, body = "PUT" if is_all else "POST", "\n".join(lines).encode()
    try:
        answer = httpx.request(method, url, params={"source": source}, headers=headers, content=body, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        raise BadInput(f"{url} cannot be reached: {error}", "Start the server, or build without a push key") from error
    if answer.is_error:
        raise BadInput(f"{url} answers {answer.status_code}: {_reason(answer)}", "The key needs the scope push")
    return len(lines)


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
