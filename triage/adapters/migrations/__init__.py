"""The schema's history, and the way to its newest state; read from the package itself, so that a wheel has it too."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_LOCK = 727_401_001  # any number that no other program of this database uses


def upgrade(connection: Connection) -> None:
    """Run the steps that `connection`'s database lacks; programs that start together wait for each other."""
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
    try:
        command.upgrade(config, "head")
        connection.commit()
    finally:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


def current(connection: Connection) -> str:
    """Revision of the database's schema, or an empty string."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """Revision that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "triage.adapters:migrations")
    return config
