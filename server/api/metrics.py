"""/metrics, for Prometheus."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from crawler.errors import RecollectError
from server.api.access import Needs, Served
from server.doors.scope import Scope
from server.watching.metrics import Metrics

router = APIRouter(tags=["health"], dependencies=[Depends(Needs(Scope.METRICS))])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics(request: Request, backend: Served) -> Response:
    """Counts of this process since it began, and the size of the index."""
    metrics: Metrics = request.app.state.metrics
    try:
        count = backend.store().count()
        metrics.indexed(count.documents, count.passages)
    except RecollectError:
        # A server without its index is still watched; /health/ready says what is wrong.
        metrics.indexed(0, 0)
    content, media_type = metrics.text()
    return Response(content, media_type=media_type)
