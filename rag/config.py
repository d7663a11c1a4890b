"""Settings of the answering module."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExtractiveConfig:
    """When a sentence of the documents answers a question.

    ``min_evidence`` in [0, 1] is what the best sentence must reach, else there is no answer (``benchmarks.answers``
    tells what a value means in answers and refusals). Others are added if they are within ``margin`` of it, up to
    ``max_sentences``. The ``max_candidates`` sentences with most of the question's words are compared by meaning.
    """

    min_evidence: float = 0.52
    margin: float = 0.05
    max_sentences: int = 3
    max_candidates: int = 32

    def __post_init__(self) -> None:
        if not 0 <= self.min_evidence <= 1:
            raise ValueError(f"min_evidence {self.min_evidence:g} is not between 0 and 1")
        if self.margin < 0:
            raise ValueError(f"margin {self.margin:g} is negative")
        if self.max_sentences < 1 or self.max_candidates < 1:
            raise ValueError("max_sentences and max_candidates must be at least 1")


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """How much is read and shown for one answer.

    ``size`` documents are searched; at most ``max_passages`` of their passages, together at most ``max_context_tokens``
    long and at most ``max_passages_per_document`` of one document, are given to the generator. A sentence whose support
    (see ``rag.support``) is below ``min_support`` is not shown, nor are more than ``max_sentences``. ``extractive``
    holds for the generator of that name, also where it stands in for another.
    """

    size: int = 8
    max_passages: int = 10
    max_passages_per_document: int = 3
    max_context_tokens: int = 2_500
    max_sentences: int = 12
    min_support: float = 0.45
    extractive: ExtractiveConfig = ExtractiveConfig()


@dataclass(frozen=True, slots=True)
class HttpGeneratorConfig:
    """An OpenAI-style chat service: ``url`` ends in ``/chat/completions``, or is the base such as ``http://host/v1``.

    ``timeout_s`` is the longest wait for the connection and for each further piece of text.
    """

    url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    max_tokens: int = 400
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class TransformersGeneratorConfig:
    """A Hugging Face seq2seq or causal model by name or folder; ``device`` None picks the accelerator there is.

    The question and the instructions are kept whole and passages left out from the end where the prompt would exceed
    ``max_input_tokens``. ``timeout_s`` is the longest wait for the next piece of text.
    """

    model: str
    max_tokens: int = 200
    max_input_tokens: int = 3_000
    device: str | None = None
    timeout_s: float = 120.0
