"""Errors, as programs get them."""

from pydantic import BaseModel, Field


class ErrorSchema(BaseModel):
    """What is wrong, and what to do."""

    what: str
    cure: str


class ProblemSchema(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["parameter 'sise' is unknown"])
    error: ErrorSchema


class OpenaiErrorSchema(BaseModel):
    """OpenAI's description of an error."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenaiProblemSchema(BaseModel):
    """An error in OpenAI's shape, with Cohere's `message` beside it."""

    error: OpenaiErrorSchema
    message: str
