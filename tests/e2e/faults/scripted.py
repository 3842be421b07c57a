"""What a server says that no Dovecot would: answers that a proxy gives in its place, between a poller and Dovecot."""

import base64
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.e2e.faults.proxy import Answer

FETCH = rb"UID FETCH \S+ .*BODY"
SIZES = rb"UID FETCH \S+ .*RFC822\.SIZE"
EXAMINE, SEARCH, LOGIN = rb"EXAMINE", rb"UID SEARCH", rb"LOGIN"
DATE = b'"01-Mar-2026 10:00:00 +0000"'


@dataclass
class Script:
    """Answers commands whose words `pattern` matches by `said` (after the tag), `times` times; counts them.

    `untagged` goes before. `leave`: the connection is cut then. Give it to a proxy as `answer`.
    """

    pattern: bytes
    said: bytes = b""
    untagged: bytes = b""
    times: int = 1_000_000
    leave: bool = False
    only_uid: int = 0
    """Answer only commands that name this UID."""
    given: int = 0

    def __call__(self, line: bytes) -> Answer | None:
        tag, _, words = line.partition(b" ")
        if self.given >= self.times or not re.match(self.pattern, words):
            return None
        if self.only_uid and self.only_uid not in uids_of(words):
            return None
        self.given += 1
        ended = tag + b" " + self.said + b"\r\n" if self.said else b""
        return Answer(say=(self.untagged + ended,), leave=self.leave)


def uids_of(words: bytes) -> set[int]:
    """UIDs that a UID FETCH names."""
    found: set[int] = set()
    for part in words.split(b" ")[2].split(b","):
        low, _, high = part.partition(b":")
        found |= set(range(int(low), int(high or low) + 1))
    return found


def keeping_back(uid: int) -> Callable[[bytes], Answer | None]:
    """A server that names a UID and never gives its body: the command goes on without that UID."""

    def answer(line: bytes) -> Answer | None:
        tag, _, words = line.partition(b" ")
        if not re.match(FETCH, words) or uid not in (wanted := uids_of(words)):
            return None
        left = b",".join(b"%d" % one for one in sorted(wanted - {uid}))
        if not left:
            return Answer(say=(tag + b" OK done\r\n",))
        _, _, items = words.split(b" ", 2)[2].partition(b" ")
        return Answer(forward=b"%s UID FETCH %s %s\r\n" % (tag, left, words.split(b" ", 3)[3] if items else b""))

    return answer


def literal(uid: int, announced: int, octets: Iterable[bytes]) -> Callable[[bytes], Answer | None]:
    """A server that announces a literal of so many octets for this UID, sends these, and cuts the connection."""

    def answer(line: bytes) -> Answer | None:
        _tag, _, words = line.partition(b" ")
        if not re.match(FETCH, words) or uid not in uids_of(words):
            return None
        part = re.search(rb"BODY\.PEEK(\[\])(?:<(\d+)\.\d+>)?", words)
        name = b"BODY[]<%s>" % part[2] if part and part[2] else b"BODY[]"
        head = b"* 1 FETCH (UID %d INTERNALDATE %s %s {%d}\r\n" % (uid, DATE, name, announced)
        return Answer(say=(head, *octets), leave=True)

    return answer


class TokenDoor:
    """A server that takes access tokens: it looks at the token, then signs in to Dovecot by the password."""

    def __init__(self, accepts: Callable[[str], bool], user: str, password: str) -> None:
        self._accepts, self._login = accepts, f"LOGIN {user} {password}".encode()
        self._here = threading.local()  # a proxy has a thread for each connection
        self.refused = 0

    def tell(self, octets: bytes) -> bytes:
        """What Dovecot says, with the offer to take tokens."""
        return octets.replace(b"AUTH=PLAIN", b"AUTH=XOAUTH2 AUTH=PLAIN")

    def answer(self, line: bytes) -> Answer | None:
        """The door's part of the conversation."""
        tag, _, words = line.partition(b" ")
        if words.upper().startswith(b"AUTHENTICATE XOAUTH2"):
            self._here.tag = tag
            return Answer(say=(b"+ \r\n",))
        given = getattr(self._here, "tag", b"")
        self._here.tag = b""
        if not given:
            return None
        token = base64.b64decode(line + b"==").decode("utf-8", "replace").split("Bearer ")[-1].split("\x01")[0]
        if self._accepts(token):
            return Answer(forward=given + b" " + self._login + b"\r\n")
        self.refused += 1
        return Answer(say=(given + b" NO [AUTHENTICATIONFAILED] AUTHENTICATE failed.\r\n",))
