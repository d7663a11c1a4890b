"""What is counted, under the names that ``/metrics`` tells in the format of Prometheus."""

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNKNOWN_ROUTE = "none"
"""Where no route was found: paths that callers make up would be names without end."""


class Metrics:
    """The counts of one application; thread-safe."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = CollectorRegistry()
        labels = ("method", "route")
        self._requests = Counter(
            "recollect_http_requests_total", "Requests answered", (*labels, "status"), registry=self._registry
        )
        self._durations = Histogram(
            "recollect_http_request_duration_seconds",
            "From a request's arrival to the end of its answer",
            labels,
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self._under_way = Gauge("recollect_http_requests_under_way", "Requests being answered", registry=self._registry)
        self._documents = Gauge("recollect_index_documents", "Documents in the index", registry=self._registry)
        self._passages = Gauge("recollect_index_passages", "Passages in the index", registry=self._registry)

    def begun(self) -> None:
        """A request has arrived."""
        self._under_way.inc()

    def answered(self, method: str, route: str, status: int, took_s: float) -> None:
        """Its answer is at an end."""
        self._under_way.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(method, route).observe(took_s)

    def indexed(self, documents: int, passages: int) -> None:
        """What the index holds now."""
        self._documents.set(documents)
        self._passages.set(passages)

    def text(self) -> tuple[bytes, str]:
        """Everything counted, and its media type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self._registry), CONTENT_TYPE_LATEST
