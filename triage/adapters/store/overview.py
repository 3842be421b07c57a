"""What the pages and the metrics say of the desk as a whole."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import col, select

from models.reply import OutboxState
from models.tables import CursorRow, MessageRow, OutboxRecord
from triage.adapters.store.engine import Database
from triage.adapters.store.troubled import HELD_UP
from triage.adapters.triaged_json import clean
from triage.ports import Attention, PolledMailbox, Standing

UNSETTLED = (OutboxState.UNKNOWN, OutboxState.FAILED)


class Overview(Database):
    """Counts and states, each from an index."""

    def attention(self) -> Attention:
        """How much waits for a person to look after it."""
        held_up = select(func.count()).select_from(MessageRow).where(col(MessageRow.state).in_(HELD_UP))
        unsettled = select(func.count()).select_from(OutboxRecord).where(col(OutboxRecord.state).in_(UNSETTLED))
        with self._reading() as session:
            return Attention(messages=session.exec(held_up).one(), replies=session.exec(unsettled).one())

    def standing(self, message_id: int) -> Standing | None:
        """How far a message has come; None when there is none."""
        with self._reading() as session:
            row = session.get(MessageRow, message_id)
            return Standing(state=row.state, case_id=row.case_id, source=row.source) if row else None

    def entry(self, mailbox: str, uid: int) -> int | None:
        """Id of the message with the key (`mailbox`, 0, `uid`)."""
        query = select(MessageRow.id).where(
            MessageRow.mailbox == clean(mailbox), MessageRow.uidvalidity == 0, MessageRow.uid == uid
        )
        with self._reading() as session:
            return session.exec(query).first()

    def note_poll(self, mailbox: str, *, now: datetime) -> None:
        """A poll of the mailbox came to its end."""
        with self._writing() as session:
            session.connection().execute(
                update(CursorRow).where(col(CursorRow.mailbox) == clean(mailbox)).values(polled_at=now)
            )

    def polled_mailboxes(self) -> Sequence[PolledMailbox]:
        """How far each mailbox has been read, by name."""
        with self._reading() as session:
            return [
                PolledMailbox(
                    name=row.mailbox,
                    uidvalidity=row.uidvalidity,
                    last_uid=row.last_uid,
                    failures=row.failures,
                    polled_at=row.polled_at,
                )
                for row in session.exec(select(CursorRow).order_by(col(CursorRow.mailbox)))
            ]
