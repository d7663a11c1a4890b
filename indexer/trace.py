"""Which request is being answered? Named to other services that are asked for it, so that their logs can be joined."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request being answered here, in its threads too; empty outside of one."""

TRACE_ID: ContextVar[str] = ContextVar("trace_id", default="")
"""The id of the trace that the request belongs to; empty where nobody traces."""

Span = Callable[[str], AbstractContextManager[object]]
SPAN: ContextVar[Span] = ContextVar("span", default=lambda _: nullcontext())
"""Given a stage's name, what notes when it begins and ends."""
