"""The connection to the database: what SQLite and PostgreSQL need to keep what they were given."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlmodel import Session, SQLModel

from triage.adapters import migrations
from triage.errors import StoreError, StoreRefused

BUSY_SECONDS = 30
_RESTORE = "stop the program, keep the file aside and restore the last backup"
LOCKED_PAUSE = 0.05
_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}")


class Database:
    """One database by its SQLAlchemy URL; the parts of the store build on it. Nothing is opened before it is used."""

    def __init__(self, url: str, *, case_prefix: str) -> None:
        """`case_prefix` are the letters before a case number. StoreError when `url` is none."""
        try:
            parsed = make_url(url)
            self._engine = create_engine(parsed, **_options(parsed.get_backend_name()))
        except (ArgumentError, ModuleNotFoundError) as fault:
            raise StoreError(
                f"TRIAGE_DATABASE_URL cannot be used: {fault}; give sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
            ) from None
        self._sqlite = self._engine.dialect.name == "sqlite"
        self._place = parsed.render_as_string(hide_password=True)
        if self._sqlite:
            _prepare_sqlite(self._engine, parsed.database)
        self._writer = self._engine.execution_options(writes=True)
        self._case_prefix = case_prefix

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with self._faults_named(), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """One transaction that takes its lock at once: on SQLite a reader cannot always become a writer."""
        with self._faults_named(), Session(self._writer) as session, session.begin():
            yield session

    def _insert_into(self, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows ON CONFLICT; both dialects spell it alike."""
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)

    @contextmanager
    def _faults_named(self) -> Iterator[None]:
        try:
            yield
        except (DataError, IntegrityError) as fault:
            raise StoreRefused(f"database {self._place} refused what it was given: {_first_line(fault)}") from fault
        except DBAPIError as fault:
            raise StoreError(f"database {self._place}: {_first_line(fault)}; {_remedy(str(fault.orig))}") from fault

    def migrate(self) -> None:
        """Bring the schema up to date; nothing is written when it is. Programs that start together take turns."""
        with self._faults_named():
            with self._engine.connect() as connection:
                if migrations.current(connection) == migrations.newest():
                    return
            with self._writer.connect() as connection:
                migrations.upgrade(connection)

    def check(self, *, before_start: bool = False) -> str:
        """What database this is, in a sentence. StoreError when it does not answer or its schema is another.

        `before_start` looks as before a first start: it must take a write, may still be empty, and every page of a
        SQLite file is looked through.
        """
        engine = self._writer if before_start else self._engine
        with self._faults_named(), engine.begin() as connection:
            if before_start and self._sqlite:
                self._look_through(connection)
            have, want = migrations.current(connection), migrations.newest()
            kept = "" if not self._sqlite else f", {connection.exec_driver_sql('PRAGMA journal_mode').scalar()}"
        if not have and before_start:
            return f"{self._place}: empty; the first start makes its tables"
        if have != want:
            remedy = "install the newer program" if have > want else "start `triage serve`, which brings it up to date"
            raise StoreError(
                f"database {self._place}: its schema is {have or 'absent'}, this program needs {want}; {remedy}"
            )
        return f"{self._place}, schema {have}{kept}"

    def is_empty(self) -> bool:
        """Whether it has no schema yet. Makes nothing, and no file."""
        file = self._engine.url.database
        if self._sqlite and file and file != ":memory:" and not Path(file).exists():
            return True
        with self._faults_named(), self._engine.connect() as connection:
            return not migrations.current(connection)

    def _look_through(self, connection: Connection) -> None:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if found != "ok":
            raise StoreError(f"database {self._place}: its file is malformed ({found}); {_RESTORE}")

    def dispose(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _options(backend: str) -> dict[str, Any]:
    if backend == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    return {"pool_pre_ping": True}


def _prepare_sqlite(engine: Engine, file: str | None) -> None:
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise StoreError(
                f"database {file}: its folder cannot be made ({fault.strerror}); set TRIAGE_HOME or "
                "TRIAGE_DATABASE_URL to a place where this user may write"
            ) from None

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions late, and not at all before DDL
        _keep_log_apart(connection)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _keep_log_apart(connection: sqlite3.Connection) -> None:
    """Journal mode WAL. SQLite does not wait for its lock when another connection asks for the same, so we do."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(LOCKED_PAUSE)
        else:
            return


def _first_line(fault: DBAPIError) -> str:
    return (str(fault.orig).strip().splitlines() or [type(fault).__name__])[0]


def _remedy(fault: str) -> str:
    if "no such table" in fault or "does not exist" in fault:
        return "start `triage serve`, which makes its tables"
    if "locked" in fault:
        return "another program holds it; stop that or try again"
    if "full" in fault:
        return "make room on its disk"
    if "malformed" in fault or "not a database" in fault:
        return _RESTORE
    if "readonly" in fault:
        return "give this user the right to write it and its folder"
    return "see that TRIAGE_DATABASE_URL is right and the server or file can be reached"
