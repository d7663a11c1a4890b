"""What programs send to /api/v1/documents, and what they get."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.pushing.lines import BadLine
from server.pushing.spool import Job, Row, State

MAX_KEYS = 10_000


class KeysBody(BaseModel):
    """Documents to take out."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[str], Field(min_length=1, max_length=MAX_KEYS)]


class FailedBody(BaseModel):
    """A document that could not be indexed."""

    id: str
    what: str


class JobBody(BaseModel):
    """A push or deletion. ``state`` is ``done`` once every document is indexed, gone or failed."""

    job: str
    source: str
    state: Literal["waiting", "done"]
    created_at: datetime
    documents: int = Field(description="How many it is for")
    waiting: int = Field(description="How many are not done yet")
    failed: list[FailedBody] = []
    unknown: list[str] = Field(default=[], description="Ids to take out under which there is no document")
    problem: str = Field(default="", description="Why those that wait cannot be done just now; they are tried again")


class BadLineBody(BaseModel):
    """A line that was refused: its number from 1, the document's id where it has one, what is wrong, and the cure."""

    line: int
    id: str
    what: str
    cure: str


class PushBody(JobBody):
    """A push. ``refused`` counts bad lines, of which ``errors`` tells the first thousand."""

    refused: int
    errors: list[BadLineBody]


class ListedBody(BaseModel):
    """A pushed document."""

    id: str
    document_id: str = Field(description="As in hits and citations")
    state: Literal["waiting", "indexed", "failed"]
    what: str = Field(default="", description="Why it has failed")


class ListBody(BaseModel):
    """Pushed documents by id. ``next`` is the ``after`` of the next page; null at the end."""

    documents: list[ListedBody]
    next: str | None


def job_body(job: Job, problem: str, unknown: Sequence[str] = ()) -> JobBody:
    """A job as it is told."""
    return JobBody(
        job=job.job,
        source=job.source,
        state="waiting" if job.waiting else "done",
        created_at=job.created_at,
        documents=job.taken,
        waiting=job.waiting,
        failed=[FailedBody(id=row.key, what=row.why) for row in job.failed],
        unknown=list(unknown),
        problem=problem if job.waiting else "",
    )


def bad_line_json(bad: BadLine) -> BadLineBody:
    """A bad line as it is told."""
    return BadLineBody(line=bad.line, id=bad.id, what=bad.what, cure=bad.cure)


def listed_json(rows: Sequence[Row], size: int) -> ListBody:
    """A page of at most ``size``."""
    documents = [ListedBody(id=row.key, document_id=row.doc_id, state=_told(row.state), what=row.why) for row in rows]
    return ListBody(documents=documents, next=rows[-1].key if len(rows) == size else None)


def _told(state: State) -> Literal["waiting", "indexed", "failed"]:
    match state:
        case State.INDEXED:
            return "indexed"
        case State.FAILED:
            return "failed"
        case _:
            return "waiting"
