"""A client of the HTTP API: each method is one route, and gives what the OpenAPI document says."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from server.api.document_bodies import JobBody, ListBody, ListedBody, PushBody
from server.api.schemas.answer import AnswerSchema
from server.api.schemas.search import ResultsSchema, SuggestionsSchema
from server.client.errors import Refused, Unreachable

NDJSON = "application/x-ndjson"
PUSHED_AT_ONCE = 500
LONGEST_WAIT_S = 30.0
Model = TypeVar("Model", bound=BaseModel)
Filters = Mapping[str, str | Sequence[str]]
"""``site``, ``path``, ``language``, ``source``, ``meta`` (KEY=VALUE), ``from``, ``before``."""


class Recollect:
    """A server at an address; thread-safe, and to be closed.

    Every method raises Refused or Unreachable. Where the server asks to come again later (429), it is asked again up to
    ``attempts`` times in all.

    >>> with Recollect("http://127.0.0.1:8000", key="rk_...") as server:  # doctest: +SKIP
    ...     print(server.answer("How do I open a file?").answer)
    """

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        timeout_s: float = 60.0,
        attempts: int = 3,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._attempts = attempts
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/", headers=headers, timeout=timeout_s, transport=transport
        )

    def search(
        self,
        query: str,
        *,
        page: int = 1,
        size: int = 10,
        sort: Literal["relevance", "newest", "oldest"] = "relevance",
        facets: Sequence[str] = (),
        mode: str = "",
        filters: Filters | None = None,
    ) -> ResultsSchema:
        """A page of documents that match, best first."""
        asked = {"q": query, "page": page, "size": size, "sort": sort, "facet": list(facets), **(filters or {})}
        return self._get(ResultsSchema, "api/v1/search", asked | ({"mode": mode} if mode else {}))

    def suggest(self, prefix: str, *, size: int = 8, filters: Filters | None = None) -> SuggestionsSchema:
        """Titles and headings for what was typed so far."""
        return self._get(SuggestionsSchema, "api/v1/suggest", {"q": prefix, "size": size, **(filters or {})})

    def answer(self, question: str, *, session: str = "", filters: Filters | None = None) -> AnswerSchema:
        """An answer with its citations, or a refusal with its reason."""
        return self._get(AnswerSchema, "api/v1/answer", {"q": question, "session": session, **(filters or {})})

    def stream(
        self, question: str, *, session: str = "", filters: Filters | None = None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The same while it is being made: (name of the event, its data); the last one is ``done`` or ``error``."""
        asked = {"q": question, "session": session, **(filters or {})}
        headers = {"Accept": "text/event-stream"}
        try:
            with self._http.stream("GET", "api/v1/answer", params=asked, headers=headers) as answer:
                if answer.is_error:
                    answer.read()
                    raise _refused(answer)
                name = ""
                for line in answer.iter_lines():
                    field, _, value = line.partition(": ")
                    if field == "event":
                        name = value
                    elif field == "data":
                        yield name, json.loads(value)
        except httpx.HTTPError as error:
            raise Unreachable(f"{self._http.base_url} does not answer: {error}") from error

    def push(self, documents: Iterable[Mapping[str, Any]], *, source: str = "", is_all: bool = False) -> list[PushBody]:
        """Put documents into the index, in a few requests; with ``is_all``, in one, all others of the source leave."""
        batches = [list(documents)] if is_all else _batches(documents, PUSHED_AT_ONCE)
        method = "PUT" if is_all else "POST"
        found = []
        for batch in batches:
            lines = "\n".join(json.dumps(dict(one), ensure_ascii=False) for one in batch)
            sent = {"content": lines.encode("utf-8", "replace"), "headers": {"Content-Type": NDJSON}}
            found.append(self._asked(PushBody, method, "api/v1/documents", params=_named(source), **sent))
        return found

    def delete(self, ids: Sequence[str], *, source: str = "") -> JobBody:
        """Take documents out of the index, by the ids (or URLs) they were pushed under."""
        body = {"ids": list(ids)}
        return self._asked(JobBody, "POST", "api/v1/documents/delete", params=_named(source), json=body)

    def documents(self, *, source: str = "") -> Iterator[ListedBody]:
        """All documents of a source, and what became of each."""
        after: str | None = ""
        while after is not None:
            page = self._get(ListBody, "api/v1/documents", {**_named(source), "after": after})
            yield from page.documents
            after = page.next

    def job(self, job: str, *, wait_s: float = 0.0) -> JobBody:
        """How far a push or deletion is; with ``wait_s`` (30 at most) the answer comes once it is done."""
        return self._get(JobBody, f"api/v1/jobs/{job}", {"wait_s": wait_s})

    def done(self, job: str, *, timeout_s: float = 600.0) -> JobBody:
        """The job once it is done, or as it is after ``timeout_s``."""
        ends = time.monotonic() + timeout_s
        while True:
            found = self.job(job, wait_s=max(0.0, min(LONGEST_WAIT_S, ends - time.monotonic())))
            if found.state == "done" or time.monotonic() >= ends:
                return found

    def feedback(self, query: str, *, is_useful: bool, url: str = "") -> None:
        """Tell whether an answer, or the page ``url``, was of use."""
        self._sent("POST", "api/v1/feedback", json={"query": query, "url": url, "useful": is_useful})

    def click(self, query: str, url: str, position: int = 0) -> None:
        """Tell which result was opened; ``position`` counts from 1."""
        self._sent("POST", "api/v1/click", json={"query": query, "url": url, "position": position})

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _get(self, model: type[Model], path: str, params: Mapping[str, Any]) -> Model:
        return self._asked(model, "GET", path, params=params)

    def _asked(self, model: type[Model], method: str, path: str, **sent: Any) -> Model:
        answer = self._sent(method, path, **sent)
        try:
            return model.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unreachable(f"{answer.url} is no Recollect, or of another version: {error}") from error

    def _sent(self, method: str, path: str, **sent: Any) -> httpx.Response:
        for attempt in range(1, self._attempts + 1):
            try:
                answer = self._http.request(method, path, **sent)
            except httpx.HTTPError as error:
                raise Unreachable(f"{self._http.base_url} does not answer: {error}") from error
            wait = answer.headers.get("retry-after", "")
            if answer.status_code != 429 or attempt == self._attempts or not wait.isdigit():
                break
            time.sleep(int(wait))
        if answer.is_error:
            raise _refused(answer)
        return answer

    def __enter__(self) -> "Recollect":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _refused(answer: httpx.Response) -> Refused | Unreachable:
    try:
        told = answer.json()["error"]
        return Refused(answer.status_code, str(told["what"]), str(told["cure"]))
    except (ValueError, KeyError, TypeError):
        return Unreachable(f"{answer.url} answered {answer.status_code}, and not as Recollect does")


def _named(source: str) -> dict[str, str]:
    return {"source": source} if source else {}


def _batches(documents: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    for document in documents:
        batch.append(document)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
