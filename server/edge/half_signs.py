"""JSON may name half of a sign that takes two (a lone surrogate, RFC 8259, 8.2): no text, and nobody can store it."""

import json
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.problems import Problem

WITH_BODY = ("POST", "PUT", "PATCH")
_MAY_HOLD = re.compile(rb"\\u[dD][89a-fA-F]")


class HalfSigns:
    """Answers 400 to a body with lone surrogates. What is pushed to ``push_path`` is judged document by document."""

    def __init__(self, app: ASGIApp, push_path: str) -> None:
        self._app = app
        self._push_path = push_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in WITH_BODY or scope["path"] == self._push_path:
            await self._app(scope, receive, send)
            return
        messages = [await receive()]
        while messages[-1].get("more_body", False):
            messages.append(await receive())
        if has_half_signs(b"".join(message.get("body", b"") for message in messages)):
            what, cure = "A text of the body holds half of a sign (a lone surrogate)", "Send whole signs"
            await Problem(400, what, cure)(scope, receive, send)
            return
        again = iter(messages)

        async def told() -> Message:
            return next(again, None) or await receive()

        await self._app(scope, told, send)


def has_half_signs(text: bytes) -> bool:
    """Whether a JSON text has such halves in it. What is no JSON has none."""
    if not _MAY_HOLD.search(text):
        return False
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False
