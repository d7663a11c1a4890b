"""Looks for the place in the passages that supports a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.document import Passage
from indexer.encoder import Encoder
from rag.quote import find_quote
from rag.sentences import sentences
from rag.support import coverage, support

MAX_PLACES = 8
"""So many places that share most words with a sentence are compared by meaning."""


@dataclass(frozen=True, slots=True)
class Support:
    """Passage ``index`` supports a sentence at ``[start:end]`` of its text, with a score in [0, 1]."""

    index: int
    start: int
    end: int
    score: float


def best_support(
    sentence: str, passages: Sequence[Passage], indices: Sequence[int], encoder: Encoder | None
) -> Support | None:
    """The best place among the passages of these indices: word for word if there is one, else the closest.

    Places are sentences and pairs of neighbouring ones. None if no place shares a word. Without an encoder the words
    alone decide. Raises EncoderError.
    """
    for index in indices:
        span = find_quote(sentence, passages[index].text)
        if span:
            return Support(index, *span, score=1.0)
    places = [place for index in indices for place in _places(sentence, index, passages[index])]
    places = sorted(places, key=lambda place: -place.score)[:MAX_PLACES]
    if not places:
        return None
    texts = [passages[place.index].text[place.start : place.end] for place in places]
    cosines = _cosines(encoder, sentence, texts) if encoder else [place.score for place in places]
    scored = [
        replace(place, score=support(sentence, text, cosine, passages[place.index].head.language))
        for place, text, cosine in zip(places, texts, cosines, strict=True)
    ]
    return max(scored, key=lambda place: (place.score, place.start - place.end))


def _cosines(encoder: Encoder, sentence: str, texts: Sequence[str]) -> list[float]:
    own, *others = encoder.encode_passages([sentence, *texts])
    return [float(own @ other) for other in others]


def _places(sentence: str, index: int, passage: Passage) -> list[Support]:
    """Sentences and pairs of them that share a word with the sentence, scored by how many."""
    single = [(s.start, s.end) for s in sentences(passage.text)]
    spans = single + [(a, b) for (a, _), (_, b) in pairwise(single)]
    scored = [Support(index, a, b, coverage(sentence, passage.text[a:b], passage.head.language)) for a, b in spans]
    return [place for place in scored if place.score > 0]
