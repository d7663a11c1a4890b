"""Results of a search, as programs get them."""

from datetime import datetime

from pydantic import BaseModel, Field

from ranker.degradation import Part


class DegradationSchema(BaseModel):
    """What was done without, and what came of it."""

    part: Part
    what: str


class EvidenceSchema(BaseModel):
    """Rank (from 1) and raw score in each list, and the score after each stage; null where a step did not run."""

    lexical_rank: int | None
    lexical_score: float | None
    dense_rank: int | None
    dense_score: float | None
    fused_score: float | None
    rerank_score: float | None


class MoreSchema(BaseModel):
    """Another passage of a hit's document."""

    passage_id: str
    link: str
    heading_path: list[str]
    passage: str


class SimilarSchema(BaseModel):
    """A document that says what a hit says, and is no hit of its own."""

    url: str
    link: str
    title: str
    document_id: str
    site: str
    modified_at: datetime | None


class HitSchema(BaseModel):
    """A document with its best passage."""

    rank: int = Field(description="Counted over all pages, from 1")
    score: float = Field(ge=0, le=1)
    url: str
    title: str
    heading_path: list[str]
    passage: str = Field(description="Plain text")
    snippet: str = Field(description="HTML: escaped text with <mark> around what was found")
    document_id: str
    passage_id: str
    evidence: EvidenceSchema
    link: str = Field(description="The page, opened at the passage")
    site: str
    path: str
    source: str
    language: str | None
    modified_at: datetime | None
    metadata: dict[str, str]
    more: list[MoreSchema]
    similar: list[SimilarSchema]


class CorrectionSchema(BaseModel):
    """What was searched for instead of what was typed (`applied`), or may be meant by it."""

    query: str
    applied: bool


class ValueSchema(BaseModel):
    """A value of a facet, and how many of the documents found have it."""

    value: str
    count: int


class ResultsSchema(BaseModel):
    """A page of results."""

    query: str = Field(examples=["open a file"])
    total: int = Field(description="How many documents can be paged through")
    took_ms: float
    hits: list[HitSchema]
    corrections: list[CorrectionSchema]
    facets: dict[str, list[ValueSchema]]
    stages: dict[str, float] = Field(description="Milliseconds by stage")
    degraded: list[DegradationSchema]


class SuggestionsSchema(BaseModel):
    """Titles and headings for what was typed so far."""

    query: str = Field(examples=["ope"])
    suggestions: list[str] = Field(examples=[["Opening files"]])
