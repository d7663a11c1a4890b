"""Values of SQLite as they stand where they are not of their column's type, since SQLite keeps whatever it is given."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Dialect

Process = Callable[[Any], Any]


def read_as_they_stand(dialect: "Dialect") -> None:
    """Let this dialect give a value that its column's type cannot be made of as the database gave it."""
    if dialect.name != "sqlite":
        return
    from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Numeric, Time

    kinds: dict[type[Any], type[Any]] = {one: one for one in (Boolean, Date, DateTime, Float, JSON, Numeric, Time)}
    dialect.colspecs = {kind: _lenient(made) for kind, made in {**kinds, **dialect.colspecs}.items()}


def _lenient(kind: type[Any]) -> type[Any]:
    def result_processor(self: Any, dialect: Any, coltype: object) -> Process | None:
        if getattr(self, "asdecimal", False) and self.scale is None:
            return None  # a number of as many places as it has, not of ten
        process = kind.result_processor(self, dialect, coltype)
        return None if process is None else _as_it_stands(process)

    return type(f"Lenient{kind.__name__}", (kind,), {"result_processor": result_processor})


def _as_it_stands(process: Process) -> Process:
    def given(value: Any) -> Any:
        try:
            return process(value)
        except (ArithmeticError, TypeError, ValueError):
            return value

    return given
