"""What is answered: sentences, each with the place where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.document import Passage
from ranker.hit import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """Where one sentence of the answer stands.

    ``sentence`` is the answer's sentence at ``answer[answer_start_char:answer_end_char]``. ``quote`` stands verbatim in
    the document's text at ``[start_char:end_char]``. ``url`` opens the page at the quote (anchor and text fragment).
    ``score`` in [0, 1] says how well the quote supports the sentence.
    """

    sentence: str
    answer_start_char: int
    answer_end_char: int
    passage: Passage
    url: str
    quote: str
    start_char: int
    end_char: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a refusal with its reason and an empty text."""

    question: str
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    refused: bool = False
    reason: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)
    degraded: tuple[str, ...] = ()
