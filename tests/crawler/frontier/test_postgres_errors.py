"""The driver's errors come out as the frontier's."""

import inspect
from types import ModuleType

import pytest

from crawler.errors import FrontierError
from crawler.frontier.postgres_tables import mapped_errors

psycopg = pytest.importorskip("psycopg")

PLACE = "the PostgreSQL database crawl on localhost:5432"
ROOTS = {
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
}
NOT_RAISED = {"Rollback": "leaves a transaction on purpose; nobody here asks for it"}


def exceptions_of(module: ModuleType) -> dict[str, type[Exception]]:
    return {
        name: thing
        for name, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Exception) and thing is not psycopg.Warning
    }


def test_every_exception_of_the_driver_is_expected() -> None:
    """One that a new version brings shows here; decide then what it means."""
    assert set(exceptions_of(psycopg)) == ROOTS | set(NOT_RAISED)
    strangers = {name for name, kind in exceptions_of(psycopg.errors).items() if not issubclass(kind, psycopg.Error)}
    assert strangers == set()


@pytest.mark.parametrize("name", sorted(ROOTS))
def test_each_becomes_an_error_of_the_frontier(name: str) -> None:
    with (
        pytest.raises(FrontierError, match="crawl on localhost:5432 cannot be used: first") as caught,
        mapped_errors(PLACE),
    ):
        raise exceptions_of(psycopg)[name]("first\nsecond")
    assert isinstance(caught.value.__cause__, psycopg.Error)
