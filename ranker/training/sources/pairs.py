"""Groups to token rows: ``[CLS] query [SEP] passage [SEP]``, the passage cut to a window that holds its answer."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.inference.model import encodable
from ranker.training.group import Group

MAX_QUERY_TOKENS = 96
IGNORED = -100
"""A row whose span is not known: neither start nor end count."""


@dataclass(frozen=True, slots=True)
class Row:
    """One query with one passage. ``query_tokens`` counts [CLS] and the first [SEP].

    ``start`` and ``end`` are the positions of the answer's first and last token, 0 (that is [CLS]) where the passage
    holds no answer, IGNORED where that is not known.
    """

    ids: tuple[int, ...]
    query_tokens: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """A group as rows, the right one first; where the query ``is_changed``, none is right."""

    rows: tuple[Row, ...]
    teacher: tuple[float, ...]
    answers: bool
    is_changed: bool = False

    @property
    def length(self) -> int:
        return max(len(row.ids) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Windows:
    """How many passage tokens a group keeps: ``longest`` for one in ``whole_one_in``, else between the bounds.

    One length for all passages of a group, so that length does not tell which is right.
    """

    shortest: int = 64
    longest: int = 256
    usual: int = 176
    whole_one_in: int = 4

    def draw(self, rng: random.Random) -> int:
        return self.longest if rng.randrange(self.whole_one_in) == 0 else rng.randint(self.shortest, self.usual)


def examples(groups: Sequence[Group], tokenizer: Any, windows: Windows, seed: int) -> Iterator[Example]:
    """The groups as rows, in their order; the windows depend on the seed and the group's place alone."""
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    for place, group in enumerate(groups):
        rng = random.Random(f"{seed}/{place}")  # noqa: S311 - for training, not for secrets
        size = windows.draw(rng)
        query, *passages = tokenizer.encode_batch(encodable([group.query, *group.passages]), add_special_tokens=False)
        head = [cls, *query.ids[:MAX_QUERY_TOKENS], sep]
        rows = []
        for number, passage in enumerate(passages):
            span = group.span if number == 0 else None
            tokens = _token_span(passage.offsets, span)
            first = _window(len(passage.ids), size, tokens, rng, anywhere=group.span is not None)
            ids = (*head, *passage.ids[first : first + size], sep)
            rows.append(Row(ids, len(head), *_targets(group, number, tokens, len(head) - first)))
        yield Example(tuple(rows), group.teacher, group.answers, group.is_changed)


def _token_span(offsets: Sequence[tuple[int, int]], span: tuple[int, int] | None) -> tuple[int, int] | None:
    """First and last token of the characters; None without a span or where no token touches it."""
    if span is None:
        return None
    touched = [i for i, (start, end) in enumerate(offsets) if start < span[1] and end > span[0]]
    return (touched[0], touched[-1]) if touched else None


def _window(length: int, size: int, tokens: tuple[int, int] | None, rng: random.Random, *, anywhere: bool) -> int:
    """Where the window of ``size`` tokens begins: somewhere around the answer, at the start where there is none."""
    if length <= size or not anywhere:
        return 0
    low, high = (max(0, tokens[1] + 1 - size), min(tokens[0], length - size)) if tokens else (0, length - size)
    return rng.randint(low, high) if low <= high else min(low, length - size)


def _targets(group: Group, number: int, tokens: tuple[int, int] | None, shift: int) -> tuple[int, int]:
    if group.is_changed:
        return 0, 0
    if group.span is None:
        return IGNORED, IGNORED
    if number > 0:
        return 0, 0
    return (tokens[0] + shift, tokens[1] + shift) if tokens else (IGNORED, IGNORED)
