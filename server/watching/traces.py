"""Spans of requests and of their stages, sent to a collector by OTLP over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.errors import MissingExtra
from indexer.trace import SPAN, TRACE_ID

if TYPE_CHECKING:
    from opentelemetry.trace import Span

PATH = "/v1/traces"
"""Below the endpoint (OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP")."""


class Traces:
    """The tracer of one process; closing it sends what waits. Raises MissingExtra."""

    def __init__(self, endpoint: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import OTELResourceDetector, Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise MissingExtra("Tracing", "otel") from error
        # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say it better.
        resource = Resource({"service.name": "recollect"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint.rstrip("/") + PATH)))
        self._tracer = self._provider.get_tracer("recollect")

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Iterator["Span"]:
        """The span of a request while the block runs, below the caller's where its ``traceparent`` names one."""
        from opentelemetry.trace import SpanKind, format_trace_id, set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        above = TraceContextTextMapPropagator().extract(headers)
        span = self._tracer.start_span(method, above, SpanKind.SERVER)
        here = set_span_in_context(span)

        @contextmanager
        def stage(name: str) -> Iterator[None]:
            part = self._tracer.start_span(name, here)
            try:
                yield
            finally:
                part.end()

        SPAN.set(stage)
        TRACE_ID.set(format_trace_id(span.get_span_context().trace_id))
        try:
            yield span
        finally:
            span.end()

    def close(self) -> None:
        """Send what waits, and end."""
        self._provider.shutdown()


def describe(span: "Span", method: str, route: str, path: str, status: int, request_id: str) -> None:
    """What a request was and what came of it (semantic conventions for HTTP spans)."""
    from opentelemetry.trace import StatusCode

    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "url.path": path,
            "http.response.status_code": status,
            "http.request.header.x-request-id": request_id,
        }
    )
    if status >= 500:
        span.set_status(StatusCode.ERROR)
