"""What is counted, under the names that ``/metrics`` tells in the format of Prometheus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answer import Answer, Refusal
from ranker.degradation import Degradation, Part
from ranker.hit import Results

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Histogram

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SEARCH_PARTS = (Part.QUERY, Part.ENCODER, Part.SCORER, Part.BUDGET, Part.LANGUAGE)
UNKNOWN_ROUTE = "none"
"""Where no route was found: paths that callers make up would be names without end."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number as it stands now; its name is without ``recollect_``."""

    name: str
    what: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def count_together(slot: int) -> None:
    """Count in files from now on, those of ``slot`` beside those of other workers; see ``share_counts``."""
    from prometheus_client import values

    values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]  # no types there


class Metrics:
    """The counts of one application; thread-safe. ``counts`` is the folder in which all workers of a server count."""

    def __init__(self, counts: Path | None = None) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram
        from prometheus_client import Gauge as Standing

        self._counts = counts
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
        self._under_way = Standing(
            "recollect_http_requests_under_way",
            "Requests being answered",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._search_stages, self._answer_stages = (
            Histogram(
                f"recollect_{name}_stage_duration_seconds",
                f"Stages of {what}",
                ("stage",),
                buckets=BUCKETS_S,
                registry=self._registry,
            )
            for name, what in (("search", "searches, those for answers included"), ("answer", "answers"))
        )
        self._degraded = Counter(
            "recollect_degraded_total",
            "Searches and answers that went without a part",
            ("part",),
            registry=self._registry,
        )
        self._answers = Counter(
            "recollect_answers_total", "Questions by what came of them", ("outcome",), registry=self._registry
        )
        self._refusals = Counter(
            "recollect_answer_refusals_total", "Questions refused, by reason", ("reason",), registry=self._registry
        )
        self._claims = Counter(
            "recollect_answer_claims_total",
            "Claims of language models that were checked, by whether documents bear them out",
            ("supported",),
            registry=self._registry,
        )
        self._encoded = Counter(
            "recollect_query_embedding_cache_lookups_total",
            "Queries looked up among the vectors kept",
            ("result",),
            registry=self._registry,
        )
        self._lookups = Counter(
            "recollect_answer_cache_lookups_total",
            "Questions looked up among the answers kept",
            ("result",),
            registry=self._registry,
        )
        self._pushed = Counter(
            "recollect_pushed_documents_total", "Documents taken to be indexed", registry=self._registry
        )
        self._rejected = Counter(
            "recollect_bulk_rejections_total", "Documents of pushes that were refused", registry=self._registry
        )

    def begun(self) -> None:
        """A request has arrived."""
        self._under_way.inc()

    def answered(self, method: str, route: str, status: int, took_s: float) -> None:
        """Its answer is at an end."""
        self._under_way.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(method, route).observe(took_s)

    def searched(self, results: Results) -> None:
        """A search is done."""
        _observe(self._search_stages, results.stages)
        self._went_without(results.degraded)

    def answered_question(self, answer: Answer) -> None:
        """A question is answered, or refused."""
        _observe(self._answer_stages, answer.stages)
        self._answers.labels("refused" if answer.refused else "answered").inc()
        if answer.refused:
            known = (reason.name.lower() for reason in Refusal if reason == answer.reason)
            self._refusals.labels(next(known, "other")).inc()
        self._claims.labels("yes").inc(answer.claims_supported)
        self._claims.labels("no").inc(answer.claims_checked - answer.claims_supported)
        # What the search for it went without was counted with that.
        self._went_without([one for one in answer.degraded if one.part not in SEARCH_PARTS])

    def encoded(self, known: int, unknown: int) -> None:
        """The vectors of so many queries were kept, and of so many worked out."""
        self._encoded.labels("hit").inc(known)
        self._encoded.labels("miss").inc(unknown)

    def looked_up(self, *, is_known: bool) -> None:
        """A question was looked up among the answers kept."""
        self._lookups.labels("hit" if is_known else "miss").inc()

    def pushed(self, taken: int, refused: int) -> None:
        """A push came in."""
        self._pushed.inc(taken)
        self._rejected.inc(refused)

    def text(self, gauges: Sequence[Gauge] = ()) -> tuple[bytes, str]:
        """Everything counted, with how things stand, and its media type."""
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client import Gauge as Standing

        now, known = CollectorRegistry(), dict[str, Standing]()
        for gauge in gauges:
            if gauge.name not in known:
                known[gauge.name] = Standing(f"recollect_{gauge.name}", gauge.what, tuple(gauge.labels), registry=now)
            own = known[gauge.name]
            (own.labels(**gauge.labels) if gauge.labels else own).set(gauge.value)
        return generate_latest(self._all()) + generate_latest(now), CONTENT_TYPE_LATEST

    def _all(self) -> "CollectorRegistry":
        """What all workers counted."""
        if self._counts is None:
            return self._registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together, str(self._counts))  # type: ignore[no-untyped-call]  # as above
        return together

    def _went_without(self, degraded: Sequence[Degradation]) -> None:
        for one in degraded:
            self._degraded.labels(str(one.part)).inc()


def _observe(histogram: "Histogram", stages_ms: Mapping[str, float]) -> None:
    for stage, ms in stages_ms.items():
        histogram.labels(stage).observe(ms / 1000)
