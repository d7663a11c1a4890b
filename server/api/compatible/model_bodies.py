"""What programs send to /v1/embeddings (OpenAI's shape) and /v1/rerank (Cohere's and Jina's), and what they get."""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from indexer.document import Vectors
from ranker.scorer import Scores
from server.errors import BadInput

MAX_INPUTS = 2048
"""As many as OpenAI takes in one request."""

MAX_DOCUMENTS = 1000
"""As many as Cohere takes in one request."""

MAX_TEXT_CHARS = 100_000

Text = Annotated[StrictStr, Field(max_length=MAX_TEXT_CHARS)]
Tokens = list[StrictInt]


class EmbeddingsBody(BaseModel):
    """Texts to encode. Fields that other services know beyond these are ignored."""

    model_config = ConfigDict(extra="ignore")

    input: Text | list[Text] | Tokens | list[Tokens] = Field(description="One text or a list; tokens are refused")
    model: Annotated[str, Field(max_length=200)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(default=None, description="Only the model's own number is possible")
    input_type: Literal["query", "document", "search_query", "search_document"] = "document"

    @property
    def is_query(self) -> bool:
        """Whether the texts are searched with rather than found."""
        return self.input_type.endswith("query")

    def texts(self) -> list[str]:
        """Raises BadInput for tokens, for no text and for too many."""
        items = [self.input] if isinstance(self.input, str) else list(self.input)
        texts = [item for item in items if isinstance(item, str)]
        if len(texts) != len(items):
            raise BadInput("input: token numbers are not taken", "Send texts; tokenizers of other models differ")
        if not 1 <= len(texts) <= MAX_INPUTS:
            raise BadInput(f"input: {len(texts)} texts", f"Send 1 to {MAX_INPUTS} in one request")
        return texts


class RerankDocument(BaseModel):
    """A document as an object; what it holds besides the text is ignored."""

    text: Text


class RerankBody(BaseModel):
    """A query and the documents to put in order. Fields that other services know beyond these are ignored."""

    model_config = ConfigDict(extra="ignore")

    query: Text
    documents: Annotated[list[Text | RerankDocument], Field(min_length=1, max_length=MAX_DOCUMENTS)]
    model: Annotated[str, Field(max_length=200)]
    top_n: Annotated[int, Field(ge=1)] | None = None
    return_documents: bool = False

    def texts(self) -> list[str]:
        """The documents' texts, in the order given."""
        return [item if isinstance(item, str) else item.text for item in self.documents]


def embeddings_json(model: str, vectors: Vectors, encoding: str, tokens: int) -> dict[str, Any]:
    """OpenAI's answer; base64 is of little-endian float32."""
    data = [{"object": "embedding", "index": i, "embedding": _encoded(row, encoding)} for i, row in enumerate(vectors)]
    return {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def rerank_json(model: str, scores: Scores, body: RerankBody, texts: Sequence[str], tokens: int) -> dict[str, Any]:
    """Cohere's and Jina's answer: best first, ties in the order given."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])[: body.top_n]
    results: list[dict[str, Any]] = [{"index": i, "relevance_score": float(scores[i])} for i in order]
    if body.return_documents:
        for result in results:
            result["document"] = {"text": texts[result["index"]]}
    return {"object": "list", "model": model, "results": results, "usage": {"total_tokens": tokens}}


def _encoded(row: Vectors, encoding: str) -> list[float] | str:
    if encoding == "base64":
        return base64.b64encode(row.astype("<f4").tobytes()).decode("ascii")
    numbers: list[float] = row.tolist()
    return numbers
