"""Readers for child processes: what `make_reader` of a test loads."""

import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from models.case import Triaged
from models.mail import RawMessage
from tests.fakes.making import mail, triaged
from triage.adapters import apart


def make_reader():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A reader that obeys the octets: sleep, spin, eat, die, raise, say, write, connect, open, or be read."""
    return read


def read(raw: RawMessage) -> Triaged:
    """Do what the message says."""
    order, _, rest = raw.octets.partition(b"\r\n")
    name, _, argument = order.removeprefix(b"Subject: ").partition(b" ")
    if raw.key.uid and (done := ORDERS.get(name)):
        return triaged(mail(done(argument, rest.removeprefix(b"\r\n"))))
    assert raw.internaldate.utcoffset() == timedelta(0)
    return triaged(mail(order.removeprefix(b"Subject: ").decode("utf-8", "replace"), msgid=f"{raw.key.uid}@x.example"))


def make_no_reader():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A reader that cannot be loaded."""
    raise OSError("data/ is missing")


def _sleep(argument: bytes, _rest: bytes) -> str:
    time.sleep(float(argument))
    return "slept"


def _spin(_argument: bytes, _rest: bytes) -> str:
    while True:
        pass


def _hold(_argument: bytes, _rest: bytes) -> str:
    """Work for minutes without ever letting another thread, or a handler of a signal, run."""
    return str(pow(3, 2**29))


def _eat(_argument: bytes, _rest: bytes) -> str:
    return str(len(bytearray(4 * 2**30)))


def _die(argument: bytes, _rest: bytes) -> str:
    if argument:
        os.kill(os.getpid(), signal.Signals[argument.decode()])
    os._exit(9)


def _raise(_argument: bytes, _rest: bytes) -> str:
    raise ValueError("bad mail")


def _say(_argument: bytes, rest: bytes) -> str:
    """Write to every pipe there is what is no answer of ours, as a child would that was taken over."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, rest)
        except OSError:
            continue
    time.sleep(60)
    return "said"


def _write(argument: bytes, _rest: bytes) -> str:
    with Path(argument.decode()).open("wb") as file:
        file.write(b"taken over")
    return "written"


def _connect(argument: bytes, _rest: bytes) -> str:
    with socket.create_connection(("127.0.0.1", int(argument)), timeout=1):
        return "connected"


def _open(argument: bytes, rest: bytes) -> str:
    """Open the rest as a document, in the process that opens attachments."""
    found = apart.read_document(argument.decode(), "application/octet-stream", rest)
    return found.unread or f"{len(found.text)} characters, {len(found.members)} members"


ORDERS: dict[bytes, Callable[[bytes, bytes], str]] = {
    b"sleep": _sleep,
    b"spin": _spin,
    b"hold": _hold,
    b"eat": _eat,
    b"die": _die,
    b"raise": _raise,
    b"say": _say,
    b"write": _write,
    b"connect": _connect,
    b"open": _open,
}
