"""What is asked of a table, apart from how it was worded and from how a database is asked. Values only."""

from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """What is wanted of the rows."""

    LOOKUP = "look up"
    LIST = "list"
    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    HIGHEST = "highest"
    LOWEST = "lowest"

    @property
    def is_computed(self) -> bool:
        """Whether the answer is one number over rows rather than rows."""
        return self in (Operation.COUNT, Operation.SUM, Operation.AVERAGE)


class Comparison(StrEnum):
    """How a column is held against a value."""

    IS = "is"
    ABOVE = "above"
    BELOW = "below"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    BEGINS = "begins with"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Condition:
    """One of ``columns`` passes the test with one of ``values``."""

    columns: tuple[str, ...]
    test: Comparison
    values: tuple[object, ...]

    def __str__(self) -> str:
        return f"{' or '.join(self.columns)} {self.test} {' or '.join(map(str, self.values))}"


@dataclass(frozen=True, slots=True)
class Plan:
    """``columns`` are wanted (of LOOKUP), ``measure`` is what is summed or compared; ``limit`` rows at most.

    ``score`` in [0, 1] says how sure it is that this was asked.
    """

    operation: Operation
    columns: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    measure: str = ""
    limit: int = 50
    score: float = 0.0

    def __str__(self) -> str:
        wanted = " and ".join(self.columns) or self.measure
        where = " and ".join(map(str, self.conditions))
        return " ".join(part for part in (str(self.operation), wanted, f"where {where}" if where else "") if part)
