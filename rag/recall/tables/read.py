"""From a question to a plan over one declared table, by its words; None where any word is left unexplained. Pure.

English questions. A plan names declared columns only, and every value in it is bound, never written into a statement.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from rag.recall.asked import MAX_SPAN_WORDS, Asked
from rag.recall.tables.plan import Comparison, Condition, Operation, Plan
from rag.recall.tables.schema import TableWords
from rag.recall.tables.values import MAX_CODE_CHARS, Values, ValuesByColumn

MAX_ROWS = 50

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
_TAILS = frozenset(("code", "value", "number", "field", "column", "codes", "values", "numbers"))
"""What people add to the words of a column: ``the numeric code`` where a column is called numeric."""
_LETTER = frozenset(("letter", "letters"))
_LINKS = frozenset(("is", "with", "the", "has", "named", "called", "equal", "equals", "to", "having", "was", "s", "by"))
"""What may stand between a column and its value; ``of`` does not: the code of Germany is not a code called Germany."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class _Kind(IntEnum):
    """What words were recognised as; of equally long ones the first kind is meant."""

    COMPARISON = 0
    VALUE = 1
    COLUMN = 2
    NOUN = 3
    OPERATION = 4
    NAME = 5


@dataclass(slots=True)
class _Mention:
    start: int
    end: int
    kind: _Kind
    columns: tuple[str, ...] = ()
    values: ValuesByColumn | None = None
    is_exact: bool = True
    operation: Operation | None = None
    test: Comparison | None = None
    is_used: bool = False


def read(asked: Asked, table: TableWords, values: Values) -> Plan | None:
    """What the question asks of the table."""
    return _Reading(asked, table, values).plan() if asked.words else None


class _Reading:
    def __init__(self, asked: Asked, table: TableWords, values: Values) -> None:
        self._asked = asked
        self._table = table
        self._mentions = sorted(_chosen(asked, table, values), key=lambda mention: mention.start)
        self._covered = {i for mention in self._mentions for i in range(mention.start, mention.end)}
        for mention in self._of(_Kind.COLUMN):
            words = asked.words
            while mention.end < len(words) and words[mention.end].name in _TAILS and mention.end not in self._covered:
                self._covered.add(mention.end)
                mention.end += 1

    def plan(self) -> Plan | None:
        conditions = self._conditions()
        left = [i for i in range(len(self._asked.words)) if i not in self._covered and not self._is_nothing(i)]
        if left or conditions is None:
            return None
        operation = next((mention.operation for mention in self._mentions if mention.operation), None)
        wanted = tuple(column for m in self._of(_Kind.COLUMN) if not m.is_used for column in m.columns[:1])
        counted = all(self._table.columns[name].is_number for name in wanted)
        if operation is None or (operation is Operation.COUNT and wanted and counted):
            # "How many inhabitants does Lyon have?" asks for a number that stands there.
            return self._rows(conditions, tuple(dict.fromkeys(wanted)))
        if operation is Operation.COUNT:
            is_named = bool(self._of(_Kind.NOUN)) or any(c.test is Comparison.IS for c in conditions)
            return (
                Plan(operation, conditions=conditions, score=self._score(conditions))
                if is_named and not wanted
                else None
            )
        return self._measured(operation, conditions, wanted)

    def _rows(self, conditions: tuple[Condition, ...], wanted: tuple[str, ...]) -> Plan | None:
        """Rows by what they are called or by what holds for them."""
        names = self._table.names
        if not conditions:
            is_list = self._of(_Kind.NOUN) and not wanted and self._lists_all()
            return Plan(Operation.LIST, names[:1], score=0.9) if is_list else None
        is_named = any(condition.columns[0] in names and condition.test is Comparison.IS for condition in conditions)
        if wanted and set(wanted) <= set(names):
            return self._names_of(conditions, wanted, is_named=is_named)
        if wanted:
            is_told = is_named or not self._of(_Kind.NOUN)
            return Plan(Operation.LOOKUP, wanted, conditions, score=0.97) if is_told else None
        if is_named and not self._of(_Kind.NOUN):
            asks_name = bool(self._of(_Kind.NAME))
            return None if asks_name else Plan(Operation.LOOKUP, self._others(), conditions, score=0.5)
        return Plan(Operation.LIST, names[:1], conditions, score=self._score(conditions) - 0.02)

    def _names_of(self, conditions: tuple[Condition, ...], wanted: tuple[str, ...], *, is_named: bool) -> Plan | None:
        """``Name the towns in France`` asks for rows, though a column is called name; another name may be looked up."""
        if any(wanted[0] in condition.columns and condition.test is Comparison.IS for condition in conditions):
            return None
        if is_named:
            return Plan(Operation.LOOKUP, wanted, conditions, score=0.97)
        return Plan(Operation.LIST, wanted[:1], conditions, score=self._score(conditions) - 0.02)

    def _measured(
        self, operation: Operation, conditions: tuple[Condition, ...], wanted: tuple[str, ...]
    ) -> Plan | None:
        columns = self._table.columns
        fitting = [c for c in wanted if columns[c].is_number or (columns[c].is_date and not operation.is_computed)]
        if not fitting and not wanted and self._of(_Kind.NOUN):
            numbers = [name for name, column in columns.items() if column.is_number]
            fitting = numbers if len(numbers) == 1 else []
        if not fitting or set(wanted) - set(fitting) - set(self._table.names):
            return None
        limit = next((int(number) for number in self._numbers() if 0 < int(number) <= MAX_ROWS), 1)
        return Plan(operation, conditions=conditions, measure=fitting[0], limit=limit, score=0.95)

    def _conditions(self) -> tuple[Condition, ...] | None:
        """What the values and comparisons in the question demand; None where one of them cannot be told."""
        found: list[Condition] = []
        for mention in self._mentions:
            if mention.kind is _Kind.VALUE and not mention.is_used and mention.values:
                found.append(self._valued(mention, mention.values))
            elif mention.kind is _Kind.COMPARISON and mention.test is not None:
                condition = self._compared(mention, mention.test)
                if condition is None:
                    return None
                found.append(condition)
        return (*_joined(found), *self._unknown_values())

    def _valued(self, mention: _Mention, values: ValuesByColumn) -> Condition:
        beside = self._column_beside(mention.start, mention.end, set(values))
        columns = (beside,) if beside else tuple(values)
        if not beside:
            names = tuple(column for column in columns if column in self._table.names)
            others = tuple(column for column in columns if column not in names)
            # "The cantons of Luxembourg" are those in it; "the code of Luxembourg" is that of the one called so.
            columns = others if others and self._asks_for_rows() else names or columns
        ordered = sorted(columns, key=lambda c: self._table.names.index(c) if c in self._table.names else 99)
        return Condition(tuple(ordered), Comparison.IS, tuple(dict.fromkeys(v for c in ordered for v in values[c])))

    def _compared(self, mention: _Mention, test: Comparison) -> Condition | None:
        """``more than 5 million``, ``starting with A``: the words after it, held against the column before it."""
        end = mention.end
        while end < len(self._asked.words) and (
            self._asked.words[end].name in _LETTER or self._asked.words[end].name in ("the", "a", "year")
        ):
            end += 1
        if end == len(self._asked.words):
            return None
        word = self._asked.words[end]
        while end + 1 < len(self._asked.words) and self._asked.words[end + 1].token == word.token:
            end += 1
        self._covered.update(range(mention.end, end + 1))
        for other in self._mentions:
            other.is_used = other.is_used or other.start <= end < other.end
        before = [m for m in self._of(_Kind.COLUMN) if not m.is_used and m.end <= mention.start]
        after = [m for m in self._of(_Kind.COLUMN) if not m.is_used and m.start > end]
        near = (before or after)[-1:] if before else after[:1]
        if test in (Comparison.BEGINS, Comparison.CONTAINS):
            columns = near[0].columns[:1] if near else self._table.names[:1]
        else:
            if not _NUMBER.fullmatch(word.raw):
                return None
            columns = tuple(c for c in (near[0].columns if near else ()) if self._is_comparable(c))
            columns = columns or self._only_comparable()
        if not columns:
            return None
        for one in near:
            one.is_used = True
        value: object = word.raw if test in (Comparison.BEGINS, Comparison.CONTAINS) else _number(word.raw)
        return Condition(columns, test, (value,))

    def _unknown_values(self) -> Iterator[Condition]:
        """Words right behind a column that are no known value: the database knows whether it holds them."""
        for mention in self._of(_Kind.COLUMN):
            if mention.is_used:
                continue
            start = mention.end
            while start < len(self._asked.words) and self._asked.words[start].name in _LINKS:
                start += 1
            end = start
            while end < len(self._asked.words) and end not in self._covered and not self._is_nothing(end):
                end += 1
            if start == end:
                continue
            column = mention.columns[0]
            raw = self._asked.raw(start, end)
            is_number = self._table.columns[column].is_number
            if is_number and not _NUMBER.fullmatch(raw):
                continue
            mention.is_used = True
            self._covered.update(range(start, end))
            yield Condition((column,), Comparison.IS, (_number(raw) if is_number else raw,))

    def _column_beside(self, start: int, end: int, columns: set[str]) -> str:
        """The column whose words stand right before or right behind a value of it."""
        while start > 0 and self._asked.words[start - 1].name in _LINKS and start - 1 not in self._covered:
            start -= 1
        while end < len(self._asked.words) and self._asked.words[end].name in _LINKS and end not in self._covered:
            end += 1
        for mention in self._of(_Kind.COLUMN):
            fitting = [column for column in mention.columns if column in columns]
            if fitting and not mention.is_used and (mention.end == start or mention.start == end):
                mention.is_used = True
                return fitting[0]
        return ""

    def _asks_for_rows(self) -> bool:
        """Whether it is asked which rows there are, or how many, rather than what stands in one."""
        values = len(self._of(_Kind.VALUE))
        return not self._of(_Kind.COLUMN) and (
            bool(self._of(_Kind.NOUN)) or bool(self._of(_Kind.OPERATION)) or values > 1
        )

    def _others(self) -> tuple[str, ...]:
        return tuple(name for name in self._table.columns if name not in self._table.names)

    def _lists_all(self) -> bool:
        return bool({"list", "all", "which", "show", "every"} & {word.name for word in self._asked.words})

    def _score(self, conditions: tuple[Condition, ...]) -> float:
        """Rows that were called what they are, by noun or by the column of the value, are surely meant."""
        if any(mention.is_used for mention in self._of(_Kind.COLUMN)):
            return 0.95
        names = self._table.names
        if any(c.columns[0] in names and c.test is Comparison.IS for c in conditions):
            # Rows of one name are hardly what is counted or listed.
            return 0.8
        if self._of(_Kind.NOUN):
            return 0.95
        if any(not mention.is_exact for mention in self._of(_Kind.VALUE)):
            return 0.75
        return 0.93 if len(conditions) > 1 else 0.83

    def _numbers(self) -> list[str]:
        return [word.raw for i, word in enumerate(self._asked.words) if word.raw.isdecimal() and i in self._loose()]

    def _loose(self) -> set[int]:
        """Words that no condition has taken."""
        taken = {i for m in self._mentions if m.kind is _Kind.VALUE for i in range(m.start, m.end)}
        return set(range(len(self._asked.words))) - taken

    def _is_nothing(self, i: int) -> bool:
        """A word without meaning of its own; a number is some where it says how many are wanted."""
        word = self._asked.words[i]
        has_extreme = any(m.operation in (Operation.HIGHEST, Operation.LOWEST) for m in self._mentions)
        return word.is_filler or (has_extreme and word.raw.isdecimal())

    def _is_comparable(self, name: str) -> bool:
        column = self._table.columns[name]
        return column.is_number or column.is_date

    def _only_comparable(self) -> tuple[str, ...]:
        found = tuple(name for name in self._table.columns if self._is_comparable(name))
        return found if len(found) == 1 else ()

    def _of(self, kind: _Kind) -> list[_Mention]:
        return [mention for mention in self._mentions if mention.kind is kind]


def _chosen(asked: Asked, table: TableWords, values: Values) -> list[_Mention]:
    """The longest mentions that do not overlap."""
    found = [mention for start, end in asked.spans(MAX_SPAN_WORDS) for mention in _at(asked, table, values, start, end)]
    chosen: list[_Mention] = []
    taken: set[int] = set()
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.kind)):
        place = set(range(mention.start, mention.end))
        if not place & taken:
            taken |= place
            chosen.append(mention)
    return chosen


def _at(asked: Asked, table: TableWords, values: Values, start: int, end: int) -> Iterator[_Mention]:
    stems, name = asked.stems(start, end), asked.name(start, end)
    if test := _COMPARISONS.get(name):
        yield _Mention(start, end, _Kind.COMPARISON, test=test)
    if spelt := values.spelt(asked, start, end):
        raw = asked.raw(start, end)
        is_exact = len(raw) > MAX_CODE_CHARS or any(raw in found for found in spelt.values())
        yield _Mention(start, end, _Kind.VALUE, values=spelt, is_exact=is_exact)
    if columns := table.words.get(stems):
        yield _Mention(start, end, _Kind.COLUMN, columns=columns)
    if stems in table.nouns:
        yield _Mention(start, end, _Kind.NOUN)
    if operation := _OPERATIONS.get(name):
        yield _Mention(start, end, _Kind.OPERATION, operation=operation)
    if end - start == 1 and name in _ASKS_FOR_NAME:
        yield _Mention(start, end, _Kind.NAME)


def _joined(found: list[Condition]) -> tuple[Condition, ...]:
    """Values of the same columns are alternatives; all else must hold together."""
    joined: dict[tuple[tuple[str, ...], Comparison], Condition] = {}
    for one in found:
        key = (one.columns, one.test)
        before = joined.get(key)
        values = one.values if before is None else tuple(dict.fromkeys((*before.values, *one.values)))
        joined[key] = Condition(one.columns, one.test, values)
    return tuple(joined.values())


def _number(raw: str) -> int | float:
    """``1,000,000`` and ``2.5``."""
    bare = re.sub(r",(?=\d{3})", "", raw)
    return float(bare.replace(",", ".")) if "." in bare or "," in bare else int(bare)
