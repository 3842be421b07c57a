"""Reconcile: UIDs of the server against rows of the store, whatever the cursor says; and a poll that only looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.knowledge.running import IntakePolicy
from triage.jobs.poll import Progress, Taking, cursor_of
from triage.ports import Mailbox, Store

AT_ONCE = 1000
"""UIDs asked about in one command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileReport:
    """How a mailbox and its rows compare. All but `new` (beyond the cursor) is about what polls went past.

    `missing` are UIDs that the server names and that had no row: taken in now, `stored` of them with octets. `gone`
    counts rows whose message is no longer on the server: kept, for nothing here is ever thrown away. `owed`: rows
    whose octets never came.
    """

    mailbox: str
    uidvalidity: int
    on_server: int
    with_row: int
    new: int
    missing: tuple[int, ...]
    stored: int
    gone: int
    owed: int

    @property
    def taken(self) -> int:
        """Messages that wait for triage because of this comparison."""
        return self.stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a poll would do. `backfilled` of the found would never be answered, of `large` only the first part kept."""

    mailbox: str
    found: int
    octets: int
    large: int
    backfilled: int
    first_start: bool
    renumbered: bool


def reconcile(
    mailbox: Mailbox,
    store: Store,
    policy: IntakePolicy,
    *,
    batch: int,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> ReconcileReport:
    """Compare every UID with the rows, and take in what polls missed. Raises MailboxError and StoreError."""
    known = store.cursor(mailbox.name)
    cursor = cursor_of(mailbox, known, policy, now)
    on_server = mailbox.uids_after(0)
    rows = frozenset(store.known_uids(mailbox.name, cursor.uidvalidity))
    passed = [uid for uid in on_server if uid <= cursor.last_uid]
    missing = [uid for uid in passed if uid not in rows]
    # the cursor of the store never goes back, so that this one may stand at each message
    behind = replace(cursor, last_uid=missing[0] - 1) if missing else cursor
    taking = Taking(mailbox, store, policy, behind, batch=batch, now=now, progress=progress)
    taking.take(missing)
    return ReconcileReport(
        mailbox=mailbox.name,
        uidvalidity=cursor.uidvalidity,
        on_server=len(on_server),
        with_row=len(passed) - len(missing),
        new=len(on_server) - len(passed),
        missing=tuple(missing),
        stored=taking.stored,
        gone=len(rows - set(on_server)),
        owed=sum(one.owed and one.key.mailbox == mailbox.name for one in store.quarantined()),
    )


def preview(
    mailbox: Mailbox,
    store: Store | None,
    policy: IntakePolicy,
    *,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> Preview:
    """What a poll would do now; nothing is written and no octets are fetched. Raises MailboxError and StoreError.

    Without a store (None) every mailbox is one that was never polled.
    """
    known = store.cursor(mailbox.name) if store else None
    cursor = cursor_of(mailbox, known, policy, now)
    uids = mailbox.uids_after(cursor.last_uid)
    sizes: dict[int, int] = {}
    old = 0
    for named in _runs(uids):
        sizes |= mailbox.sizes(named)
        old += sum(arrived < cursor.backfill_before for arrived in mailbox.arrivals(named).values())
        progress(len(sizes), len(uids))
    return Preview(
        mailbox=mailbox.name,
        found=len(uids),
        octets=sum(sizes.values()),
        large=sum(size > policy.large_octets for size in sizes.values()),
        backfilled=old,
        first_start=known is None,
        renumbered=known is not None and known.uidvalidity != cursor.uidvalidity,
    )


def _runs(uids: Sequence[int]) -> list[Sequence[int]]:
    return [uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE)]
