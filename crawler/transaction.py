"""One transaction in a SQLite file, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Executes(Protocol):
    """A connection that begins no transaction by itself (``isolation_level=None``)."""

    def execute(self, sql: str, /) -> Any:
        """Run one statement."""
        ...


@contextmanager
def transaction(db: Executes) -> Iterator[None]:
    """Nobody else writes meanwhile; what was done is undone where the block fails. Raises sqlite3.Error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
