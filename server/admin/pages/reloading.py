"""The settings as they are now, taken without a request that fails."""

from fastapi import APIRouter
from starlette.responses import Response

from server.admin.guard import PREFIX, At, Change
from server.admin.render import see

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.post("/reload")
def post_reload(desk: At, change: Change) -> Response:
    """Begin anew; answered when new workers have taken over. Raises NotReloaded where the settings are wrong."""
    desk.backend.reload()
    desk.audit.note(change.who, "reload the settings")
    return see(f"{PREFIX}/index?saved=reloaded")
