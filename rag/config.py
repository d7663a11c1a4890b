"""Settings of the answering module."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """How much is read and shown for one answer.

    ``size`` documents are searched; at most ``max_passages`` of their passages, together at most ``max_context_tokens``
    long and at most ``max_passages_per_document`` of one document, are given to the generator. A sentence whose
    support (see ``rag.support``) is below ``min_support`` is not shown. At most ``max_sentences`` are.
    """

    size: int = 8
    max_passages: int = 10
    max_passages_per_document: int = 3
    max_context_tokens: int = 2_500
    max_sentences: int = 12
    max_question_chars: int = 2_000
    min_support: float = 0.55
