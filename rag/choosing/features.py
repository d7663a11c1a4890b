"""What is known of a piece before it is chosen, as numbers of about one size. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.block import BlockKind
from indexer.document import Passage
from rag.checks.polarity import negation_mismatches, opposites
from rag.choosing.asking import without_asking
from rag.choosing.defining import defines
from rag.choosing.fit import fits, misses, prior
from rag.choosing.headed import initials_in, says_the_deed
from rag.choosing.passing import asks_for_news, is_told_in_passing
from rag.choosing.pieces import Piece, labels_of
from rag.choosing.question import QuestionType
from rag.choosing.spoken import MIN_SAID, name_of, said_by_label, share_said, terms_said_in
from rag.choosing.subject import NUMBERING, names, names_subject, share_named, spelled_apart, subject
from rag.choosing.telling import counts, is_mere_note, tells_how
from rag.choosing.verbatim import is_name_in, named_verbatim, verbatim_names
from rag.choosing.weights import log_odds
from rag.evidence import term_weights, words_found
from ranker.reader import Reading
from ranker.words import term_set, terms

NOTHING_KNOWN = -6.0
"""Log-odds that stand for what no reader has said."""

ENGLISH = frozenset({"en", None})
"""Where nothing else is found, words such as ``come`` or ``hoe`` are not those that ask in other languages."""

COMMON_SHARE = 0.3
"""A name in so many of the pieces is that of what the whole site is about."""

MENTIONS = -0.5
"""How likely one item of another list is to say which there are."""

MIN_WORDS = 0.5
"""A text with less of the question's words, by weight, says neither yes nor no to it."""

LINES_TOGETHER = 6
"""So many lines of code are about one thing."""

TAKES_A_DENIAL = (QuestionType.YES_NO, QuestionType.HOW_TO, QuestionType.WHY, QuestionType.COMPARISON)
FEW_NEW_TERMS = 3
"""A text that adds fewer words to the question's own says nothing new."""

_GENERAL = re.compile(
    r"(?:names?|descriptions?|synopsis|overview|introduction|summary|about|definitions?|general|purpose|basics|"
    r"beschreibung|überblick|einführung|einleitung|présentation|aperçu|descripción|introducción)\W*",
    re.IGNORECASE,
)
"""Headings of what says in general what a page or a section is about."""

_MANUAL_PAGE = re.compile(r"\s*\(\d\w?\)(?:\s+manual page\b)?", re.IGNORECASE)

_PICTURE = r"(?:screen ?shots?|images?|pictures?|figures?|illustrations?|diagrams?)"
_ABOUT_ITSELF = re.compile(
    r"\s*(?:this|the following) (?:document|page|section|chapter|article|guide|tutorial|manual|part|appendix|topic)s?\b"
    r"[^.]*\b(?:describes?|explains?|covers?|discuss(?:es)?|provides?|contains?|lists?|documents?|shows?|about)\b|"
    rf"\s*(?:this|the following|an?) {_PICTURE}\b|\s*(?:below|above|here) (?:is|are) [^.]*\b{_PICTURE}\b",
    re.IGNORECASE,
)
MAX_ABOUT_CHARS = 250
"""A longer paragraph says more than that."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what kind of answer it wants, its terms by language of the passages and their weights.

    ``subject`` are the terms that say what it is about; ``apart`` finds the words that a text writes as one and the
    question as two, or the other way, and tells their terms. ``verbatim`` finds its options and signs.
    """

    text: str
    type: QuestionType
    terms: frozenset[str]
    weights: Mapping[str, float]
    subject: frozenset[str]
    names: Sequence[frozenset[str]]
    apart: Sequence[tuple[re.Pattern[str], frozenset[str]]] = ()
    verbatim: Sequence[re.Pattern[str]] = ()


def asked_of(text: str, asked_type: QuestionType, passages: Sequence[Passage], pieces: Sequence[Piece]) -> Asked:
    """The question with each of its terms weighed by how rare it is among the pieces."""
    languages = {passages[piece.index].head.language for piece in pieces} or {None}
    telling = text if languages <= ENGLISH else without_asking(text)
    wanted = list(dict.fromkeys(term for language in sorted(languages, key=str) for term in terms(telling, language)))
    verbatim = verbatim_names(text)
    held = [term_set(piece.read, passages[piece.index].head.language) for piece in pieces]
    weights = term_weights(wanted, held)
    telling_names = [name for name in names(telling) if sum(name <= one for one in held) < COMMON_SHARE * len(held)]
    about = subject(wanted)
    return Asked(text, asked_type, frozenset(wanted), weights, about, telling_names, spelled_apart(telling), verbatim)


def features_of_reading(of_piece: Reading | None) -> dict[str, float]:
    """Name -> value of what the reader made of a piece by itself; None where it did not read it."""
    return {
        "piece_answerable": _log_odds(of_piece.answerable if of_piece else None),
        "piece_relevance": _log_odds(of_piece.relevance if of_piece else None),
        "piece_span": _squeezed(of_piece.span.score) if of_piece and of_piece.span else -1.0,
    }


def features(asked: Asked, passage: Passage, piece: Piece, of_passage: Reading | None) -> dict[str, float]:
    """Name -> value, before the piece is read by itself. ``of_passage`` is what the reader made of the passage, None
    where it did not read.
    """
    language = passage.head.language
    own = _words_together(asked, piece, language)
    own |= frozenset(term for pattern, found in asked.apart if pattern.search(piece.read) for term in found)
    own |= terms_said_in(asked.text, piece.read) & asked.terms
    headings = tuple(dict.fromkeys((passage.head.title, *passage.heading_path)))
    above = frozenset(term for heading in headings for term in term_set(heading, language))
    above |= frozenset(term for heading in headings for term in said_by_label(asked.text, heading).terms) & asked.terms
    above |= initials_in(asked.text, headings) & asked.terms
    new = own - asked.terms
    span = of_passage.span if of_passage else None
    text = piece.read
    heading = _own_heading(headings)
    labels = (heading, piece.asked, *labels_of(piece, passage))
    named = max(_names_subject(asked, label, language) for label in labels)
    with_headings = words_found(asked.weights, own | above)
    missing = _missing(asked, own | above)
    is_counted = asked.type is QuestionType.VALUE and counts(asked.text, text, language)
    is_defined = asked.type in (QuestionType.DEFINITION, QuestionType.MEANING)
    return {
        "passage_answerable": _log_odds(of_passage.answerable if of_passage else None),
        "passage_relevance": _log_odds(of_passage.relevance if of_passage else None),
        "has_span": float(_has_span(passage, piece, of_passage)),
        "span_score": _squeezed(span.score) if span and _has_span(passage, piece, of_passage) else 0.0,
        **features_of_reading(None),
        "rank": -math.log1p(piece.index),
        "words": words_found(asked.weights, own),
        "words_with_headings": with_headings,
        "heading_is_question": max(heading_is_question(asked, label, language) for label in (heading, piece.asked)),
        "names_subject": named,
        "defines": float(is_defined and defines(passage.text[piece.start : piece.end], asked.subject, language)),
        "introduces": named * (piece.opens or piece.kind is BlockKind.DEFINITION) * is_defined,
        "tells_how": float(asked.type is QuestionType.HOW_TO and tells_how(text, asked.weights, language)),
        "counts": float(is_counted),
        "headed_as_asked": float(
            asked.type is QuestionType.HOW_TO and says_the_deed(asked.terms, headings, above, language)
        ),
        "named_verbatim": named_verbatim(asked.verbatim, labels[1:], text, asked.terms, own | above),
        "missing_name": float(any(not name <= (own | above) for name in asked.names)),
        "missing_polar": missing * (asked.type is QuestionType.YES_NO),
        "opposed": _opposed(asked, own, labels, language),
        "denied": _denied(asked, text, with_headings, language),
        "in_passing": float(is_told_in_passing(headings) and not asks_for_news(asked.text, asked.type)),
        "prior": MENTIONS if _only_mentions(asked, piece, above, language) else prior(asked.type, piece.kind),
        "fits": float(fits(asked.type, asked.text, text, piece.kind, labels[0]) or _is_what_to_call(asked, labels)),
        "misses": float(misses(asked.text, text) and not is_counted),
        "echo": float(
            (_says_nothing(new, text) and piece.kind is not BlockKind.TABLE_ROW)
            or (is_defined and piece.kind is BlockKind.PARAGRAPH and is_mere_note(text))
        ),
        "is_question": float(text.rstrip().endswith(("?", "？", "؟"))),
        "is_announcement": float(text.rstrip().endswith((":", "：")) and piece.kind is BlockKind.PARAGRAPH),
        "is_first": float(piece.is_first),
        "length": math.log1p(len(text) / 100),
        "code_length": math.log1p(len(text) / 100) if piece.kind is BlockKind.CODE else 0.0,
    }


def _words_together(asked: Asked, piece: Piece, language: str | None) -> frozenset[str]:
    """The terms of a piece; of long code those of the few lines that hold most of what is asked, since a long example
    holds many words that have nothing to do with each other.
    """
    lines = piece.read.splitlines()
    if piece.kind is not BlockKind.CODE or len(lines) <= LINES_TOGETHER:
        return term_set(piece.read, language)
    held = [term_set(line, language) for line in lines]
    windows = (frozenset[str]().union(*held[i : i + LINES_TOGETHER]) for i in range(len(held) - LINES_TOGETHER + 1))
    return max(windows, key=lambda window: words_found(asked.weights, window))


def _own_heading(headings: Sequence[str]) -> str:
    """What names the section, without its number: that above it where its own heading is a general one."""
    names = [_MANUAL_PAGE.sub("", NUMBERING.sub("", heading)) for heading in headings]
    return next((name for name in reversed(names) if not is_general(name)), names[-1] if names else "")


def is_general(heading: str) -> bool:
    """Whether a heading names no subject of its own: ``Overview``."""
    return _GENERAL.fullmatch(NUMBERING.sub("", heading)) is not None


def _is_what_to_call(asked: Asked, labels: Sequence[str]) -> bool:
    """Whether the piece is about a function or the like whose name says how to do what is asked.

    Names in capitals are those of codes and constants.
    """
    callable_names = [label for label in labels if not name_of(label).isupper()]
    return asked.type is QuestionType.HOW_TO and any(share_said(asked.text, one) >= MIN_SAID for one in callable_names)


def _only_mentions(asked: Asked, piece: Piece, above: frozenset[str], language: str | None) -> bool:
    """Whether an item or a row of another list speaks of what is to be listed: neither its heading, nor what introduces
    it, nor its columns do.
    """
    if asked.type is not QuestionType.LIST or piece.kind not in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return False
    told = above | term_set(" ".join((piece.lead, *piece.blocks[0].columns)), language)
    return words_found(asked.weights, asked.subject & told) < MIN_WORDS * words_found(asked.weights, asked.subject)


def _says_nothing(new: frozenset[str], text: str) -> bool:
    """Whether a text only repeats the question, or only says what its page or a picture on it is about."""
    return len(new) < FEW_NEW_TERMS or (len(text) <= MAX_ABOUT_CHARS and _ABOUT_ITSELF.match(text) is not None)


def _missing(asked: Asked, held: frozenset[str]) -> float:
    """How telling the most telling of the question's own words is that is lacking, in [0, 1]."""
    heaviest = max((asked.weights[term] for term in asked.subject), default=0.0)
    lacking = max((asked.weights[term] for term in asked.subject - held), default=0.0)
    return lacking / heaviest if heaviest else 0.0


def _opposed(asked: Asked, own: frozenset[str], labels: Sequence[str], language: str | None) -> float:
    """1.0 where the piece, or what it is under, says the opposite of a word that is asked for, and not that word."""
    if language not in ENGLISH:
        return 0.0
    held = own | {term for label in labels for term in term_set(label, language)}
    return float(any(other in held for term in asked.terms - held for other in opposites(term)))


def _denied(asked: Asked, text: str, found: float, language: str | None) -> float:
    """1.0 where a text of the question's words denies what is asked for: ``Which client can X?``, ``A cannot X.``"""
    if language not in ENGLISH or found < MIN_WORDS or asked.type in TAKES_A_DENIAL:
        return 0.0
    return float(bool(negation_mismatches(asked.text, text, language)))


def heading_is_question(asked: Asked, heading: str, language: str | None) -> float:
    """How much a heading and the question are of the same words, in [0, 1] (Jaccard); a name by what it says."""
    found = term_set(heading, language)
    if not found or not asked.terms:
        return 0.0
    return max(len(found & asked.terms) / len(found | asked.terms), share_said(asked.text, heading))


def _names_subject(asked: Asked, label: str, language: str | None) -> float:
    """The same for the words that the question is about, each as it weighs."""
    if is_name_in(asked.text, label):
        return 1.0
    said = said_by_label(asked.text, label)
    as_words = names_subject(label, asked.subject, asked.weights, language)
    return max(as_words, share_named(said.terms & asked.subject, said.unsaid, asked.subject, asked.weights))


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
    return log_odds(min(max(probability, 1e-4), 1 - 1e-4))


def _squeezed(score: float) -> float:
    """A score of a span, the sum of two logits, in (-1, 1)."""
    return math.tanh(score / 8)
