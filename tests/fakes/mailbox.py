"""A mailbox in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from triage.ports import MailboxStatus


class FakeMailbox:
    """Holds (octets, INTERNALDATE) by UID; `expunged_at_fetch` go between search and fetch."""

    def __init__(self, name: str = "INBOX", *, uidvalidity: int = 7) -> None:
        self.name = name
        self.uidvalidity = uidvalidity
        self.held: dict[int, tuple[bytes, datetime]] = {}
        self.expunged_at_fetch: set[int] = set()
        self.fetched: list[Sequence[int]] = []
        self.parts: list[tuple[int, int, int]] = []

    def status(self) -> MailboxStatus:
        last = max(self.held, default=0)
        return MailboxStatus(uidvalidity=self.uidvalidity, uidnext=last + 1, messages=len(self.held), read_only=True)

    def uids_after(self, uid: int) -> Sequence[int]:
        return sorted(held for held in self.held if held > uid)

    def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
        return {uid: len(self.held[uid][0]) for uid in uids if uid in self.held}

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
        self.fetched.append(list(uids))
        for uid in self.expunged_at_fetch:
            self.held.pop(uid, None)
        for uid in uids:
            if uid in self.held:
                yield uid, *self.held[uid]

    def fetch_part(self, uid: int, start: int, length: int) -> tuple[bytes, datetime] | None:
        self.parts.append((uid, start, length))
        if uid not in self.held:
            return None
        octets, arrived = self.held[uid]
        return octets[start : start + length], arrived

    def arrivals(self, uids: Sequence[int]) -> Mapping[int, datetime]:
        return {uid: self.held[uid][1] for uid in uids if uid in self.held}

    can_wait = True

    def wait(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        return False

    def close(self) -> None:
        pass
