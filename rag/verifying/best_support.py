"""Looks for the place in the passages that bears out a sentence, and checks its facts there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from indexer.document import Passage
from indexer.encoder import Encoder
from rag.checks.check import mismatches
from rag.checks.injection import speaks_to_a_machine
from rag.checks.mismatch import Mismatch
from rag.choosing.weights import probability
from rag.quote import find_quote
from rag.sentences import sentences
from rag.support import coverage, support
from rag.verifying.features import features
from rag.verifying.weights import READ, UNREAD
from ranker.reader import Reader, Reading

MAX_PLACES = 8
"""So many places that share most words with a sentence are compared by meaning."""

NEAR = 0.8
"""Places with less than this part of the best one's words speak of something else, whatever numbers they share."""

VERBATIM = 0.99
"""How sure a sentence is that stands word for word in its passage."""

MISMATCHED = 0.2
"""What is left of the score of a sentence that has a fact otherwise than the place nearest to it."""


@dataclass(frozen=True, slots=True)
class Support:
    """Passage ``index`` bears out a sentence at ``[start:end]`` of its text, as surely as ``score`` in [0, 1] says.

    ``mismatches`` are the facts that the sentence has otherwise than the place; there are none in what is borne out.
    """

    index: int
    start: int
    end: int
    score: float
    mismatches: tuple[Mismatch, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)


def best_support(
    sentence: str,
    passages: Sequence[Passage],
    indices: Sequence[int],
    encoder: Encoder | None,
    reader: Reader | None = None,
) -> Support | None:
    """The best place among the passages of these indices: word for word if there is one, else the surest.

    Places are sentences and pairs of neighbouring ones. None if no place shares a word. Without an encoder words stand
    for meaning; without a ``reader`` that knows the language nobody reads. Raises EncoderError and ScorerError.
    """
    for index in indices:
        span = find_quote(sentence, passages[index].text)
        if span and not _is_order(passages[index].text, *span):
            return Support(index, *span, score=VERBATIM)
    places = list(_nearest(place for index in indices for place in _places(sentence, index, passages[index])))
    if not places:
        return None
    texts = [passages[place.index].text[place.start : place.end] for place in places]
    cosines = _cosines(encoder, sentence, texts) if encoder else [place.score for place in places]
    readings = _read(reader, sentence, passages, [place.index for place in places])
    scored = [
        _scored(sentence, place, passages[place.index], cosine, readings.get(place.index))
        for place, cosine in zip(places, cosines, strict=True)
    ]
    return max(scored, key=lambda place: (place.score, place.start - place.end))


def _scored(sentence: str, place: Support, passage: Passage, cosine: float, reading: Reading | None) -> Support:
    language = passage.head.language
    window, whole = _unwrapped(passage.text, place.start, place.end), _unwrapped(passage.text)
    context = " ".join((passage.head.title, *passage.heading_path))
    found = mismatches(sentence, window, language, context)
    anywhere = mismatches(sentence, whole, language, context)
    known = features(sentence, window, passage.text, cosine=cosine, reading=reading, found=anywhere, language=language)
    if language in (None, "en"):
        score = probability(READ if reading else UNREAD, known)
    else:
        score = support(sentence, window, cosine, language)
    score = min(score, VERBATIM) * (MISMATCHED if found else 1.0)
    return replace(place, score=score, mismatches=found, features=known)


def _unwrapped(text: str, start: int = 0, end: int | None = None) -> str:
    """The sentences of ``text`` that lie in ``[start:end]``, one a line however the text was wrapped."""
    within = (s for s in sentences(text) if start <= s.start and s.end <= (len(text) if end is None else end))
    return "\n".join(" ".join(text[s.start : s.end].split()) for s in within)


def _read(
    reader: Reader | None, sentence: str, passages: Sequence[Passage], indices: Sequence[int]
) -> dict[int, Reading]:
    """What the reader makes of the sentence in each passage whose language it knows."""
    known = [
        index
        for index in dict.fromkeys(indices)
        if reader and (reader.languages is None or (passages[index].head.language or "en") in reader.languages)
    ]
    if not reader or not known:
        return {}
    return dict(zip(known, reader.read(sentence, [passages[index].text_to_encode for index in known]), strict=True))


def _cosines(encoder: Encoder, sentence: str, texts: Sequence[str]) -> list[float]:
    own, *others = encoder.encode_passages([sentence, *texts])
    return [float(own @ other) for other in others]


def _nearest(places: Iterator[Support]) -> Iterator[Support]:
    ranked = sorted(places, key=lambda place: (-place.score, place.end - place.start))[:MAX_PLACES]
    return (place for place in ranked if place.score >= NEAR * ranked[0].score)


def _places(sentence: str, index: int, passage: Passage) -> list[Support]:
    """Sentences and pairs of them that share a word with the sentence, scored by how many."""
    single = [(s.start, s.end) for s in sentences(passage.text)]
    spans = single + [(a, b) for (a, _), (_, b) in pairwise(single)]
    scored = [Support(index, a, b, coverage(sentence, passage.text[a:b], passage.head.language)) for a, b in spans]
    return [place for place in scored if place.score > 0 and not _is_order(passage.text, place.start, place.end)]


def _is_order(text: str, start: int, end: int) -> bool:
    """Whether the place lies in lines that speak to a machine: what such lines say bears out nothing."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return speaks_to_a_machine(text[first : last if last >= 0 else len(text)])
