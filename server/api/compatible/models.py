"""/v1/embeddings and /v1/rerank: the encoder and the scorer of this installation, for other programs."""

from typing import Any

from fastapi import APIRouter, Depends

from indexer.split import estimated_tokens
from server.api.access import Needs, Served
from server.api.compatible.model_bodies import EmbeddingsBody, RerankBody, embeddings_json, rerank_json
from server.api.schemas.chat import EmbeddingsSchema, RerankSchema
from server.api.schemas.errors import OpenaiProblemSchema
from server.doors.scope import Scope
from server.errors import BadInput, NoModel

PREFIX = "/v1"
NO_MODEL: dict[str, Any] = {"model": OpenaiProblemSchema, "description": "The model is not served here"}


router = APIRouter(prefix=PREFIX, tags=["models"], dependencies=[Depends(Needs(Scope.MODELS, is_lenient=True))])


@router.post("/embeddings", responses={200: {"model": EmbeddingsSchema}, 404: NO_MODEL})
def post_embeddings(backend: Served, body: EmbeddingsBody) -> dict[str, Any]:
    """Unit vectors of texts by this installation's encoder, in OpenAI's shape."""
    texts = body.texts()
    encoder = backend.encoder()
    _check_model(body.model, encoder.name, backend.config.encoder.model)
    if body.dimensions not in (None, encoder.dim):
        raise BadInput(f"dimensions: {body.dimensions} is not possible", f"Leave it out; it is {encoder.dim}")
    vectors = encoder.encode_queries(texts) if body.is_query else encoder.encode_passages(texts)
    return embeddings_json(body.model, vectors, body.encoding_format, sum(map(estimated_tokens, texts)))


@router.post("/rerank", responses={200: {"model": RerankSchema}, 404: NO_MODEL})
def post_rerank(backend: Served, body: RerankBody) -> dict[str, Any]:
    """Documents by relevance to a query, by this installation's scorer, in the shape of Cohere and Jina."""
    scorer = backend.scorer()
    if scorer is None:
        raise NoModel("This server has no scorer", "Whoever runs it can set scorer.kind")
    _check_model(body.model, scorer.name, backend.config.scorer.model)
    texts = body.texts()
    tokens = sum(map(estimated_tokens, (body.query, *texts)))
    return rerank_json(body.model, scorer.score(body.query, texts), body, texts, tokens)


def _check_model(asked: str, name: str, configured: str) -> None:
    """The name may be given in full, without what follows its first colon, or as it is configured."""
    short = name.split(":", maxsplit=1)[0]
    if asked not in {name, short, configured} or not asked:
        raise NoModel(f"model: {asked!r} is not served here", f"Ask for {short!r}")
