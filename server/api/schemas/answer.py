"""An answer, as programs get it."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from rag.answer import Shape
from server.api.schemas.search import DegradationSchema, HitSchema


class CitationSchema(BaseModel):
    """Where one sentence of the answer stands."""

    sentence: str
    url: str = Field(description="Opens the page at the quote")
    title: str
    quote: str = Field(description="Stands verbatim in the document's text at start_char to end_char")
    start_char: int
    end_char: int
    score: float
    answer_start_char: int
    answer_end_char: int
    heading_path: list[str]
    modified_at: datetime | None
    document_id: str
    passage_id: str


class ItemSchema(BaseModel):
    """An item of a list or of steps."""

    text: str
    number: int | None
    depth: int


class BlockSchema(BaseModel):
    """A part of a page that carries the answer; fields that its kind does not have are left out."""

    kind: Shape
    lead: str = ""
    term: str = ""
    text: str = ""
    language: str = ""
    items: list[ItemSchema] = []
    columns: list[str] = []
    rows: list[list[str]] = []
    left_out: int
    is_cut: bool
    heading_path: list[str]
    url: str
    title: str
    modified_at: datetime | None
    start_char: int
    end_char: int
    score: float
    document_id: str
    passage_id: str


class MemorySchema(BaseModel):
    """The memory that the answer is from."""

    name: str
    kind: str
    reason: str


class ReadSchema(BaseModel):
    """How much was read for it."""

    pages: int
    passages: int


class ClosestSchema(BaseModel):
    """A page that may help where none answers."""

    title: str
    url: str
    heading_path: list[str]


class AnswerSchema(BaseModel):
    """An answer, or a refusal with its reason. As events, each `data` is a part of it, and that of `done` all of it."""

    question: str = Field(examples=["How do I open a file?"])
    understood: str = Field(description="The question that a follow-up stands for; else empty")
    answer: str
    short: str = Field(description="What answers by itself, where there is such a thing")
    is_quoted: bool = Field(description="Whether the text is a page's own, not a language model's")
    memory: MemorySchema | None
    blocks: list[BlockSchema]
    refused: bool
    reason: str
    read: ReadSchema
    closest: list[ClosestSchema]
    old_since: date | None
    citations: list[CitationSchema]
    hits: list[HitSchema]
    stages: dict[str, float] = Field(description="Milliseconds by stage")
    degraded: list[DegradationSchema]
