"""The database: everything durable, on SQLite or PostgreSQL by URL. Implements `triage.ports.Store`."""

from triage.adapters.store.accounts import Accounts
from triage.adapters.store.cases import Cases
from triage.adapters.store.intake import Intake
from triage.adapters.store.learning import Learning
from triage.adapters.store.marks import Marks
from triage.adapters.store.outbox import Outbox
from triage.adapters.store.overview import Overview
from triage.adapters.store.recording import Recording
from triage.adapters.store.troubled import Troubled


class SqlStore(Intake, Troubled, Recording, Outbox, Overview, Cases, Learning, Marks, Accounts):
    """`SqlStore(url, case_prefix="SM")`: the store at a SQLAlchemy URL. Every method is one transaction."""


__all__ = ["SqlStore"]
