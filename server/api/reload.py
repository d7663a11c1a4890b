"""/api/v1/reload: the settings and the index as they are now, without a request that fails."""

from typing import Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from server.api.access import Admin, Served
from server.api.parameters import known_parameters
from server.api.schemas.errors import ProblemSchema
from server.errors import Forbidden

REFUSED: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemSchema, "description": "The settings are wrong; the server goes on with those it has"}
}
router = APIRouter(prefix="/api/v1", tags=["sites"], dependencies=[Depends(known_parameters)])


@router.post("/reload", status_code=204, response_class=Response, responses=REFUSED)
def post_reload(backend: Served, asker: Admin) -> None:
    """Begin anew with the settings as they are now; answered when new workers have taken over."""
    if asker.sites:
        raise Forbidden("This API key is for single sites, and the settings are of all")
    backend.reload()
