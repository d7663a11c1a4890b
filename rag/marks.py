"""Generated text with citation marks such as [1] or [2, 3] to sentences with the ids they cite: a pure function."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.asking.stems import has_cjk
from rag.errors import GeneratorInterrupted
from rag.sentences import sentences

_MARK = re.compile(r"[ \t]*(?<!\w)[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")

MIN_BEGUN_CHARS = 12
"""A sentence counts as ended once so much of the next is there: until then ``5 p.m. The`` can be read two ways."""


_BREAK = "\u2028"
_ENDED = re.compile(r"[.!?。！？…][\"'”’»)\]」』）]*\s*$")


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence on one line without marks, the ids it cites in order, what separates it from the one before."""

    text: str
    ids: tuple[int, ...]
    separator: str = ""


_NOTHING = CitedSentence("", ())


@dataclass(frozen=True, slots=True)
class _Mark:
    at: int
    ids: tuple[int, ...]


def stream_sentences(pieces: Iterable[str]) -> Iterator[CitedSentence]:
    """Each sentence of a text that comes in pieces, once it has ended and its marks are there.

    Where the pieces break off with GeneratorInterrupted, what has ended comes before it is raised again.
    """
    text = ""
    taken = 0
    try:
        for piece in pieces:
            text += piece
            *ended, last = cited_sentences(text) or [_NOTHING]
            if len(last.text) >= MIN_BEGUN_CHARS:
                yield from ended[taken:]
                taken = max(taken, len(ended))
    except GeneratorInterrupted:
        yield from (sentence for sentence in cited_sentences(text)[taken:] if _ENDED.search(sentence.text))
        raise
    yield from cited_sentences(text)[taken:]


def cited_sentences(generated: str) -> list[CitedSentence]:
    """Sentences in order. A mark belongs to the sentence it stands in or right behind; one before all to none."""
    clean, marks = _without_marks(generated)
    found: list[CitedSentence] = []
    spans = sentences(clean, joins_lines=False)
    for i, span in enumerate(spans):
        next_start = spans[i + 1].start if i + 1 < len(spans) else len(clean)
        ids = dict.fromkeys(n for mark in marks if span.start < mark.at <= next_start for n in mark.ids)
        gap = clean[spans[i - 1].end : span.start] if i else ""
        separator = "\n" if "\n" in gap else " " if gap.strip(_BREAK) else ""
        found.append(CitedSentence(" ".join(clean[span.start : span.end].split()), tuple(ids), separator))
    return found


def _without_marks(generated: str) -> tuple[str, list[_Mark]]:
    """The text without marks, and where in it each stood."""
    parts: list[str] = []
    marks: list[_Mark] = []
    length = copied = 0
    for match in _MARK.finditer(generated):
        kept = generated[copied : match.start()]
        parts += [kept, _filler(kept, generated[match.end() : match.end() + 1])]
        length += len(kept)
        marks.append(_Mark(length, tuple(int(n) for n in re.findall(r"\d+", match.group(1)))))
        length += len(parts[-1])
        copied = match.end()
    return "".join([*parts, generated[copied:]]), marks


def _filler(before: str, after: str) -> str:
    """What stands in for a mark: behind a full stop it shows that the sentence is over, whatever letter follows."""
    is_stuck = after.isalnum() and not has_cjk(after)
    return (_BREAK if _ENDED.search(before) else "") + (" " if is_stuck else "")
