"""Settings of the answering module."""

from dataclasses import dataclass, field

from rag.choosing.config import ChoosingConfig
from rag.dialogue.config import DialogueConfig
from rag.recall.config import RecallLimits


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """How much is read and shown for one answer.

    ``size`` documents are searched, of their passages the best ``rerank_passages`` reranked: so few that a budget of
    time seldom decides, since the best are read once more. At most ``max_passages``, together at most
    ``max_context_tokens`` long and at most ``max_passages_per_document`` of one document, are given to the generator. A
    sentence whose support (see ``rag.support``) is below ``min_support`` is not shown, nor are more than
    ``max_sentences``. ``choosing`` says when a piece of a page answers, ``recall`` when a memory does. An answer from
    pages that were all changed more than ``old_after_days`` ago says so; 0: none does. ``in_steps``: a thing
    that a question describes instead of naming it is looked for first (see ``rag.described``), and two questions in one
    are each answered (see ``rag.apart``).
    """

    size: int = 8
    rerank_passages: int = 12
    max_passages: int = 10
    max_passages_per_document: int = 3
    max_context_tokens: int = 2_500
    max_sentences: int = 12
    min_support: float = 0.45
    old_after_days: int = 1_095
    in_steps: bool = True
    choosing: ChoosingConfig = ChoosingConfig()
    dialogue: DialogueConfig = DialogueConfig()
    recall: RecallLimits = RecallLimits()


@dataclass(frozen=True, slots=True)
class HttpGeneratorConfig:
    """An OpenAI-style chat service: ``url`` ends in ``/chat/completions``, or is the base such as ``http://host/v1``.

    ``timeout_s`` is the longest wait for the connection and for each further piece of text, ``answer_timeout_s`` that
    for the whole. A service that is busy or cannot be reached is asked ``attempts`` times. ``thinks_first`` says that
    the text begins with thoughts whose beginning the model's template has written, so that only their end is marked.
    """

    url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    answer_timeout_s: float = 180.0
    attempts: int = 2
    max_tokens: int = 400
    temperature: float = 0.0
    thinks_first: bool = False


@dataclass(frozen=True, slots=True)
class TransformersGeneratorConfig:
    """A Hugging Face seq2seq or causal model by name or folder; ``device`` None picks the accelerator there is.

    The question and the instructions are kept whole and passages left out from the end where the prompt would exceed
    ``max_input_tokens``. ``timeout_s`` is the longest wait for the next piece of text, ``answer_timeout_s`` that for
    the whole.
    """

    model: str
    max_tokens: int = 200
    max_input_tokens: int = 3_000
    device: str | None = None
    timeout_s: float = 120.0
    answer_timeout_s: float = 180.0
