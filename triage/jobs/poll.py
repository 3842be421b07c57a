"""Poll: every message of a mailbox that has no row yet gets one, together with the cursor; nothing else happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models.knowledge.running import IntakePolicy
from triage.errors import MailboxError, MailboxRefused, MessageRefused
from triage.jobs.fetching import Fetched, batches, fetch, owed
from triage.jobs.owing import complete_owed, complete_wanted
from triage.jobs.patience import asked_pause
from triage.ports import Absent, Cursor, Mailbox, Store

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

REFUSALS_IN_A_ROW = 3
"""So many messages refused one after the other are no fault of theirs, but the server's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a poll did. `vanished` are UIDs that were named and then gone, `owed` those whose octets did not come.

    `backfilled` of the stored are never answered, of `large` ones only the first part is held. `completed` came later
    than they were named. `renumbered`: the server gave the mailbox another UIDVALIDITY.
    """

    mailbox: str
    found: int
    stored: int
    backfilled: int
    vanished: tuple[int, ...]
    renumbered: bool
    large: int = 0
    owed: tuple[int, ...] = ()
    completed: int = 0

    @property
    def taken(self) -> int:
        """Messages that wait for triage because of this poll."""
        return self.stored + self.completed


def poll_once(
    mailbox: Mailbox,
    store: Store,
    policy: IntakePolicy,
    *,
    batch: int,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> PollReport:
    """Take in what is new, `batch` messages at most in a transaction; the next poll goes on where this one stopped.

    Raises MailboxError, MailboxRefused and StoreError; what was stored before stays stored. A message at which
    `policy.fetch_attempts` polls broke off is passed over: its octets are owed, and asked for again later.
    """
    known = store.cursor(mailbox.name)
    cursor = cursor_of(mailbox, known, policy, now)
    if cursor != known:
        store.add_messages(cursor, [])
    taking = Taking(mailbox, store, policy, cursor, batch=batch, now=now, progress=progress)
    uids = mailbox.uids_after(cursor.last_uid)
    taking.take(uids)
    completed = complete_owed(mailbox, store, policy, taking.cursor, now=now)
    completed += complete_wanted(mailbox, store, policy, taking.cursor, now=now)
    store.note_poll(mailbox.name, now=now)
    return PollReport(
        mailbox=mailbox.name,
        found=len(uids),
        stored=taking.stored,
        backfilled=taking.backfilled,
        vanished=tuple(taking.vanished),
        renumbered=known is not None and known.uidvalidity != cursor.uidvalidity,
        large=taking.large,
        owed=tuple(taking.owed),
        completed=completed,
    )


def cursor_of(mailbox: Mailbox, known: Cursor | None, policy: IntakePolicy, now: datetime) -> Cursor:
    """The cursor to go on from; a new one at a mailbox's first poll and when its UIDs were numbered anew."""
    uidvalidity = mailbox.status().uidvalidity
    if known and known.uidvalidity == uidvalidity:
        return known
    border = now - timedelta(hours=policy.backfill_hours)
    return Cursor(mailbox=mailbox.name, uidvalidity=uidvalidity, last_uid=0, backfill_before=border)


@dataclass(slots=True)
class Taking:
    """Messages being taken in: fetched batch by batch, each batch stored together with the cursor behind it.

    Where the last poll broke off, the first batch goes message by message, so that one of them alone is to blame.
    """

    mailbox: Mailbox
    store: Store
    policy: IntakePolicy
    cursor: Cursor
    batch: int = field(kw_only=True)
    now: datetime = field(kw_only=True)
    progress: Progress = field(kw_only=True)
    stored: int = 0
    backfilled: int = 0
    large: int = 0
    vanished: list[int] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    _refused: list[Absent] = field(default_factory=list)

    def take(self, uids: Sequence[int]) -> None:
        """Take in the messages of `uids`, ascending."""
        careful = self.batch if self.cursor.failures else 0
        done = 0
        while done < len(uids):
            alone = done < careful
            named = uids[done : done + (1 if alone else self.batch)]
            self._take_batches(named)
            done += len(named)
            self.progress(done, len(uids))
        if self._refused:
            self._keep(Fetched(), self._refused[-1].uid)

    def _take_batches(self, named: Sequence[int]) -> None:
        try:
            sizes = self.mailbox.sizes(named)
            for wanted in batches(named, sizes, self.policy):
                fetched = fetch(self.mailbox, self.cursor, wanted, sizes, self.policy, now=self.now)
                self._keep(fetched, wanted[-1])
        except MailboxRefused:
            raise
        except MailboxError as fault:
            left = [uid for uid in named if uid > self.cursor.last_uid]
            busy = asked_pause(str(fault), self.policy.answers) is not None
            if isinstance(fault, MessageRefused) and not busy:
                self._refuse(left, fault)
            else:
                self._break_off([] if busy else left, fault)
                raise

    def _keep(self, fetched: Fetched, last: int) -> None:
        absent = (*self._refused, *fetched.absent)
        self.cursor = replace(self.cursor, last_uid=last, failures=0)
        self.stored += self.store.add_messages(self.cursor, fetched.messages, absent)
        self.backfilled += sum(message.backfill for message in fetched.messages)
        self.large += sum(not message.whole for message in fetched.messages)
        self.vanished += [one.uid for one in absent if one.gone]
        self.owed += [one.uid for one in absent if not one.gone]
        self._refused = []

    def _refuse(self, uids: Sequence[int], fault: MessageRefused) -> None:
        """One of `uids` is refused, or all are: ask one by one."""
        if len(uids) > 1:
            for uid in uids:
                self._take_batches([uid])
            return
        self._refused.append(owed(uids[0], str(fault), now=self.now, policy=self.policy))
        if len(self._refused) >= REFUSALS_IN_A_ROW:
            self._break_off([one.uid for one in self._refused], fault)
            raise MailboxError(f"{fault}; the next poll tries again") from fault

    def _break_off(self, uids: Sequence[int], fault: MailboxError) -> None:
        """Note that this poll broke off here; when it was the last one in a row, pass the first of `uids` over."""
        failures = self.cursor.failures + 1
        if failures < self.policy.fetch_attempts or not uids:
            self.store.add_messages(replace(self.cursor, failures=failures), [])
            return
        passed = owed(uids[0], str(fault), now=self.now, policy=self.policy)
        self.store.add_messages(replace(self.cursor, last_uid=uids[0], failures=1), [], [passed])
