"""From a question and passages to the pieces that answer it, or to none: read, weigh, pick."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from crawler.block import BlockKind
from indexer.document import Passage
from indexer.encoder import Encoder
from indexer.errors import EncoderError
from indexer.languages import without_region
from rag.checks.injection import asks_about_machines, speaks_to_a_machine
from rag.checks.same import says_the_same
from rag.choosing.choice import Choice, Pick
from rag.choosing.config import ChoosingConfig
from rag.choosing.features import Asked, asked_of, features, features_of_reading
from rag.choosing.pieces import Piece, pieces_of
from rag.choosing.question import type_of
from rag.choosing.weights import READ, log_odds, probability
from rag.evidence import evidence
from ranker.degradation import Degradation, Part
from ranker.errors import ScorerError
from ranker.reader import Reader, Reading

MISTRUST = 0.1
"""What is left of the score of a piece that speaks to a machine, where the question does not ask for such."""

log = logging.getLogger(__name__)

NO_ANSWER = 0.02
"""Pieces of a passage that answers less likely than that are not read one by one."""

MAX_READ_CHARS = 500
"""Of a longer piece the beginning is read; its passage was read whole."""


class Chooser:
    """Chooses with a reader where it knows the language, else by meaning and words; thread-safe, as its parts are."""

    def __init__(
        self, encoder: Encoder | None, reader: Reader | None = None, config: ChoosingConfig = ChoosingConfig()
    ) -> None:
        self._encoder = encoder
        self.reader = reader
        self.config = config

    def choose(self, question: str, passages: Sequence[Passage]) -> Choice:
        """The pieces of these passages (best first) that answer; none where the question is better refused."""
        pieces = [piece for index, passage in enumerate(passages) for piece in pieces_of(index, passage)]
        asked = asked_of(question, type_of(question), passages, pieces)
        degraded: list[Degradation] = []
        found, least = self._weighed(asked, passages, pieces, degraded)
        if not asks_about_machines(question):
            found = _mistrusted(found, least)
        ranked = tuple(sorted(found, key=lambda pick: (-pick.score, pick.piece.index, pick.piece.start)))
        confidence = ranked[0].score if ranked else 0.0
        picks = picked(ranked, least, self.config) if confidence >= least else ()
        return Choice(asked.type, confidence, picks, ranked, tuple(passages), tuple(degraded))

    def _weighed(
        self, asked: Asked, passages: Sequence[Passage], pieces: Sequence[Piece], degraded: list[Degradation]
    ) -> tuple[list[Pick], float]:
        """Every piece with its score, and the least score to show one.

        Where the reader finds nothing in the languages it knows, those it does not know are looked through by words.
        """
        strange = self._strange(passages, pieces)
        found: list[Pick] = []
        if self.reader and (not passages or len(strange) < len(pieces)):
            try:
                found = self._read(asked, passages, pieces, self.reader)
            except ScorerError as error:
                log.warning("choosing without the reader: %s", error)
                degraded.append(Degradation(Part.READER, f"{error.what}, answered by words"))
                return self._by_words(asked, passages, pieces, degraded)
            if not strange or max((pick.score for pick in found), default=0.0) >= self.config.min_score:
                return found, self.config.min_score
        if not strange:
            return self._by_words(asked, passages, pieces, degraded)
        asked = asked_of(asked.text, asked.type, passages, strange)
        by_words, least = self._by_words(asked, passages, strange, degraded)
        is_found = max((pick.score for pick in by_words), default=0.0) >= least
        return (by_words, least) if is_found or not found else (found, self.config.min_score)

    def _strange(self, passages: Sequence[Passage], pieces: Sequence[Piece]) -> list[Piece]:
        """The pieces in the first language that the reader does not know."""
        known = self.reader.languages if self.reader else None
        if known is None:
            return []
        languages = [passage.head.language for passage in passages]
        first = next((code for code in languages if code and without_region(code) not in known), None)
        return [piece for piece in pieces if first and languages[piece.index] == first]

    def _read(self, asked: Asked, passages: Sequence[Passage], pieces: Sequence[Piece], reader: Reader) -> list[Pick]:
        """Every piece, weighed by what the reader makes of its passage, and the likeliest by what it makes of them."""
        of_passages = reader.read(asked.text, [passage.text_to_encode for passage in passages])
        known = [features(asked, passages[p.index], p, of_passages[p.index]) for p in pieces]
        whole = {i: of_passages[p.index] for i, p in enumerate(pieces) if p.read == passages[p.index].text}
        likely = [i for i, p in enumerate(pieces) if of_passages[p.index].answerable >= NO_ANSWER and i not in whole]
        order = sorted(likely, key=lambda i: -_promise(known[i]))[: self.config.max_read]
        texts = [replace(passages[pieces[i].index], text=pieces[i].read[:MAX_READ_CHARS]).text_to_encode for i in order]
        of_pieces: dict[int, Reading] = dict(zip(order, reader.read(asked.text, texts), strict=True)) | whole
        picks = []
        for i, piece in enumerate(pieces):
            passage = passages[piece.index]
            found = known[i] | features_of_reading(of_pieces.get(i))
            start, end = _span_in(passage, piece, of_passages[piece.index])
            picks.append(Pick(passage, piece, probability(READ, found), found, start, end))
        return picks

    def _by_words(
        self, asked: Asked, passages: Sequence[Passage], pieces: Sequence[Piece], degraded: list[Degradation]
    ) -> tuple[list[Pick], float]:
        """Without a reader: by meaning and words, or by words alone, with the least score that suits."""
        known = [features(asked, passages[piece.index], piece, None) for piece in pieces]
        order = sorted(range(len(pieces)), key=lambda i: -known[i]["words_with_headings"])[: self.config.max_read]
        cosines = self._cosines(asked, [passages[pieces[i].index] for i in order], [pieces[i] for i in order], degraded)
        found = []
        for place, i in enumerate(order):
            words = (known[i]["words"] + known[i]["words_with_headings"]) / 2
            score = words if cosines is None else evidence(cosines[place], words)
            score *= 0.6 if known[i]["is_question"] or known[i]["is_announcement"] else 1.0
            found.append(Pick(passages[pieces[i].index], pieces[i], min(score, 1.0), known[i]))
        return found, self.config.min_words if cosines is None else self.config.min_evidence

    def _cosines(
        self, asked: Asked, passages: Sequence[Passage], pieces: Sequence[Piece], degraded: list[Degradation]
    ) -> list[float] | None:
        if self._encoder is None or not pieces or not _knows(self._encoder.languages, passages):
            return None
        texts = [
            replace(passage, text=piece.read).text_to_encode for passage, piece in zip(passages, pieces, strict=True)
        ]
        try:
            question = self._encoder.encode_queries([asked.text])[0]
            return [float(vector @ question) for vector in self._encoder.encode_passages(texts)]
        except EncoderError as error:
            log.warning("choosing by words only: %s", error)
            degraded.append(Degradation(Part.ENCODER, f"{error.what}, answered by words"))
            return None


def _mistrusted(picks: Sequence[Pick], least: float) -> list[Pick]:
    """Text that gives a reading machine orders says next to nothing to people, nor does its list or table.

    What is not shown, below the ``least`` score, is not looked at.
    """
    shown = {_shown_in(pick.piece) for pick in picks if pick.score >= least}
    near = [pick.piece for pick in picks if _shown_in(pick.piece) in shown]
    hostile = {_shown_in(piece) for piece in near if speaks_to_a_machine(piece.read)}
    return [replace(pick, score=pick.score * MISTRUST) if _shown_in(pick.piece) in hostile else pick for pick in picks]


def _shown_in(piece: Piece) -> tuple[int, int, int]:
    """The passage and the list or table of a piece; where it stands if it is of none."""
    group = piece.blocks[0].group
    return piece.index, group, 0 if group else piece.start


def picked(ranked: Sequence[Pick], least: float, config: ChoosingConfig) -> tuple[Pick, ...]:
    """The best, and those near it that say something else, at most one for each list, table or section of text.

    What tells of the thing only in passing adds nothing to a section about it.
    """
    chosen: list[Pick] = []
    for pick in ranked:
        if len(chosen) == config.max_blocks or pick.score < least:
            break
        if chosen and log_odds(chosen[0].score) - log_odds(pick.score) > config.margin:
            break
        is_aside = bool(chosen) and _in_passing(pick) and not _in_passing(chosen[0])
        if not is_aside and not any(_repeats(pick, other) or _is_shown_with(pick, other) for other in chosen):
            chosen.append(pick)
    return tuple(chosen)


def _in_passing(pick: Pick) -> bool:
    return pick.features["in_passing"] > 0


def _repeats(pick: Pick, other: Pick) -> bool:
    return says_the_same(pick.piece.read, other.piece.read, pick.passage.head.language)


def _is_shown_with(pick: Pick, other: Pick) -> bool:
    """Whether both are parts of one list or table, which is shown whole."""
    a, b = pick.piece.blocks[0], other.piece.blocks[0]
    is_one = pick.passage.head.doc_id == other.passage.head.doc_id and bool(a.group) and a.group == b.group
    return is_one and a.kind == b.kind and a.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)


def _knows(languages: frozenset[str] | None, passages: Sequence[Passage]) -> bool:
    """Whether the language of the best passage is known; one of no known language can be read.

    Those after it may be in any language: in an index of many, what is near in meaning comes from all of them.
    """
    language = passages[0].head.language if passages else None
    return languages is None or not language or without_region(language) in languages


def _promise(known: dict[str, float]) -> float:
    """Which pieces to read first."""
    return (
        known["passage_answerable"]
        + 2 * known["has_span"]
        + 3 * known["words_with_headings"]
        + known["prior"]
        + known["fits"]
        + known["rank"]
    )


def _span_in(passage: Passage, piece: Piece, reading: Reading) -> tuple[int, int]:
    """Where in the passage's text the span is that lies in this piece; nowhere (0, 0) if it does not."""
    if reading.span is None:
        return 0, 0
    offset = len(passage.text_to_encode) - len(passage.text.strip())
    start, end = reading.span.start_char - offset, reading.span.end_char - offset
    return (start, end) if piece.start <= start and end <= piece.end else (0, 0)
