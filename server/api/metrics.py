"""/metrics, for Prometheus."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.api.access import Needs, Served
from server.api.gauges import Ages, gauges
from server.doors.scope import Scope
from server.watching.metrics import Metrics

router = APIRouter(tags=["health"], dependencies=[Depends(Needs(Scope.METRICS))])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics(request: Request, backend: Served) -> Response:
    """Counts of this process since it began, and how the index, crawls and queues stand."""
    metrics: Metrics = request.app.state.metrics
    ages: Ages = request.app.state.ages
    content, media_type = metrics.text(gauges(backend, ages))
    return Response(content, media_type=media_type)
