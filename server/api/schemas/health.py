"""Whether the server works, as programs get it."""

from typing import Literal

from pydantic import BaseModel


class StatusSchema(BaseModel):
    """All that a load balancer need know."""

    status: Literal["ok", "failing"]


class PartSchema(BaseModel):
    """A part: in how many milliseconds it answered, or what is wrong with it."""

    ok: bool
    took_ms: float | None = None
    documents: int | None = None
    dim: int | None = None
    what: str | None = None
    cure: str | None = None


class ScheduledSchema(BaseModel):
    """Where the crawls of one site stand."""

    name: str
    state: Literal["idle", "waiting", "running"]
    started: str | None
    finished: str | None
    outcome: str | None
    next: str | None


class ScheduleSchema(BaseModel):
    """Where scheduled crawls stand."""

    ok: bool
    sites: list[ScheduledSchema] | None = None
    what: str | None = None
    cure: str | None = None


class WorkersSchema(BaseModel):
    """The processes of this server: how many there should be, have loaded their models, and are about to end; how
    often one that died was begun anew, and when the settings were read last.
    """

    ok: bool
    wanted: int
    ready: int
    leaving: int
    restarts: int
    reloaded: str


class HealthSchema(StatusSchema):
    """Each part by itself."""

    parts: dict[str, PartSchema]
    schedule: ScheduleSchema | None = None
    workers: WorkersSchema | None = None
