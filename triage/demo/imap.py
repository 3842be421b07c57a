"""An IMAP4rev1 server on loopback that serves octets unchanged: the demo's mailbox where no Dovecot is installed."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Self

from imapclient import imap_utf7

from triage.demo.imap_session import Connection
from triage.demo.imap_wire import Folder

LONGEST_LINE = 1 << 20


class EmbeddedImap:
    """A server with one user and one mailbox. Use it as a context manager; `port` is known from the start."""

    host = "127.0.0.1"

    def __init__(
        self,
        messages: Iterable[tuple[bytes, datetime]] = (),
        user: str = "mottak",
        password: str = "hemmelig",  # noqa: S107 - loopback only, for trials
        *,
        mailbox: str = "INBOX",
        uidvalidity: int = 1,
    ) -> None:
        self.user, self.password, self.mailbox = user, password, mailbox
        self.folder = Folder(imap_utf7.encode(mailbox), uidvalidity)
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        for octets, internaldate in messages:
            self.folder.keep(octets, internaldate)
        self._socket = socket.create_server((self.host, 0))
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Serve, in a thread."""
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-imap", daemon=True)
        self._thread.start()
        served = asyncio.start_server(self._serve, sock=self._socket, limit=LONGEST_LINE)
        self._server = asyncio.run_coroutine_threadsafe(served, self._loop).result(10)
        return self

    def stop(self) -> None:
        """Close every connection and end."""
        if self._thread is None:
            self._socket.close()
            self._loop.close()
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._thread = None

    def add(self, octets: bytes, internaldate: datetime) -> int:
        """A new message arrives; its UID."""
        return self._in_loop(lambda: self.folder.keep(octets, internaldate))

    def expunge(self, uid: int) -> None:
        """Somebody else removes a message."""
        self._in_loop(lambda: self.folder.remove(uid))

    def _in_loop(self, act: Callable[[], int]) -> int:
        if self._thread is None:
            return act()

        async def acted() -> int:
            return act()

        return asyncio.run_coroutine_threadsafe(acted(), self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        serving = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        credentials = self.user.encode(), self.password.encode()
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            await Connection(self.folder, credentials, reader, writer).converse()
        writer.close()
