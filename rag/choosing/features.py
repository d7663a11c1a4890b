"""What is known of a piece before it is chosen, as numbers of about one size. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.block import BlockKind
from indexer.document import Passage
from rag.choosing.asking import without_asking
from rag.choosing.fit import fits, misses, prior
from rag.choosing.pieces import Piece
from rag.choosing.question import QuestionType
from rag.evidence import term_weights, words_found
from ranker.reader import Reading
from ranker.words import terms

NOTHING_KNOWN = -6.0
"""Log-odds that stand for what no reader has said."""

ENGLISH = frozenset({"en", None})
"""Where nothing else is found, words such as ``come`` or ``hoe`` are not those that ask in other languages."""

FEW_NEW_TERMS = 3
"""A text that adds fewer words to the question's own says nothing new."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what kind of answer it wants, its terms by language of the passages and their weights."""

    text: str
    type: QuestionType
    terms: frozenset[str]
    weights: Mapping[str, float]


def asked_of(text: str, asked_type: QuestionType, passages: Sequence[Passage], pieces: Sequence[Piece]) -> Asked:
    """The question with each of its terms weighed by how rare it is among the pieces."""
    languages = {passages[piece.index].head.language for piece in pieces} or {None}
    telling = text if languages <= ENGLISH else without_asking(text)
    wanted = list(dict.fromkeys(term for language in sorted(languages, key=str) for term in terms(telling, language)))
    held = [frozenset(terms(piece.read, passages[piece.index].head.language)) for piece in pieces]
    return Asked(text, asked_type, frozenset(wanted), term_weights(wanted, held))


def features(
    asked: Asked, passage: Passage, piece: Piece, of_passage: Reading | None, of_piece: Reading | None
) -> dict[str, float]:
    """Name -> value. ``of_passage`` and ``of_piece`` are what the reader made of each; None where it did not read."""
    language = passage.head.language
    own = frozenset(terms(piece.read, language))
    headings = tuple(dict.fromkeys((passage.head.title, *passage.heading_path)))
    above = frozenset(term for heading in headings for term in terms(heading, language))
    new = own - asked.terms
    span = of_passage.span if of_passage else None
    text = piece.read
    return {
        "passage_answerable": _log_odds(of_passage.answerable if of_passage else None),
        "passage_relevance": _log_odds(of_passage.relevance if of_passage else None),
        "has_span": float(_has_span(passage, piece, of_passage)),
        "span_score": _squeezed(span.score) if span and _has_span(passage, piece, of_passage) else 0.0,
        "piece_answerable": _log_odds(of_piece.answerable if of_piece else None),
        "piece_relevance": _log_odds(of_piece.relevance if of_piece else None),
        "piece_span": _squeezed(of_piece.span.score) if of_piece and of_piece.span else -1.0,
        "rank": -math.log1p(piece.index),
        "words": words_found(asked.weights, own),
        "words_with_headings": words_found(asked.weights, own | above),
        "heading_is_question": max(
            heading_is_question(asked, heading, language) for heading in (headings[-1] if headings else "", piece.asked)
        ),
        "prior": prior(asked.type, piece.kind),
        "fits": float(fits(asked.type, asked.text, text, piece.kind)),
        "misses": float(misses(asked.text, text)),
        "echo": float(len(new) < FEW_NEW_TERMS and piece.kind is not BlockKind.TABLE_ROW),
        "is_question": float(text.rstrip().endswith(("?", "？", "؟"))),
        "is_announcement": float(text.rstrip().endswith((":", "：")) and piece.kind is BlockKind.PARAGRAPH),
        "is_first": float(piece.is_first),
        "length": math.log1p(len(text) / 100),
    }


def heading_is_question(asked: Asked, heading: str, language: str | None) -> float:
    """How much a heading and the question are of the same words, in [0, 1] (Jaccard)."""
    found = frozenset(terms(heading, language))
    return len(found & asked.terms) / len(found | asked.terms) if found and asked.terms else 0.0


def _has_span(passage: Passage, piece: Piece, reading: Reading | None) -> bool:
    """Whether the span that was read in the passage (under its headings) lies in the piece."""
    if reading is None or reading.span is None:
        return False
    offset = len(passage.text_to_encode) - len(passage.text.strip())
    start, end = reading.span.start_char - offset, reading.span.end_char - offset
    return start < piece.end and end > piece.start


def _log_odds(probability: float | None) -> float:
    if probability is None:
        return NOTHING_KNOWN
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


def _squeezed(score: float) -> float:
    """A score of a span, the sum of two logits, in (-1, 1)."""
    return math.tanh(score / 8)
