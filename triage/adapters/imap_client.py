"""An IMAP client that a server cannot lead astray: answers have an end in size and time, commands are one line."""

import imaplib
import logging
import ssl
import time
from collections.abc import Sequence
from typing import Any

from imapclient import IMAPClient
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

logging.getLogger("imapclient.util").setLevel(logging.CRITICAL)  # it warns of letters in the words of a server

LARGEST_LITERAL = 64 << 20  # octets; more than any fetch of ours asks for
LARGEST_ANSWER = 256 << 20  # octets of all that comes between two things we say
LONGEST_ANSWER = 1800.0  # seconds, more than any IDLE of ours
LONGEST_LINE = 1_000_000  # octets, as imaplib's
MOST_LINES = 500_000  # of one answer
_PIECE = 1 << 20
_ENDS_COMMAND = (b"\r", b"\n", b"\0")


class _Bounded(imaplib.IMAP4):
    """Mixed into imaplib's connections: reads in pieces, within limits, and refuses what would end a command early."""

    largest_literal, largest_answer, longest_answer = LARGEST_LITERAL, LARGEST_ANSWER, LONGEST_ANSWER
    _came = _lines = 0
    _said_at = 0.0

    def send(self, data: Any) -> None:  # noqa: ANN401 - as imaplib's
        self._came, self._lines, self._said_at = 0, 0, time.monotonic()
        super().send(data)

    @property
    def _source(self) -> Any:  # noqa: ANN401 - a BufferedReader, whatever the stubs say
        return self.file

    def read(self, size: int) -> bytes:
        if size > self.largest_literal:
            raise self.abort(f"the server announced {size} octets at once, more than was asked for")
        pieces, left = [], size
        while left and (piece := self._source.read1(min(left, _PIECE))):
            pieces.append(piece)
            left -= len(piece)
            self._count(len(piece))
        return b"".join(pieces)

    def readline(self) -> bytes:
        pieces: list[bytes] = []
        length = 0
        while waiting := self._source.peek(1):
            end = waiting.find(b"\n") + 1
            piece = self._source.read1(end or len(waiting))
            pieces.append(piece)
            length += len(piece)
            self._count(len(piece))
            if end:
                break
            if length > LONGEST_LINE:
                raise self.abort("the server sent a line without end")
        self._lines += 1
        return b"".join(pieces)

    def _count(self, octets: int) -> None:
        self._came += octets
        self._said_at = self._said_at or time.monotonic()
        if self._came > self.largest_answer or self._lines > MOST_LINES:
            raise self.abort("the server sends more than was asked for")
        if time.monotonic() - self._said_at > self.longest_answer:
            raise self.abort("the server takes too long over one answer")

    def _command(self, name: str, *args: Any) -> Any:  # noqa: ANN401 - as imaplib's
        check_arguments(args)
        return super()._command(name, *args)  # type: ignore[misc]


class _Plain(_Bounded, IMAP4WithTimeout):  # type: ignore[misc]
    """A connection in the clear, until STARTTLS."""


class _Encrypted(_Bounded, IMAP4_TLS):  # type: ignore[misc]
    """A connection over TLS."""


class BoundedClient(IMAPClient):  # type: ignore[misc]
    """IMAPClient over such a connection, which writes nothing into the log of what is said: a server may repeat us."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as IMAPClient's
        super().__init__(*given, **named)
        self._imap.debug = 0

    def hurry(self, seconds: float) -> None:
        """Give the server no more than `seconds` for each answer from now on."""
        self._imap.longest_answer = seconds
        self.socket().settimeout(seconds)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - IMAPClient's name
        connect_seconds = getattr(self._timeout, "connect", None)
        if not self.ssl:
            return _Plain(self.host, self.port, connect_seconds)
        context: ssl.SSLContext = self.ssl_context
        return _Encrypted(self.host, self.port, context, connect_seconds)  # type: ignore[call-arg, arg-type]

    def _raw_command(self, command: bytes, args: Any, uid: bool = True) -> Any:  # noqa: ANN401 - as IMAPClient's
        check_arguments(args if isinstance(args, list | tuple) else [args])
        return super()._raw_command(command, args, uid=uid)


def check_arguments(arguments: Sequence[object]) -> None:
    """ValueError when an argument could end its command and begin another."""
    for argument in arguments:
        octets = argument.encode() if isinstance(argument, str) else argument
        if isinstance(octets, bytes) and any(mark in octets for mark in _ENDS_COMMAND):
            raise imaplib.IMAP4.error("an argument holds a line end or NUL; it is not sent")
