"""Attachments are opened in a process of their own: one that breaks it costs the mail only itself.

The process is a fork of the one that reads the mail, lives for many attachments and is killed when one takes too long.
What it answers is a line of JSON and octets, measured before they are taken.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from models.mail import DocumentMember, DocumentText
from triage.adapters import confined
from triage.adapters.documents import read_document as read_here
from triage.adapters.documents.limits import MAX_INFLATED
from triage.adapters.worktime import await_work, queued

SHARE = 0.35
"""Of the time for a message, how much its attachments may take together."""
SHARE_OF_REST = 2 / 3
"""Of what is left for attachments, how much one of them may take: those behind it get a chance."""
FIRST_SECONDS = 60.0
"""For attachments where nobody has said how long they may take."""
FIRST_MEGABYTES = 512
LEAST_SECONDS = 0.2
MOST_HEAD = 8_000_000
MOST_GROWTH = 64 * confined.MEGABYTE
"""What the process may keep when it has opened a document; with more it makes room for a fresh one."""
TOO_LONG = "takes too long to be read"
TOO_MUCH = "needs too much memory"
BROKEN = "broke the program that opens it"


class Documents:
    """The process that opens attachments. `allow` before each message says how long it may take for that message."""

    def __init__(self) -> None:
        self._process = 0
        self._asked: Connection | None = None
        self._left = FIRST_SECONDS
        self._megabytes = FIRST_MEGABYTES

    def allow(self, seconds: float, megabytes: int) -> None:
        """Give the attachments of the next message their share of `seconds`; have a process ready if one was before."""
        self._megabytes = megabytes
        self._left = seconds * SHARE
        if self._asked is None and self._process:
            self.begin()

    def read(self, name: str, content_type: str, octets: bytes) -> DocumentText:
        """The text of a document and the files inside it, or why it was not read. Never raises."""
        if self._left < LEAST_SECONDS:
            return DocumentText(unread=TOO_LONG)
        seconds = max(LEAST_SECONDS, self._left * SHARE_OF_REST)
        asked = self._asked or self.begin()
        before, begun = queued(self._process), time.monotonic()
        try:
            found, grown = self._read(asked, name, content_type, octets, seconds)
        except TimeoutError:
            self.end()
            return DocumentText(unread=TOO_LONG)
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return DocumentText(unread=_cause(self.end()))
        except MemoryError:
            self.end()
            return DocumentText(unread=TOO_MUCH)
        finally:
            in_queue = max(0.0, queued(self._process) - before)
            self._left -= max(0.0, time.monotonic() - begun - in_queue)
        if grown:
            self.end()
        return found

    def _read(
        self, asked: Connection, name: str, content_type: str, octets: bytes, seconds: float
    ) -> tuple[DocumentText, bool]:
        """The text, and whether the process has grown too much. TimeoutError after `seconds` for an answer."""
        asked.send_bytes(json.dumps([name, content_type, seconds, self._megabytes]).encode("ascii"))
        asked.send_bytes(octets)
        return _received(lambda: _await(asked, self._process, seconds), asked)

    def end(self) -> int:
        """Kill the process, if there is one; the status that it ended with."""
        if self._asked is None:
            return 0
        self._asked.close()
        self._asked = None
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])

    def begin(self) -> Connection:
        """Start the process; the pipe to it."""
        self.end()
        ours, theirs = Pipe()
        parent = os.getpid()
        self._process = os.fork()
        if not self._process:
            try:
                _serve(theirs, parent)
            finally:
                os._exit(1)
        theirs.close()
        self._asked = ours
        return ours


_documents = Documents()


def allow(seconds: float, megabytes: int) -> None:
    """Give the attachments of the next message of this process their share of `seconds`, and `megabytes` of memory."""
    _documents.allow(seconds, megabytes)


def begin() -> None:
    """Have the process ready before this one grows."""
    _documents.begin()


def read_document(name: str, content_type: str, octets: bytes) -> DocumentText:
    """The text of a document and the files inside it, or why it was not read, from a process of its own."""
    return _documents.read(name, content_type, octets)


def _received(ready: Callable[[], None], asked: Connection) -> tuple[DocumentText, bool]:
    ready()
    head = json.loads(asked.recv_bytes(MOST_HEAD))
    members: list[DocumentMember] = []
    room = MAX_INFLATED
    for name, content_type in head["members"]:
        ready()
        content = asked.recv_bytes(room)
        room -= len(content)
        members.append(DocumentMember(name=str(name), content_type=str(content_type), octets=content))
    said = {key: str(head[key]) for key in ("text", "unread", "found")}
    found = DocumentText(**said, members=tuple(members))
    return found, bool(head["grown"])


def _await(asked: Connection, process: int, seconds: float) -> None:
    if not await_work(process, seconds, asked.poll):
        raise TimeoutError


def _cause(status: int) -> str:
    if status == -signal.SIGXCPU:
        return TOO_LONG
    return TOO_MUCH if status == -signal.SIGABRT else BROKEN  # what runs out of memory in Rust or C++ aborts


def _serve(asked: Connection, parent: int) -> None:
    """Open documents for as long as the parent lives."""
    confined.die_with_parent(parent)
    confined.keep_open(asked.fileno())
    confined.write_no_files()
    first = 0
    while True:
        name, content_type, seconds, megabytes = json.loads(asked.recv_bytes())
        octets = asked.recv_bytes()
        if not first:
            first = confined.memory()[0]
            confined.limit_memory(megabytes)
        confined.limit_cpu(seconds)
        found = read_here(name, content_type, octets)
        head = {
            "text": found.text,
            "unread": found.unread,
            "found": found.found,
            "members": [[one.name, one.content_type] for one in found.members],
            "grown": confined.memory()[0] > first + MOST_GROWTH,
        }
        asked.send_bytes(json.dumps(head).encode("ascii"))
        for one in found.members:
            asked.send_bytes(one.octets)
