"""A table as a memory: a question becomes a plan, the plan one bounded statement, its rows a cited answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.document import Document, Head, Passage, doc_id_of
from indexer.sources.config import SourceConfig
from indexer.sources.sql import SqlSource
from indexer.sources.template import plain
from rag.recall.asked import Asked
from rag.recall.config import RecallLimits
from rag.recall.fresh import Fresh
from rag.recall.memory import Evidence, Groups, MemoryKind, Recollection, Statement, may_see, quoted_line, whole
from rag.recall.tables.compile import compile_plan
from rag.recall.tables.plan import Comparison, Operation, Plan
from rag.recall.tables.read import read
from rag.recall.tables.schema import Column, TableWords, table_words
from rag.recall.tables.values import MAX_VALUES, Values

if TYPE_CHECKING:
    from sqlalchemy.sql import FromClause

MAX_CITED = 5
"""Of a long list so many records are cited."""
MAX_VALUE_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a table before anything is asked of it."""

    rows: "FromClause"
    words: TableWords
    values: Values


class TableMemory:
    """Answers from one table or query of the configuration; reads in transactions that may write nothing."""

    kind = MemoryKind.TABLE

    def __init__(self, config: SourceConfig, limits: RecallLimits = RecallLimits()) -> None:
        self._config = config
        self._limits = limits
        self._source = SqlSource(config)
        self._known = Fresh(self._read, limits.refresh_s)

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._config.name

    def recall(self, asked: Asked, groups: Groups) -> list[Recollection]:
        """The answer to what the question asks of the table, if it asks something of it."""
        if self._config.access and not set(self._config.access) & set(groups or ()):
            return []
        known = self._known.get()
        plan = read(asked, known.words, known.values)
        if plan is None:
            return []
        statement = compile_plan(plan, known.rows, known.words, access_field=self._config.access_field, groups=groups)
        with self._source.connected(self._limits.timeout_s) as connection:
            found = [dict(row._mapping) for row in connection.execute(statement)]
        answer = (
            self._computed(plan, known, found) if plan.operation.is_computed else self._rows(plan, known, found, groups)
        )
        return [answer] if answer else []

    def close(self) -> None:
        """Close the connections."""
        self._known.close()
        self._source.close()

    def _read(self) -> _Known:
        from sqlalchemy import Date, DateTime, Numeric, String, select
        from sqlalchemy.sql.sqltypes import NullType

        values = Values()
        with self._source.connected() as connection:
            rows = self._source.rows_of(connection)
            types = {column.name: column.type for column in rows.c}
            if any(isinstance(kind, NullType) for kind in types.values()):
                types |= _types_by_values(connection, rows)
            columns = [
                Column(name, isinstance(kind, Numeric) or _is_integer(kind), isinstance(kind, Date | DateTime))
                for name, kind in types.items()
            ]
            words = table_words(self._config, columns)
            for name in words.columns:
                if isinstance(types[name], String):
                    distinct = select(rows.c[name]).distinct().limit(MAX_VALUES + 1)
                    found = [value for (value,) in connection.execute(distinct) if isinstance(value, str)]
                    values.add(name, found if len(found) <= MAX_VALUES else ())
        return _Known(rows, words, values)

    def _computed(self, plan: Plan, known: _Known, found: Sequence[Mapping[str, Any]]) -> Recollection | None:
        value = next(iter(found[0].values())) if found else None
        if value is None:
            return None
        shown = _shown(float(value) if plan.operation is Operation.AVERAGE else value)
        told = known.words.told(plan.measure, shown) if plan.measure else ("", shown)
        where = "; ".join(map(str, plan.conditions))
        what = {
            Operation.COUNT: f"Number of {known.words.noun} records",
            Operation.SUM: f"Sum of {told[0]} over {known.words.noun} records",
            Operation.AVERAGE: f"Average {told[0]} of {known.words.noun} records",
        }[plan.operation]
        text = f"{what}{f' ({where})' if where else ''}: {told[1]}."
        url = f"record:{self.name}"
        head = Head(doc_id_of(f"{url}?{plan}"), url, self.name, "", site=self.name, source=self.name)
        evidence = Evidence(Passage(head, 0, text, end_char=len(text)), text)
        return self._recollection(plan, shown, (Statement(text, (evidence,)),))

    def _rows(
        self, plan: Plan, known: _Known, found: Sequence[Mapping[str, Any]], groups: Groups
    ) -> Recollection | None:
        is_more = plan.measure == "" and len(found) > plan.limit
        records = [(row, self._source.document(row)) for row in found[: plan.limit]]
        seen = [(row, whole(d)) for row, d in records if isinstance(d, Document) and may_see(d.head, groups)]
        if not seen:
            return None
        if plan.operation is Operation.LOOKUP:
            statements = [self._lookup(plan, known.words, row, passage) for row, passage in seen[:MAX_CITED]]
            given = [s for s in statements if s is not None]
            values = [_shown(row[c]) for row, _ in seen[:MAX_CITED] for c in plan.columns if row[c] not in (None, "")]
            return self._recollection(plan, "; ".join(dict.fromkeys(values)), tuple(given)) if given else None
        if plan.measure:
            told = [known.words.told(plan.measure, _shown(row[plan.measure]))[1] for row, _ in seen]
            shown = [f"{self._called(known.words, row)} ({value})" for (row, _), value in zip(seen, told, strict=True)]
        else:
            shown = [self._called(known.words, row) for row, _ in seen]
        short = "; ".join(dict.fromkeys(shown)) + (" and more" if is_more else "")
        names = known.words.names
        evidence = tuple(quoted_line(passage, (plan.measure, *names)) for _, passage in seen[:MAX_CITED])
        return self._recollection(plan, short, (Statement(f"{short}.", evidence),))

    def _lookup(self, plan: Plan, words: TableWords, row: Mapping[str, Any], passage: Passage) -> Statement | None:
        told = {
            column: words.told(column, _shown(row[column])) for column in plan.columns if row[column] not in (None, "")
        }
        if not told:
            return None
        name = self._called(words, row)
        evidence = quoted_line(passage, plan.columns)
        if len(told) == 1 and not isinstance(row[next(iter(told))], bool):
            ((called, value),) = told.values()
            return Statement(f"The {called} of {name} is {value}.", (evidence,))
        return Statement(f"{name}: {'; '.join(map(' '.join, told.values()))}.", (evidence,))

    def _called(self, words: TableWords, row: Mapping[str, Any]) -> str:
        names = (plain(row[name]) for name in words.names)
        return next((name for name in names if name), ", ".join(plain(row[key]) for key in self._config.key))

    def _recollection(self, plan: Plan, short: str, statements: tuple[Statement, ...]) -> Recollection:
        is_loose = any(condition.test is Comparison.CONTAINS for condition in plan.conditions)
        score = plan.score - 0.02 if is_loose else plan.score
        return Recollection(self.name, self.kind, short, statements, score, f"{self._config.table or 'query'}: {plan}")


def _types_by_values(connection: Any, rows: "FromClause") -> dict[str, Any]:
    """A query's columns tell no types, so a row of it does."""
    from sqlalchemy import DateTime, Numeric, String, select

    row = connection.execute(select(rows).limit(1)).first()
    kinds: dict[type, Any] = {bool: String(), int: Numeric(), float: Numeric(), str: String()}
    values = dict(row._mapping) if row else {}
    return {
        name: kinds.get(type(value)) or (DateTime() if hasattr(value, "year") else String())
        for name, value in values.items()
    }


def _is_integer(kind: Any) -> bool:
    from sqlalchemy import Boolean, Integer

    return isinstance(kind, Integer) and not isinstance(kind, Boolean)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return plain(value)[:MAX_VALUE_CHARS]
