"""Bulk writing: whole documents in one request, repeated while the cluster is busy, all of it or a clear error."""

import json
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.errors import RETRYABLE, DocumentRefused, mapped_errors, store_error
from indexer.errors import StoreError, StoreUnavailable

logger = logging.getLogger(__name__)

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 10.0


@dataclass(slots=True)
class Job:
    """All that must happen to one document, in this order: lines of a bulk request."""

    doc_id: str
    ids: list[str] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)

    def remove(self, passage_id: str) -> None:
        """Delete a passage; it may be absent."""
        self.ids.append(passage_id)
        self.lines.append(_line({"delete": {"_id": passage_id, "routing": self.doc_id}}))

    def write(self, passage_id: str, source: dict[str, Any]) -> None:
        """Index a passage in place of what has its id."""
        self.ids.append(passage_id)
        self.lines += [_line({"index": {"_id": passage_id, "routing": self.doc_id}}), _line(source)]

    @property
    def size_bytes(self) -> int:
        """What the job adds to a request."""
        return sum(len(line) + 1 for line in self.lines)


def requests(jobs: Iterable[Job], max_bytes: int) -> Iterator[list[Job]]:
    """Jobs that travel together: as many as fit; one that is larger travels alone and whole."""
    together: list[Job] = []
    size = 0
    for job in jobs:
        if together and size + job.size_bytes > max_bytes:
            yield together
            together, size = [], 0
        together.append(job)
        size += job.size_bytes
    if together:
        yield together


def send(client: Any, index: str, place: str, jobs: Sequence[Job], config: ElasticsearchConfig) -> None:
    """Carry out the jobs in one request, repeated as a whole (it is idempotent) until ``retry_s`` have passed.

    Raises DocumentRefused for a document that the mapping refuses, StoreUnavailable when time is up, else StoreRefused.
    """
    lines = [line for job in jobs for line in job.lines]
    bulk = client.options(request_timeout=config.bulk_timeout_s, max_retries=0, retry_on_timeout=False).bulk

    def attempt() -> None:
        with mapped_errors(place):
            answer = bulk(index=index, operations=lines, refresh=False)
        _raise_first(place, answer["items"] if answer["errors"] else ())

    _repeated(attempt, config.retry_s)


def _repeated(attempt: Callable[[], None], retry_s: float) -> None:
    deadline = time.monotonic() + retry_s
    wait_s = FIRST_WAIT_S
    while True:
        try:
            return attempt()
        except StoreUnavailable as error:
            pause = wait_s * random.uniform(0.5, 1.5)  # noqa: S311 - writers must not come back all at once
            if time.monotonic() + pause > deadline:
                raise
            logger.warning("%s; writing again in %.1f s", error.what, pause)
        time.sleep(pause)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


def _raise_first(place: str, items: Iterable[dict[str, Any]]) -> None:
    """Raise the worst error among the items: a refusal first, since repeating does not mend it."""
    found: list[StoreError] = []
    for item in items:
        (result,) = item.values()
        if "error" in result:
            found.append(_item_error(place, result))
    if found:
        raise min(found, key=lambda error: isinstance(error, StoreUnavailable))


def _item_error(place: str, result: dict[str, Any]) -> StoreError:
    doc_id = result["_id"].rpartition("-")[0]
    error = store_error(place, result["status"], result["error"])
    if result["status"] == 400:
        return DocumentRefused(doc_id, error.what)
    return error if result["status"] in RETRYABLE else type(error)(f"Document {doc_id}: {error.what}", error.cure)


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
