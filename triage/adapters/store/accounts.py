"""Who may sign in, who is signed in, and who leads."""

from datetime import datetime

from sqlmodel import col, delete, select

from models.tables import AccountRow, LeaseRow, SessionRow
from triage.adapters.store.engine import Database
from triage.adapters.triaged_json import clean
from triage.ports import Account, Session


class Accounts(Database):
    """Accounts, sessions and leases."""

    def account(self, name: str) -> Account | None:
        """The account of that name, or None."""
        with self._reading() as session:
            row = session.exec(select(AccountRow).where(AccountRow.name == clean(name))).first()
            return _account(row) if row else None

    def put_account(self, name: str, role: str, password_hash: str) -> None:
        """Make or change an account; a change ends its sessions."""
        with self._writing() as session:
            row = session.exec(select(AccountRow).where(AccountRow.name == clean(name))).first()
            if row is None:
                session.add(AccountRow(name=clean(name), role=role, password_hash=password_hash))
                return
            row.role, row.password_hash = role, password_hash
            session.connection().execute(delete(SessionRow).where(col(SessionRow.account_id) == row.id))

    def open_session(self, account_id: int, token_hash: str, csrf: str, *, expires_at: datetime, now: datetime) -> None:
        """A new sign-in; sessions that have ended are swept out."""
        with self._writing() as session:
            session.connection().execute(delete(SessionRow).where(col(SessionRow.expires_at) <= now))
            session.add(
                SessionRow(
                    token_hash=token_hash, account_id=account_id, csrf=csrf, opened_at=now, expires_at=expires_at
                )
            )

    def session(self, token_hash: str, now: datetime) -> Session | None:
        """The sign-in with that token; None when there is none or it has ended."""
        query = (
            select(SessionRow, AccountRow)
            .join(AccountRow, col(AccountRow.id) == SessionRow.account_id)
            .where(SessionRow.token_hash == token_hash, SessionRow.expires_at > now)
        )
        with self._reading() as session:
            found = session.exec(query).first()
            if found is None:
                return None
            row, account = found
            return Session(account=_account(account), csrf=row.csrf, expires_at=row.expires_at)

    def close_session(self, token_hash: str) -> None:
        """Sign out; nothing happens when there is no such session."""
        with self._writing() as session:
            session.connection().execute(delete(SessionRow).where(col(SessionRow.token_hash) == token_hash))

    def take_lease(self, name: str, holder: str, *, until: datetime, now: datetime) -> bool:
        """Lead at `name` until then, when nobody else does; whoever leads renews (or ends) it the same way."""
        lease = col(LeaseRow.holder), col(LeaseRow.until)
        offered = self._insert_into(LeaseRow).values(name=name, holder=holder, until=until)
        taken = offered.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until": until},
            where=(lease[0] == holder) | (lease[1] <= now),
        )
        with self._writing() as session:
            return session.connection().execute(taken.returning(col(LeaseRow.name))).first() is not None


def _account(row: AccountRow) -> Account:
    return Account(id=row.id or 0, name=row.name, role=row.role, password_hash=row.password_hash)
