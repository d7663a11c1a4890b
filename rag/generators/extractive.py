"""A generator without a language model: the sentences of the passages that tell most about the question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.document import Passage
from indexer.encoder import Encoder
from indexer.errors import EncoderError
from rag.config import ExtractiveConfig
from rag.errors import GeneratorUnavailable
from rag.evidence import evidence, says_the_same, term_weights, words_found
from rag.generator import Pieces, Prompt
from rag.quote import without_footnotes
from rag.sentences import sentences
from ranker.words import has_cjk, terms, words

MIN_TERMS = 2
"""A sentence with fewer telling words is a label, not an answer."""

MIN_WORDS = 5
"""So many words and a stop word among them make prose of what does not end like a sentence; a signature has none."""

UNFINISHED = 0.85
"""Factor on the evidence of what does not end like a sentence: a table row may answer, a list of pages does not."""

_ENDS = re.compile(r"[.!?。！？…][\"'”’»)\]」』）]*$")

MAX_SENTENCE_CHARS = 600
"""What is longer is a table or a list without full stops."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence of passage ``index``, starting at ``start`` of its text, and how much it tells about the question."""

    index: int
    start: int
    text: str
    terms: frozenset[str]
    evidence: float = 0.0


class ExtractiveGenerator:
    """Quotes word for word, so every sentence is supported; writes nothing where none tells enough."""

    name = "extractive"

    def __init__(self, encoder: Encoder, config: ExtractiveConfig = ExtractiveConfig()) -> None:
        self._encoder = encoder
        self.config = config

    def generate(self, prompt: Prompt) -> Pieces:
        """Sentences in the order of the passages' promise and of reading, each with its mark."""
        before = ""
        for found in self.choose(prompt):
            yield f"{_gap(before)}{found.text} [{found.index + 1}]"
            before = found.text

    def choose(self, prompt: Prompt) -> list[Found]:
        """What to quote, empty where the best sentence tells too little."""
        ranked = self.rank(prompt)
        if not ranked or ranked[0].evidence < self.config.min_evidence:
            return []
        enough = max(ranked[0].evidence - self.config.margin, self.config.min_evidence)
        chosen: list[Found] = []
        for found in ranked:
            if found.evidence < enough or len(chosen) == self.config.max_sentences:
                break
            if not any(says_the_same(found.terms, other.terms) for other in chosen):
                chosen.append(found)
        return _in_reading_order(chosen)

    def rank(self, prompt: Prompt) -> list[Found]:
        """The candidate sentences, those that tell most first."""
        candidates = [found for i, passage in enumerate(prompt.passages) for found in _candidates(i, passage)]
        languages = {passage.head.language for passage in prompt.passages}
        wanted = list(dict.fromkeys(term for language in languages for term in terms(prompt.question, language)))
        weights = term_weights(wanted, [found.terms for found in candidates])
        candidates.sort(key=lambda found: -words_found(weights, found.terms))
        candidates = candidates[: self.config.max_candidates]
        cosines = self._cosines(prompt, candidates)
        ranked = [
            replace(found, evidence=_evidence(found.text, cosine, words_found(weights, found.terms)))
            for found, cosine in zip(candidates, cosines, strict=True)
        ]
        return sorted(ranked, key=lambda found: (-found.evidence, found.index, found.start))

    def _cosines(self, prompt: Prompt, candidates: Sequence[Found]) -> list[float]:
        """Sentences are read under their title and headings, without which many say nothing."""
        texts = [replace(prompt.passages[found.index], text=found.text).text_to_encode for found in candidates]
        try:
            question = self._encoder.encode_queries([prompt.question])[0]
            return [float(vector @ question) for vector in self._encoder.encode_passages(texts)]
        except EncoderError as error:
            raise GeneratorUnavailable(error.what, error.cure) from error


def _candidates(index: int, passage: Passage) -> list[Found]:
    found = []
    headings = {" ".join(heading.split()) for heading in (passage.head.title, *passage.heading_path)}
    for sentence in sentences(passage.text):
        text = without_footnotes(passage.text[sentence.start : sentence.end])
        telling = frozenset(terms(text, passage.head.language))
        if sentence.is_code or len(telling) < MIN_TERMS or len(text) > MAX_SENTENCE_CHARS or text in headings:
            continue
        if _is_prose(text, passage.head.language):
            found.append(Found(index, sentence.start, text, telling))
    return found


def _is_prose(text: str, language: str | None) -> bool:
    """A sentence that stands for itself: not a heading or a signature, nor one that only announces what follows."""
    if text.endswith((":", "：")):
        return False
    if _ENDS.search(text):
        return True
    found = words(text, language)
    return len(found) >= MIN_WORDS and any(word.is_stopword for word in found)


def _evidence(text: str, cosine: float, share_found: float) -> float:
    return evidence(cosine, share_found) * (1.0 if _ENDS.search(text) else UNFINISHED)


def _gap(before: str) -> str:
    """What stands between a sentence and the one before."""
    if not before or has_cjk(before[-2:]):
        return ""
    return " " if _ENDS.search(before) else "\n"


def _in_reading_order(chosen: Sequence[Found]) -> list[Found]:
    """Passages in the order of their best sentence; within one, as they stand in the text."""
    passages = list(dict.fromkeys(found.index for found in chosen))
    return sorted(chosen, key=lambda found: (passages.index(found.index), found.start))
