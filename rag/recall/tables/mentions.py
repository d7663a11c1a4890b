"""What the words of a question mention of a declared table: its columns, its values, what to work out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from rag.recall.asked import MAX_SPAN_WORDS, Asked
from rag.recall.tables.plan import Comparison, Operation
from rag.recall.tables.schema import TableWords
from rag.recall.tables.values import MAX_CODE_CHARS, Values, ValuesByColumn

_OPERATIONS: dict[str, Operation] = {
    "how many": Operation.COUNT,
    "number of": Operation.COUNT,
    "total number of": Operation.COUNT,
    "count of": Operation.COUNT,
    "count": Operation.COUNT,
    "amount of": Operation.COUNT,
    "sum of": Operation.SUM,
    "sum": Operation.SUM,
    "total": Operation.SUM,
    "combined": Operation.SUM,
    "altogether": Operation.SUM,
    "average": Operation.AVERAGE,
    "mean": Operation.AVERAGE,
    "on average": Operation.AVERAGE,
    **dict.fromkeys(
        [
            "highest",
            "largest",
            "biggest",
            "greatest",
            "most",
            "maximum",
            "max",
            "longest",
            "latest",
            "newest",
            "last",
            "top",
            "heaviest",
            "tallest",
        ],
        Operation.HIGHEST,
    ),
    **dict.fromkeys(
        [
            "lowest",
            "smallest",
            "least",
            "minimum",
            "min",
            "shortest",
            "earliest",
            "oldest",
            "first",
            "fewest",
            "lightest",
            "cheapest",
        ],
        Operation.LOWEST,
    ),
}
_COMPARISONS: dict[str, Comparison] = {
    "more than": Comparison.ABOVE,
    "greater than": Comparison.ABOVE,
    "larger than": Comparison.ABOVE,
    "higher than": Comparison.ABOVE,
    "over": Comparison.ABOVE,
    "above": Comparison.ABOVE,
    "exceeding": Comparison.ABOVE,
    "after": Comparison.ABOVE,
    "less than": Comparison.BELOW,
    "fewer than": Comparison.BELOW,
    "smaller than": Comparison.BELOW,
    "lower than": Comparison.BELOW,
    "under": Comparison.BELOW,
    "below": Comparison.BELOW,
    "before": Comparison.BELOW,
    "at least": Comparison.AT_LEAST,
    "since": Comparison.AT_LEAST,
    "at most": Comparison.AT_MOST,
    "up to": Comparison.AT_MOST,
    "starting with": Comparison.BEGINS,
    "start with": Comparison.BEGINS,
    "starts with": Comparison.BEGINS,
    "begin with": Comparison.BEGINS,
    "begins with": Comparison.BEGINS,
    "beginning with": Comparison.BEGINS,
    "containing": Comparison.CONTAINS,
    "contains": Comparison.CONTAINS,
    "contain": Comparison.CONTAINS,
}
_ASKS_FOR_NAME = frozenset(
    ("stand", "stands", "abbreviation", "abbreviate", "short", "denote", "denotes", "refer", "refers")
)
"""``What does AFG stand for?``"""


class Kind(IntEnum):
    """What words were recognised as; of equally long ones the first kind is meant."""

    COMPARISON = 0
    VALUE = 1
    COLUMN = 2
    NOUN = 3
    OPERATION = 4
    NAME = 5


@dataclass(slots=True)
class Mention:
    """Words ``start`` to ``end``; ``is_used`` once a condition was made of them."""

    start: int
    end: int
    kind: Kind
    columns: tuple[str, ...] = ()
    values: ValuesByColumn | None = None
    is_exact: bool = True
    operation: Operation | None = None
    test: Comparison | None = None
    is_used: bool = False


def mentions(asked: Asked, table: TableWords, values: Values) -> list[Mention]:
    """The longest mentions that do not overlap."""
    found = [mention for start, end in asked.spans(MAX_SPAN_WORDS) for mention in _at(asked, table, values, start, end)]
    chosen: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.kind)):
        place = set(range(mention.start, mention.end))
        if not place & taken:
            taken |= place
            chosen.append(mention)
    return chosen


def _at(asked: Asked, table: TableWords, values: Values, start: int, end: int) -> Iterator[Mention]:
    stems, name = asked.stems(start, end), asked.name(start, end)
    if test := _COMPARISONS.get(name):
        yield Mention(start, end, Kind.COMPARISON, test=test)
    if spelt := values.spelt(asked, start, end):
        raw = asked.raw(start, end)
        is_exact = len(raw) > MAX_CODE_CHARS or any(raw in found for found in spelt.values())
        yield Mention(start, end, Kind.VALUE, values=spelt, is_exact=is_exact)
    if columns := table.words.get(stems):
        yield Mention(start, end, Kind.COLUMN, columns=columns)
    if stems in table.nouns:
        yield Mention(start, end, Kind.NOUN)
    if extreme := table.extremes.get(name):
        yield Mention(start, end, Kind.OPERATION, operation=extreme[0], columns=extreme[1:])
    if operation := _OPERATIONS.get(name):
        yield Mention(start, end, Kind.OPERATION, operation=operation)
    if end - start == 1 and name in _ASKS_FOR_NAME:
        yield Mention(start, end, Kind.NAME)
