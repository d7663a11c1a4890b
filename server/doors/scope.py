"""What a caller may do."""

from enum import StrEnum


class Scope(StrEnum):
    """A thing that a caller may be allowed; ``is_for_visitors`` where a key that everybody can read may hold it."""

    SEARCH = "search"
    """Find documents; suggestions, facets and the search page; tell which result was opened."""
    ANSWER = "answer"
    """Have questions answered, over the API, chat and MCP."""
    MODELS = "models"
    """Use the encoder and the scorer: /v1/embeddings and /v1/rerank."""
    PUSH = "push"
    """Put documents into the index and take them out."""
    METRICS = "metrics"
    """Read /metrics."""
    ADMIN = "admin"
    """See how the installation stands."""

    @property
    def is_for_visitors(self) -> bool:
        """Whether visitors of a site may have it."""
        return self in VISITOR


VISITOR = frozenset({Scope.SEARCH, Scope.ANSWER})
"""What ``serve.public`` opens, and all that a public key may hold."""

LOCAL = VISITOR | {Scope.MODELS, Scope.METRICS}
"""What is open on one's own machine while there is no key. Nothing that changes the index: web pages can send."""
