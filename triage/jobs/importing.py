"""Importing: messages found in files get rows as polled mail does, each once; they are triaged, and never answered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from models.knowledge.running import IntakePolicy
from models.mail import MessageKey, MessageSource, RawMessage
from models.mail_file import FileFault, FileMessage, FilePassed
from triage.ports import Store
from triage.stages.entry import NUMBERS, number_of

IMPORTED, UIDVALIDITY = "import", 0
"""Where the rows stand: no server gives the UIDVALIDITY 0 (RFC 9051)."""

Found = FileMessage | FileFault | FilePassed


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What was found in a path: `new` messages, `known` ones that were taken in before, and what could not be read.

    Of `partial` ones only the first part is kept. `passed` are files in folders that are no mail.
    """

    path: str
    found: int = 0
    new: int = 0
    known: int = 0
    partial: list[str] = field(default_factory=list)
    unreadable: list[FileFault] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Importing:
    """Takes in what files hold, batch by batch. Without a store (None) everything is new; `dry` writes nothing."""

    store: Store | None
    policy: IntakePolicy
    batch: int = field(kw_only=True)
    now: datetime = field(kw_only=True)
    dry: bool = field(kw_only=True, default=False)
    _seen: dict[int, bytes] = field(default_factory=dict)

    def take(
        self, path: str, found: Iterable[Found], progress: Callable[[int], None] = lambda _octets: None
    ) -> ImportReport:
        """Take in what was found in one path; `progress` hears of octets. Raises StoreError; what was stored stays."""
        report = ImportReport(path=path)
        waiting: list[FileMessage] = []
        octets = 0
        for one in found:
            match one:
                case FileFault():
                    report.unreadable.append(one)
                case FilePassed():
                    report.passed.append(one.place)
                case FileMessage():
                    if waiting and octets + len(one.octets) > self.policy.batch_octets:
                        self._store(waiting, report)
                        waiting, octets = [], 0
                    waiting.append(one)
                    octets += len(one.octets)
                    if len(waiting) >= self.batch:
                        self._store(waiting, report)
                        waiting, octets = [], 0
                    progress(one.size)
        self._store(waiting, report)
        return report

    def _store(self, messages: Sequence[FileMessage], report: ImportReport) -> None:
        new = self._keyed(messages)
        if self.dry or self.store is None:
            added = len(new)
            self._seen |= {raw.key.uid: sha256(raw.octets).digest() for raw in new}
        else:
            added = len(self.store.add_entries(new)) if new else 0
        report.found += len(messages)
        report.new += added
        report.known += len(messages) - added
        report.partial += [one.place for one in messages if one.size > len(one.octets)]

    def _keyed(self, messages: Sequence[FileMessage]) -> list[RawMessage]:
        """Those that have no row, each with a key that follows from its octets.

        Two messages with other octets and the same number are told apart: the second goes on to the next number.
        """
        new: dict[int, RawMessage] = {}
        held: dict[int, bytes] = {}
        waiting = [(number_of(one.digest), one) for one in messages]
        while waiting:
            taken = self._taken([number for number, _ in waiting]) | held
            further: list[tuple[int, FileMessage]] = []
            for number, one in waiting:
                digest = sha256(one.octets).digest()
                if number not in taken:
                    taken[number] = held[number] = digest
                    new[number] = self._raw(number, one)
                elif taken[number] != digest:
                    further.append(((number + 1) % NUMBERS, one))
            waiting = further
        return list(new.values())

    def _taken(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """SHA-256 of what is held under those numbers that are taken."""
        seen = {number: self._seen[number] for number in numbers if number in self._seen}
        known = self.store.entry_digests(IMPORTED, numbers) if self.store else {}
        return seen | {number: bytes.fromhex(digest) for number, digest in known.items()}

    def _raw(self, number: int, one: FileMessage) -> RawMessage:
        return RawMessage(
            key=MessageKey(mailbox=IMPORTED, uidvalidity=UIDVALIDITY, uid=number),
            octets=one.octets,
            internaldate=min(one.arrived or self.now, self.now),
            backfill=True,
            source=MessageSource.IMPORT,
            size=one.size if one.size > len(one.octets) else None,
        )
