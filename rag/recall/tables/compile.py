"""From a plan to one SELECT with bound parameters: declared columns of one table, and nothing a person typed as SQL."""

from typing import TYPE_CHECKING, Any

from rag.recall.memory import Groups
from rag.recall.tables.plan import Comparison, Condition, Operation, Plan
from rag.recall.tables.schema import TableWords

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.sql import FromClause


def compile_plan(
    plan: Plan, rows: "FromClause", words: TableWords, *, access_field: str = "", groups: Groups = None
) -> "Select[Any]":
    """The statement; rows that ``groups`` may not see are left out of it. Raises KeyError for an undeclared column."""
    from sqlalchemy import func, select

    measure = rows.c[_declared(words, plan.measure)] if plan.measure else None
    statement: Select[Any]
    match plan.operation:
        case Operation.COUNT:
            statement = select(func.count()).select_from(rows)
        case Operation.SUM:
            statement = select(func.sum(measure))
        case Operation.AVERAGE:
            statement = select(func.avg(measure))
        case _:
            statement = select(rows)
    for condition in plan.conditions:
        statement = statement.where(_where(condition, rows, words))
    if access_field:
        statement = statement.where(_is_visible(rows.c[access_field], groups))
    if plan.operation.is_computed:
        return statement
    if measure is not None:
        order = measure.desc() if plan.operation is Operation.HIGHEST else measure.asc()
        statement = statement.where(measure.is_not(None)).order_by(order)
    names = [rows.c[_declared(words, name)] for name in words.names]
    return statement.order_by(*names).limit(plan.limit + 1 if measure is None else plan.limit)


def _where(condition: Condition, rows: "FromClause", words: TableWords) -> "ColumnElement[bool]":
    from sqlalchemy import or_

    return or_(
        *(_is_met(rows.c[_declared(words, name)], words, name, condition) for name in condition.columns),
    )


def _is_met(column: Any, words: TableWords, name: str, condition: Condition) -> "ColumnElement[bool]":
    from sqlalchemy import func, or_

    value = condition.values[0]
    match condition.test:
        case Comparison.IS if words.columns[name].is_number:
            found: ColumnElement[bool] = column.in_(condition.values)
        case Comparison.IS:
            # Values of the index are spelt as they stand; what a person typed may be in another case.
            found = or_(
                column.in_(condition.values), func.lower(column).in_([str(v).lower() for v in condition.values])
            )
        case Comparison.ABOVE:
            found = column > value
        case Comparison.BELOW:
            found = column < value
        case Comparison.AT_LEAST:
            found = column >= value
        case Comparison.AT_MOST:
            found = column <= value
        case Comparison.BEGINS:
            found = func.lower(column).startswith(str(value).lower(), autoescape=True)
        case Comparison.CONTAINS:
            found = func.lower(column).contains(str(value).lower(), autoescape=True)
    return found


def _is_visible(column: Any, groups: Groups) -> "ColumnElement[bool]":
    """A list of groups with commas between them names one of the asker's, or there is none."""
    from sqlalchemy import func, literal, or_

    spaced = literal(",") + func.replace(column, " ", "") + literal(",")
    named = (spaced.contains(f",{group.replace(' ', '')},", autoescape=True) for group in groups or ())
    return or_(column.is_(None), column == "", *named)


def _declared(words: TableWords, name: str) -> str:
    return words.columns[name].name
