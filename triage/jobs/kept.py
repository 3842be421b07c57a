"""Kept: a mailbox stays open between two polls, and is opened anew when its connection has gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from triage.errors import MailboxError
from triage.ports import Mailbox


class Kept:
    """A mailbox that is used by one thread at a time and kept open until a fault or `close`."""

    def __init__(self, open_mailbox: Callable[[], Mailbox]) -> None:
        self._open = open_mailbox
        self._mailbox: Mailbox | None = None

    @contextmanager
    def open(self) -> Iterator[Mailbox]:
        """The mailbox, its connection alive a moment ago. Whatever goes wrong in the block closes it."""
        mailbox = self._alive() or self._open()
        self._mailbox = None
        try:
            yield mailbox
        except BaseException:
            mailbox.close()
            raise
        self._mailbox = mailbox

    def close(self) -> None:
        """Close the connection; the next `open` makes a new one."""
        if self._mailbox is not None:
            self._mailbox.close()
            self._mailbox = None

    def _alive(self) -> Mailbox | None:
        """The mailbox of the last time, when its server still answers."""
        if self._mailbox is not None:
            try:
                self._mailbox.status()
            except MailboxError:
                self.close()
        return self._mailbox
