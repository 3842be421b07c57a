"""What runs inside a child process that reads mail: limits, one reader loaded once, results as plain octets."""

from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any

from models.mail import NO_KEY, RawMessage
from triage.adapters import apart, confined

Reader = Callable[[RawMessage], Any]
Encode = Callable[[Any], bytes]
READY, READ, FAILED, NO_READER = b"Y", b"R", b"F", b"N"
MOST_OCTETS = 64 * 2**20
MOST_SAID = 2000
MARK = 8
FIRST = RawMessage(
    key=NO_KEY,
    octets=b"From: a@localhost\r\nSubject: a\r\n\r\nThis is read so that all there is to load has been loaded.\r\n",
    internaldate=datetime(2020, 1, 1, tzinfo=UTC),
)


def serve(asked: Connection, make_reader: Callable[[], Reader], encode: Encode, seconds: float, megabytes: int) -> None:
    """Load the reader, say READY (or NO_READER and why), then answer every message until the parent is gone.

    An answer is the mark of the question and what `encode` made of the reading, behind READ, or what went wrong,
    behind FAILED.
    """
    parent = parent_process()
    if parent is None:
        raise RuntimeError("only a child process serves")
    confined.confine(parent.sentinel, asked.fileno())
    try:
        reader = make_reader()
        encode(reader(FIRST))
        _reader_alone()
    except Exception as fault:  # noqa: BLE001 - told to the parent, which knows what to do
        asked.send_bytes(NO_READER + _said(fault))
        return
    confined.limit_memory(megabytes)
    confined.write_no_files()
    asked.send_bytes(READY)
    while True:
        try:
            mark, raw = asked.recv()
        except EOFError:
            return
        apart.allow(seconds, megabytes)
        confined.limit_cpu(seconds)
        asked.send_bytes(mark + _answer(reader, encode, raw))


def _answer(reader: Reader, encode: Encode, raw: RawMessage) -> bytes:
    try:
        found = encode(reader(raw))
    except MemoryError:
        return FAILED + b"it needs more memory than TRIAGE_MESSAGE_MEGABYTES allows"
    except Exception as fault:  # noqa: BLE001 - any fault belongs to this message alone
        return FAILED + _said(fault)
    if len(found) > MOST_OCTETS - MARK - 1:
        return FAILED + b"its reading is larger than can be kept"
    return READ + found


def _said(fault: Exception) -> bytes:
    return f"{type(fault).__name__}: {fault}"[:MOST_SAID].encode("utf-8", "replace")


def _reader_alone() -> None:
    """One thread for arithmetic: there are as many children as there is work for."""
    import threadpoolctl

    threadpoolctl.threadpool_limits(1)
