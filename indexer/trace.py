"""Which request is being answered? Named to other services that are asked for it, so that their logs can be joined."""

from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request being answered here, in its threads too; empty outside of one."""
