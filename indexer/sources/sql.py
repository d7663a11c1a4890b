"""Relational databases through SQLAlchemy: SQLite, PostgreSQL, MySQL and MariaDB."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import MissingExtra
from indexer.document import Document
from indexer.sources import bounded
from indexer.sources.config import SourceConfig
from indexer.sources.errors import BadSource, SourceError, SourceUnavailable
from indexer.sources.lenient import read_as_they_stand
from indexer.sources.source import BadRecord
from indexer.sources.template import Templates, plain

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.sql import FromClause

MAX_ROW_CHARS = 1_000_000
"""A row with more text than that is no record that a card tells."""
CONNECT_TIMEOUT_S = 10
"""A database that takes a connection and says nothing keeps nobody waiting for longer."""
KNOWN_DRIVERS = ("", "psycopg", "psycopg2", "pymysql", "mysqldb", "mariadbconnector")
"""Drivers that are told of it by the same word."""
OVERLAP = timedelta(minutes=10)
"""Rows are written by machines whose clocks disagree, and transactions end later than they stamp their rows: what
changed so shortly before the mark is read once more."""
_REFUSED = re.compile(r"\bpassword\b|\baccess denied\b", re.IGNORECASE)
"""What PostgreSQL and MySQL say to those whom they do not let in."""
STEPS_BETWEEN_LOOKS = 10_000
"""SQLite looks at the clock after so many steps of its machine, some tenth of a millisecond."""


class SqlSource:
    """A table or a query, read in one transaction that may write nothing."""

    def __init__(self, config: SourceConfig) -> None:
        try:
            from sqlalchemy import create_engine
            from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        except ImportError as error:
            raise MissingExtra("Reading databases", "sql") from error
        self._config = config
        self._templates = Templates(config)
        try:
            self._engine: Engine = create_engine(
                config.url,
                hide_parameters=True,
                pool_size=1,
                max_overflow=0,
                connect_args=_connect_args(config.url),
            )
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            cure = (
                "Write url as postgresql+psycopg://user:password@host/database, mysql+pymysql://… or sqlite:///file.db"
            )
            raise BadSource(config.name, "url names no database that is known here", cure) from error
        except ImportError as error:
            raise MissingExtra(f"Reading {config.url.partition(':')[0]}", "sql") from error
        read_as_they_stand(self._engine.dialect)

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self._config.name

    @property
    def settings(self) -> str:
        """What its documents are made by."""
        return self._config.digest

    @contextmanager
    def reading(self) -> Iterator["_SqlReading"]:
        """One transaction, read-only where the database knows such, on one moment of the tables."""
        with self.connected() as connection:
            yield _SqlReading(self, connection)

    @contextmanager
    def connected(self, timeout_s: float | None = None) -> Iterator["Connection"]:
        """A connection in such a transaction; a statement that takes longer than ``timeout_s`` is stopped."""
        self._check_file()
        with self._mapped(), self._engine.connect() as connection:
            _open_read_only(connection)
            if timeout_s is not None:
                _limit(connection, timeout_s)
            try:
                yield connection
            finally:
                if timeout_s is not None:
                    _limit(connection, None)
                connection.rollback()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def rows_of(self, connection: "Connection") -> "FromClause":
        """The table, or the query as a table. Raises BadSource for a missing table or column."""
        from sqlalchemy import MetaData, Table, select, text
        from sqlalchemy.exc import NoSuchTableError

        config = self._config
        if config.query:
            query = text(config.query.rstrip().rstrip(";"))
            rows: FromClause = query.columns().subquery("records")
            result = connection.execute(select(text("*")).select_from(rows).limit(0))
            rows = query.columns(*bounded.columns_of(result, connection.dialect)).subquery("records")
        else:
            schema, _, table = config.table.rpartition(".")
            try:
                rows = Table(table, MetaData(), schema=schema or None, autoload_with=connection)
            except NoSuchTableError as error:
                raise BadSource(
                    self.name, f"there is no table {config.table}", "Check table, and its schema"
                ) from error
        named = {*config.key, *config.metadata, *filter(None, (config.changed, config.access_field))}
        if absent := sorted(named - set(rows.c.keys())):
            known = ", ".join(rows.c.keys())
            raise BadSource(self.name, f"there is no column {', '.join(absent)}", f"There are {known}")
        return rows

    def document(self, row: Mapping[str, Any], chars_withheld: int = 0) -> Document | BadRecord:
        """One row as a document; of its text so many characters stayed in the database."""
        key = [row[name] for name in self._config.key]
        chars = chars_withheld + sum(len(value) for value in row.values() if isinstance(value, str))
        if chars > MAX_ROW_CHARS:
            shown_key = ", ".join(plain(part)[:80] for part in key)
            return BadRecord(shown_key, f"has {chars:,} characters, more than {MAX_ROW_CHARS:,}")
        return self._templates.document(key, row, _as_time(row.get(self._config.changed)))

    def doc_id(self, key: Sequence[object]) -> str:
        """The id of the document of a row."""
        return self._templates.doc_id(key)

    @property
    def config(self) -> SourceConfig:
        """Its settings."""
        return self._config

    def _check_file(self) -> None:
        """SQLite would make a file that is not there, with nothing in it."""
        url = self._engine.url
        path = url.database or ""
        is_file = url.get_backend_name() == "sqlite" and path and not path.startswith((":memory:", "file:"))
        if is_file and not Path(path).is_file():
            cure = "Check url: after sqlite:/// a path from here, after sqlite://// one from the root"
            raise SourceUnavailable(self.name, f"there is no file {path}", cure)

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

        try:
            yield
        except SourceError:
            raise
        except OperationalError as error:
            if _REFUSED.search(_said(error)):
                what, cure = "the database wants a password, or another one", "Check user and password in url"
                raise SourceUnavailable(self.name, f"{what} ({_said(error)})", cure) from error
            raise SourceUnavailable(
                self.name, f"the database does not answer ({_said(error)})", "Check that it runs, and url"
            ) from error
        except DBAPIError as error:
            raise BadSource(
                self.name, f"the database refuses ({_said(error)})", "Check table, query and rights"
            ) from error
        except SQLAlchemyError as error:
            raise BadSource(self.name, _said(error), "Check table, query and key") from error


class _SqlReading:
    """One look at the rows; ``mark`` is the newest change seen when it began."""

    def __init__(self, source: SqlSource, connection: "Connection") -> None:
        self._source = source
        self._connection = connection
        self._rows = source.rows_of(connection)
        self.mark = self._newest()

    def records(self, since: str | None) -> Iterator[Document | BadRecord]:
        """The rows in the order of the database; those with a change not before ``since``, since times may be equal."""
        from sqlalchemy import or_, select

        statement = select(*bounded.columns(self._rows.c, self._connection.dialect.name))
        if since is not None and _kind(since) == _kind(self.mark):
            changed = self._rows.c[self._source.config.changed]
            statement = statement.where(or_(changed >= _from_mark(since), changed.is_(None)))
        names = self._rows.c.keys()
        for row in bounded.rows(self._connection, statement):
            values, chars_withheld = bounded.parted(row)
            yield self._source.document(dict(zip(names, values, strict=True)), chars_withheld)

    def doc_ids(self) -> Iterator[str]:
        """The ids of all rows with a key."""
        from sqlalchemy import select

        columns = [self._rows.c[name] for name in self._source.config.key]
        for row in bounded.rows(self._connection, select(*bounded.columns(columns, self._connection.dialect.name))):
            key, _ = bounded.parted(row)
            if None not in key:
                yield self._source.doc_id(key)

    def _newest(self) -> str | None:
        """None also where it tells nothing: a number that is none, something else than a time in a column of times."""
        from sqlalchemy import Date, DateTime, func, select

        name = self._source.config.changed
        if not name:
            return None
        column = self._rows.c[name]
        newest = self._connection.execute(select(func.max(column))).scalar()
        is_time = isinstance(newest, date) or not isinstance(column.type, Date | DateTime)
        is_told = newest is not None and newest == newest and is_time  # noqa: PLR0124  # NaN is not itself
        return _to_mark(_not_ahead(newest)) if is_told else None


def _open_read_only(connection: "Connection") -> None:
    """Let the database itself refuse to write, and show one moment of it."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif dialect in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
    elif dialect == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")


def _limit(connection: "Connection", timeout_s: float | None) -> None:
    """Let the database itself stop what takes longer; None takes the limit away, where it outlives a transaction."""
    match connection.dialect.name:
        case "postgresql" if timeout_s is not None:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {round(timeout_s * 1_000)}")
        case "mysql":
            connection.exec_driver_sql(f"SET SESSION max_execution_time = {round((timeout_s or 0) * 1_000)}")
        case "mariadb":
            connection.exec_driver_sql(f"SET SESSION max_statement_time = {timeout_s or 0}")
        case "sqlite":
            driver: Any = connection.connection.driver_connection
            until = None if timeout_s is None else time.monotonic() + timeout_s
            handler = None if until is None else lambda: time.monotonic() > until
            driver.set_progress_handler(handler, STEPS_BETWEEN_LOOKS)


def _connect_args(url: str) -> dict[str, Any]:
    """What the drivers of servers call the time that a connection may take."""
    dialect, _, driver = url.partition(":")[0].partition("+")
    is_known = dialect in ("postgresql", "mysql", "mariadb") and driver in KNOWN_DRIVERS
    return {"connect_timeout": CONNECT_TIMEOUT_S} if is_known else {}


def _not_ahead(newest: object) -> object:
    """A change that says it comes yet must not hide those that come before it; its row is read again until then."""
    if isinstance(newest, datetime):
        now = datetime.now(UTC)
        return min(newest, now if newest.tzinfo else now.replace(tzinfo=None))
    return min(newest, datetime.now(UTC).date()) if isinstance(newest, date) else newest


def _to_mark(value: object) -> str:
    """``KIND value``, so that a time comes back as a time and a number as a number."""
    if isinstance(value, datetime):
        return f"time {value.isoformat()}"
    if isinstance(value, date):
        return f"date {value.isoformat()}"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"number {value}"
    return f"text {value}"


def _kind(mark: str | None) -> str:
    """What the change column holds; empty where it tells nothing."""
    return (mark or "").partition(" ")[0]


def _from_mark(mark: str) -> object:
    kind, _, value = mark.partition(" ")
    if kind == "time":
        moment = datetime.fromisoformat(value)
        return moment - min(OVERLAP, moment - datetime.min.replace(tzinfo=moment.tzinfo))
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "number":
        return Decimal(value) if "." in value or "E" in value.upper() else int(value)
    return value


def _as_time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None


def _said(error: BaseException) -> str:
    """The database's own words on one line, without the statement."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split())[:200]
