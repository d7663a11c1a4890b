"""Chats, vectors and orders in the shapes of other services, as programs get them."""

from typing import Literal

from pydantic import BaseModel, Field

from server.api.schemas.search import DegradationSchema


class ModelSchema(BaseModel):
    """A model in OpenAI's shape."""

    id: str = Field(examples=["recollect"])
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsSchema(BaseModel):
    """What `model` may be."""

    object: Literal["list"]
    data: list[ModelSchema]


class UrlCitationSchema(BaseModel):
    """A cited page; the indexes count characters of the whole answer."""

    url: str
    title: str
    start_index: int
    end_index: int


class AnnotationSchema(BaseModel):
    """A citation in OpenAI's shape."""

    type: Literal["url_citation"]
    url_citation: UrlCitationSchema


class MessageSchema(BaseModel):
    """What is said."""

    role: Literal["assistant"]
    content: str
    refusal: str | None
    annotations: list[AnnotationSchema]


class ChoiceSchema(BaseModel):
    """The one answer."""

    index: int
    message: MessageSchema
    finish_reason: Literal["stop"]
    logprobs: None = None


class UsageSchema(BaseModel):
    """Estimated counts of tokens."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class FactsSchema(BaseModel):
    """What OpenAI's shape has no place for."""

    question: str
    refused: bool
    reason: str
    degraded: list[DegradationSchema]


class CompletionSchema(BaseModel):
    """An answer in OpenAI's shape; with `stream` it comes as its chunks."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceSchema]
    usage: UsageSchema
    recollect: FactsSchema


class EmbeddingSchema(BaseModel):
    """A vector of unit length, or its little-endian float32 in base64."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingsUsageSchema(BaseModel):
    """Estimated counts of tokens."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsSchema(BaseModel):
    """Vectors in OpenAI's shape, in the order of the texts."""

    object: Literal["list"]
    data: list[EmbeddingSchema]
    model: str
    usage: EmbeddingsUsageSchema


class TextSchema(BaseModel):
    """A document's text."""

    text: str


class RankedSchema(BaseModel):
    """A document by its place among those given."""

    index: int
    relevance_score: float
    document: TextSchema | None = None


class RerankUsageSchema(BaseModel):
    """Estimated counts of tokens."""

    total_tokens: int


class RerankSchema(BaseModel):
    """An order in the shape of Cohere and Jina, best first."""

    object: Literal["list"]
    model: str
    results: list[RankedSchema]
    usage: RerankUsageSchema
