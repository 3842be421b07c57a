"""Mark: what triage found and committed is written into the mailbox, for those who read their mail there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from models.knowledge.marks import MarkPolicy
from models.knowledge.running import ServerAnswer
from models.mark import Mark, Markable
from triage.errors import MailboxError, MessageRefused
from triage.jobs.deliver import clock
from triage.jobs.patience import asked_pause
from triage.ports import Marker, Store, Written
from triage.stages.mark import mark_of

By = Literal["keywords", "folders"]

REFUSALS_IN_A_ROW = 3
"""So many messages refused one after the other are no fault of theirs, but the server's."""
LEFT_ALONE = "the server said that it was done, and it was not"
GONE = "it is no longer in the folder"


@dataclass(slots=True, kw_only=True)
class MarkReport:
    """What a round did, in messages: `marked`, `left` without a mark by our rules, `gone` before, `refused`."""

    mailbox: str
    marked: int = 0
    left: int = 0
    gone: int = 0
    refused: int = 0


def mark_once(
    open_: Callable[[], Marker],
    store: Store,
    policy: MarkPolicy,
    *,
    mailbox: str,
    by: By,
    answers: Sequence[ServerAnswer] = (),
    now: Callable[[], datetime] = clock,
    stopping: Callable[[], bool] = lambda: False,
) -> MarkReport:
    """Mark every triaged message of `mailbox` that is due; the server is called only when there is one.

    Raises MailboxError, MailboxRefused and StoreError; what was not noted as done is due at the next round.
    """
    report = MarkReport(mailbox=mailbox)
    cursor = store.cursor(mailbox)
    if cursor is None:
        return report
    marking = _Marking(open_, store, policy, cursor.uidvalidity, by=by, answers=answers, now=now, report=report)
    try:
        while not stopping() and (due := marking.due()):
            marking.mark(due)
    finally:
        marking.close()
    return report


@dataclass(slots=True)
class _Marking:
    """A round: begun is noted first, then it is written, then it is noted that it is done."""

    open_: Callable[[], Marker]
    store: Store
    policy: MarkPolicy
    uidvalidity: int
    by: By = field(kw_only=True)
    answers: Sequence[ServerAnswer] = field(kw_only=True)
    now: Callable[[], datetime] = field(kw_only=True)
    report: MarkReport = field(kw_only=True)
    _marker: Marker | None = None
    _refusals: int = 0

    def due(self) -> Sequence[Markable]:
        before = self.now() - timedelta(minutes=self.policy.retry_minutes)
        return self.store.markable(
            self.report.mailbox, self.uidvalidity, refused_before=before, limit=self.policy.batch
        )

    def close(self) -> None:
        if self._marker is not None:
            self._marker.close()

    def mark(self, due: Sequence[Markable]) -> None:
        alike: dict[tuple[Mark, tuple[str, ...]], list[Markable]] = {}
        for message in due:
            mark = mark_of(message, self.policy)
            alike.setdefault((mark, self._unwanted(message, mark)), []).append(message)
        for (mark, unwanted), messages in alike.items():
            self._mark_alike(messages, mark, unwanted)

    def _unwanted(self, message: Markable, mark: Mark) -> tuple[str, ...]:
        """Keywords of ours that it may bear and is not to."""
        if self.by != "keywords":
            return ()
        ours = {rule.keyword for rule in self.policy.rules if rule.keyword}
        return tuple(sorted(ours & set(message.before.split()) - set(mark.keywords)))

    def _mark_alike(self, messages: Sequence[Markable], mark: Mark, unwanted: Sequence[str]) -> None:
        text = " ".join(mark.keywords) if self.by == "keywords" else mark.folder
        begun = self.now()
        # until it is settled, what it may bear is what it bore and what it is to bear
        self.store.begin_marks({one.id: " ".join((text, *unwanted)) for one in messages}, now=begun)
        if not text and not unwanted:
            self._settle(messages, text, begun, "")
            self.report.left += len(messages)
            return
        try:
            written = self._write(messages, mark, unwanted)
        except MessageRefused as fault:
            self._refused(messages, mark, unwanted, begun, fault)
            return
        self._refusals = 0
        self._note(messages, written, text, begun)

    def _write(self, messages: Sequence[Markable], mark: Mark, unwanted: Sequence[str]) -> Written:
        self._marker = self._marker or self.open_()
        uids = [one.uid for one in messages]
        if self.by == "keywords":
            return self._marker.set_keywords(self.uidvalidity, uids, mark.keywords, without=unwanted)
        tried = {one.uid: (one.size, one.sha256) for one in messages if one.begun}
        return self._marker.move(self.uidvalidity, uids, (self.policy.parent, mark.folder), begun=tried)

    def _note(self, messages: Sequence[Markable], written: Written, text: str, begun: datetime) -> None:
        done = [one for one in messages if one.uid in written.done]
        gone = [one for one in messages if one.uid in written.gone]
        rest = [one.id for one in messages if one.uid not in written.done | written.gone]
        self._settle(done, text, begun, "")
        self._settle(gone, text, begun, GONE)
        self._refuse(rest, begun, LEFT_ALONE)
        self.report.marked += len(done)
        self.report.gone += len(gone)

    def _settle(self, messages: Sequence[Markable], text: str, begun: datetime, cause: str) -> None:
        if messages:
            self.store.settle_marks({one.id: text for one in messages}, begun=begun, cause=cause, now=self.now())

    def _refuse(self, ids: Sequence[int], begun: datetime, cause: str) -> None:
        if ids:
            attempts = self.policy.attempts
            self.store.refuse_marks(ids, begun=begun, cause=cause, attempts=attempts, now=self.now())
            self.report.refused += len(ids)

    def _refused(
        self, messages: Sequence[Markable], mark: Mark, unwanted: Sequence[str], begun: datetime, fault: MessageRefused
    ) -> None:
        """One of the messages is refused, or all are: write one by one."""
        if asked_pause(str(fault), self.answers) is not None:
            raise fault
        if len(messages) > 1:
            for message in messages:
                self._mark_alike([replace(message, begun=True)], mark, unwanted)
            return
        self._refuse([messages[0].id], begun, str(fault))
        self._refusals += 1
        if self._refusals >= REFUSALS_IN_A_ROW:
            raise MailboxError(f"{fault}; tried again later") from fault
