"""From a question to a plan over one declared table, by its words; None where any word is left unexplained. Pure.

English questions. A plan names declared columns only, and every value in it is bound, never written into a statement.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.recall.asked import Asked
from rag.recall.tables.mentions import Kind, Mention, mentions
from rag.recall.tables.plan import Comparison, Condition, Operation, Plan
from rag.recall.tables.schema import MONEY, UNITS, TableWords, same_unit, unit_of
from rag.recall.tables.values import Values, ValuesByColumn

MAX_ROWS = 50

_TAILS = frozenset(("code", "value", "number", "field", "column", "codes", "values", "numbers"))
"""What people add to the words of a column: ``the numeric code`` where a column is called numeric."""
_LETTER = frozenset(("letter", "letters"))
_LINKS = frozenset(("is", "with", "the", "has", "named", "called", "equal", "equals", "to", "having", "was", "s", "by"))
"""What may stand between a column and its value; ``of`` does not: the code of Germany is not a code called Germany."""
_LEADING_ON = frozenset(("of", "s", "for"))
_JOINING = frozenset(("and", "or", "also"))
"""Between two columns the former say that one leads to the other, the latter that both are asked for."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def read(asked: Asked, table: TableWords, values: Values) -> Plan | None:
    """What the question asks of the table."""
    return _Reading(asked, table, values).plan() if asked.words else None


class _Reading:
    def __init__(self, asked: Asked, table: TableWords, values: Values) -> None:
        self._asked = asked
        self._table = table
        self._mentions = sorted(mentions(asked, table, values), key=lambda mention: mention.start)
        self._covered = {i for mention in self._mentions for i in range(mention.start, mention.end)}
        for mention in self._of(Kind.COLUMN):
            words = asked.words
            while mention.end < len(words) and words[mention.end].name in _TAILS and mention.end not in self._covered:
                self._covered.add(mention.end)
                mention.end += 1

    def plan(self) -> Plan | None:
        conditions = self._conditions()
        left = [i for i in range(len(self._asked.words)) if i not in self._covered and not self._is_nothing(i)]
        if left or conditions is None or self._has_two_steps():
            return None
        operation = next((mention.operation for mention in self._mentions if mention.operation), None)
        wanted = tuple(column for m in self._of(Kind.COLUMN) if not m.is_used for column in m.columns[:1])
        counted = all(self._table.columns[name].is_number for name in wanted)
        if operation is None or (operation is Operation.COUNT and wanted and counted):
            # "How many inhabitants does Lyon have?" asks for a number that stands there.
            return self._rows(conditions, tuple(dict.fromkeys(wanted)))
        if operation is Operation.COUNT:
            is_named = bool(self._of(Kind.NOUN)) or any(c.test is Comparison.IS for c in conditions)
            return (
                Plan(operation, conditions=conditions, score=self._score(conditions))
                if is_named and not wanted
                else None
            )
        meant = next((m.columns for m in self._of(Kind.OPERATION) if m.columns and not wanted), ())
        return self._measured(operation, conditions, wanted or meant)

    def _has_two_steps(self) -> bool:
        """``The code of the country of Lyon`` is the code of France, not that of Lyon: no row of one table tells it.

        ``The name of the country of Lyon`` is its country.
        """
        wanted = [m for m in self._of(Kind.COLUMN) if not m.is_used and m.columns[0] not in self._table.names]
        return any(self._leads_on(one.end, other.start) for one, other in pairwise(wanted))

    def _leads_on(self, start: int, end: int) -> bool:
        between = self._asked.words[start:end]
        names = {word.name for word in between}
        return bool(names & _LEADING_ON) and not names & _JOINING and all(word.is_filler for word in between)

    def _rows(self, conditions: tuple[Condition, ...], wanted: tuple[str, ...]) -> Plan | None:
        """Rows by what they are called or by what holds for them."""
        names = self._table.names
        if not conditions:
            is_list = self._of(Kind.NOUN) and not wanted and self._lists_all()
            return Plan(Operation.LIST, names[:1], score=0.9) if is_list else None
        is_named = any(condition.columns[0] in names and condition.test is Comparison.IS for condition in conditions)
        if wanted and set(wanted) <= set(names):
            return self._names_of(conditions, wanted, is_named=is_named)
        if wanted:
            is_told = is_named or not self._of(Kind.NOUN)
            return Plan(Operation.LOOKUP, wanted, conditions, score=0.97) if is_told else None
        if is_named and not self._of(Kind.NOUN):
            asks_name = bool(self._of(Kind.NAME))
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
        if not fitting and not wanted and self._of(Kind.NOUN):
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
            if mention.kind is Kind.VALUE and not mention.is_used and mention.values:
                found.append(self._valued(mention, mention.values))
            elif mention.kind is Kind.COMPARISON and mention.test is not None:
                condition = self._compared(mention, mention.test)
                if condition is None:
                    return None
                found.append(condition)
        return (*_joined(found), *self._unknown_values())

    def _valued(self, mention: Mention, values: ValuesByColumn) -> Condition:
        beside = self._column_beside(mention.start, mention.end, set(values))
        columns = (beside,) if beside else tuple(values)
        if not beside:
            names = tuple(column for column in columns if column in self._table.names)
            others = tuple(column for column in columns if column not in names)
            # "The cantons of Luxembourg" are those in it; "the code of Luxembourg" is that of the one called so.
            columns = others if others and self._asks_for_rows() else names or columns
        ordered = sorted(columns, key=lambda c: self._table.names.index(c) if c in self._table.names else 99)
        return Condition(tuple(ordered), Comparison.IS, tuple(dict.fromkeys(v for c in ordered for v in values[c])))

    def _compared(self, mention: Mention, test: Comparison) -> Condition | None:
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
        before = [m for m in self._of(Kind.COLUMN) if not m.is_used and m.end <= mention.start]
        after = [m for m in self._of(Kind.COLUMN) if not m.is_used and m.start > end]
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
        if test not in (Comparison.BEGINS, Comparison.CONTAINS):
            self._covered.update(self._unit_at(end + 1, columns))
        value: object = word.raw if test in (Comparison.BEGINS, Comparison.CONTAINS) else _number(word.raw)
        return Condition(columns, test, (value,))

    def _unknown_values(self) -> Iterator[Condition]:
        """Words right behind a column that are no known value: the database knows whether it holds them."""
        for mention in self._of(Kind.COLUMN):
            if mention.is_used:
                continue
            start = mention.end
            column = mention.columns[0]
            is_number = self._table.columns[column].is_number
            while start < len(self._asked.words) and self._leads_to_value(start, is_number=is_number):
                start += 1
            end = start
            while end < len(self._asked.words) and end not in self._covered and not self._is_nothing(end):
                end += 1
            if start == end:
                continue
            unit = self._unit_at(end - 1, (column,))
            raw = self._asked.raw(start, end - len(unit))
            if is_number and not _NUMBER.fullmatch(raw):
                continue
            mention.is_used = True
            self._covered.update(range(start, end))
            yield Condition((column,), Comparison.IS, (_number(raw) if is_number else raw,))

    def _leads_to_value(self, i: int, *, is_number: bool) -> bool:
        """``with a warranty of 5``: a number behind "of" is one, while a name behind it is that of a row."""
        words = self._asked.words
        is_of = words[i].name == "of" and i + 1 < len(words) and _NUMBER.fullmatch(words[i + 1].raw) is not None
        return words[i].name in _LINKS or (is_number and is_of)

    def _unit_at(self, i: int, columns: tuple[str, ...]) -> range:
        """The word at ``i`` where it is the unit that these columns are in: a number of others would be another one."""
        word = self._asked.words[i].name if i < len(self._asked.words) else ""
        units = {unit_of(self._table.columns[name]) for name in columns}
        is_theirs = all(same_unit(word, unit) if unit else word in MONEY for unit in units)
        return range(i, i + 1) if word in UNITS and is_theirs else range(0)

    def _column_beside(self, start: int, end: int, columns: set[str]) -> str:
        """The column whose words stand right before or right behind a value of it."""
        while start > 0 and self._asked.words[start - 1].name in _LINKS and start - 1 not in self._covered:
            start -= 1
        while end < len(self._asked.words) and self._asked.words[end].name in _LINKS and end not in self._covered:
            end += 1
        for mention in self._of(Kind.COLUMN):
            fitting = [column for column in mention.columns if column in columns]
            if fitting and not mention.is_used and (mention.end == start or mention.start == end):
                mention.is_used = True
                return fitting[0]
        return ""

    def _asks_for_rows(self) -> bool:
        """Whether it is asked which rows there are, or how many, rather than what stands in one."""
        values = len(self._of(Kind.VALUE))
        return not self._of(Kind.COLUMN) and (bool(self._of(Kind.NOUN)) or bool(self._of(Kind.OPERATION)) or values > 1)

    def _others(self) -> tuple[str, ...]:
        return tuple(name for name in self._table.columns if name not in self._table.names)

    def _lists_all(self) -> bool:
        return bool({"list", "all", "which", "show", "every"} & {word.name for word in self._asked.words})

    def _score(self, conditions: tuple[Condition, ...]) -> float:
        """Rows that were called what they are, by noun or by the column of the value, are surely meant."""
        if any(mention.is_used for mention in self._of(Kind.COLUMN)):
            return 0.95
        names = self._table.names
        if any(c.columns[0] in names and c.test is Comparison.IS for c in conditions):
            # Rows of one name are hardly what is counted or listed.
            return 0.8
        if self._of(Kind.NOUN):
            return 0.95
        if any(not mention.is_exact for mention in self._of(Kind.VALUE)):
            return 0.75
        return 0.93 if len(conditions) > 1 else 0.83

    def _numbers(self) -> list[str]:
        return [word.raw for i, word in enumerate(self._asked.words) if word.raw.isdecimal() and i in self._loose()]

    def _loose(self) -> set[int]:
        """Words that no condition has taken."""
        taken = {i for m in self._mentions if m.kind is Kind.VALUE for i in range(m.start, m.end)}
        return set(range(len(self._asked.words))) - taken

    def _is_nothing(self, i: int) -> bool:
        """A word without meaning of its own; a number is some where it says how many are wanted."""
        word = self._asked.words[i]
        has_extreme = any(m.operation in (Operation.HIGHEST, Operation.LOWEST) for m in self._mentions)
        is_how_much = word.name == "much" and i > 0 and self._asked.words[i - 1].name == "how" and self._of(Kind.COLUMN)
        return word.is_filler or bool(is_how_much) or (has_extreme and word.raw.isdecimal())

    def _is_comparable(self, name: str) -> bool:
        column = self._table.columns[name]
        return column.is_number or column.is_date

    def _only_comparable(self) -> tuple[str, ...]:
        found = tuple(name for name in self._table.columns if self._is_comparable(name))
        return found if len(found) == 1 else ()

    def _of(self, kind: Kind) -> list[Mention]:
        return [mention for mention in self._mentions if mention.kind is kind]


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
