"""The audit log: who has changed what, and when."""

import json
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Query as Parameter
from starlette.responses import Response

from server.admin.guard import PREFIX, At, Someone
from server.admin.render import page

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/audit")
def get_audit(desk: At, session: Someone, size: Annotated[int, Parameter(ge=1, le=5_000)] = 100) -> Response:
    """The last changes, newest first."""
    return page("audit", session, {"changes": desk.audit.changes(size), "shown": shown})


def shown(value: Any) -> str:
    """A JSON value to read; nothing for none."""
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=1)
