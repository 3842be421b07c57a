"""The words of IMAP4rev1 (RFC 3501) that the embedded server knows: commands in, message sets, FETCH responses out."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\r?\n\Z")
LONGEST_NUMBER = 10  # digits of 2³²
_TOKEN = re.compile(rb'"((?:[^"\\\r\n]|\\.)*)"|([()])|([^\s()"\[\]]*\[[^\]]*\](?:<[\d.]+>)?|[^\s()"]+)')
_BODY = re.compile(rb"BODY(\.PEEK)?\[(|HEADER|TEXT)\](?:<(\d{1,10})\.(\d{1,10})>)?\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MalformedError(Exception):
    """A command that cannot be understood; its text goes into the BAD response."""


@dataclass(slots=True)
class Held:
    """A message as the server holds it."""

    uid: int
    octets: bytes
    internaldate: datetime
    flags: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class Folder:
    """The one mailbox of the server. `changed` is set whenever a message comes or goes."""

    name: bytes
    uidvalidity: int
    held: list[Held] = field(default_factory=list)
    next_uid: int = 1
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def keep(self, octets: bytes, internaldate: datetime) -> int:
        """A new message; its UID."""
        self.held.append(Held(self.next_uid, octets, internaldate))
        self.next_uid += 1
        self.changed.set()
        return self.next_uid - 1

    def remove(self, uid: int) -> int:
        """A message goes; its UID, never to be used again."""
        self.held[:] = [message for message in self.held if message.uid != uid]
        self.changed.set()
        return uid


def tokens(line: bytes, literals: Sequence[bytes]) -> list[bytes]:
    """Arguments of a command; quoted strings and literals come bare, parentheses as tokens of their own."""
    found, waiting = [], iter(literals)
    for match in _TOKEN.finditer(line):
        quoted, parenthesis, atom = match.groups()
        if quoted is not None:
            found.append(re.sub(rb"\\(.)", rb"\1", quoted))
        elif atom is not None and atom.startswith(b"{") and atom.endswith(b"}"):
            found.append(next(waiting, b""))
        else:
            found.append(parenthesis or atom)
    return found


def chosen(messages: Sequence[Held], wanted: bytes, *, by_uid: bool) -> Iterator[tuple[int, Held]]:
    """(Sequence number, message) of those in a set like 1:4,9,20:*."""
    if not messages:
        return
    last = messages[-1].uid if by_uid else len(messages)
    ranges = [_range(part, last) for part in wanted.split(b",")]
    for number, message in enumerate(messages, 1):
        place = message.uid if by_uid else number
        if any(low <= place <= high for low, high in ranges):
            yield number, message


def _range(part: bytes, last: int) -> tuple[int, int]:
    first, colon, second = part.partition(b":")
    ends = [last if end == b"*" else int(end) for end in ((first, second) if colon else (first, first)) if _number(end)]
    return min(ends), max(ends)


def _number(end: bytes) -> bool:
    if end == b"*" or (end.isdigit() and len(end) <= LONGEST_NUMBER and int(end) > 0):
        return True
    raise MalformedError(f"no message set: {end[:20]!r}")


def fetched(number: int, message: Held, items: Sequence[bytes], *, by_uid: bool) -> bytes:
    """The FETCH response for one message. Reading its body without PEEK flags it as seen."""
    names = [item.upper() for item in items if item not in {b"(", b")"}]
    if by_uid and b"UID" not in names:
        names.insert(0, b"UID")
    return b"* %d FETCH (%s)\r\n" % (number, b" ".join(_item(message, name) for name in names))


def _item(message: Held, name: bytes) -> bytes:
    match name:
        case b"UID":
            return b"UID %d" % message.uid
        case b"FLAGS":
            return b"FLAGS (%s)" % b" ".join(sorted(message.flags))
        case b"RFC822.SIZE":
            return b"RFC822.SIZE %d" % len(message.octets)
        case b"INTERNALDATE":
            return b'INTERNALDATE "%s"' % date_time(message.internaldate)
    body = _BODY.match(name)
    if body is None:
        raise MalformedError(f"this server has no {name[:40]!r}")
    peek, section, start, length = body.groups()
    if not peek:
        message.flags.add(b"\\Seen")
    octets = _section(message.octets, section)
    if start is None:
        return b"BODY[%s] {%d}\r\n%s" % (section, len(octets), octets)
    piece = octets[int(start) : int(start) + int(length)]
    return b"BODY[%s]<%s> {%d}\r\n%s" % (section, start, len(piece), piece)


def _section(octets: bytes, section: bytes) -> bytes:
    if not section:
        return octets
    end = re.search(rb"\r?\n\r?\n", octets)
    border = end.end() if end else len(octets)
    return octets[:border] if section == b"HEADER" else octets[border:]


def date_time(when: datetime) -> bytes:
    """`when` as IMAP writes it: "17-Jul-1996 02:44:25 -0700", in English whatever the locale."""
    return f"{when.day:2d}-{_MONTHS[when.month - 1]}-{when:%Y %H:%M:%S %z}".encode()


def read_date_time(written: bytes) -> datetime:
    """The date-time of an APPEND."""
    try:
        day, month, rest = written.decode("ascii").strip().split("-", 2)
        return datetime.strptime(f"{day}-{_MONTHS.index(month) + 1:02d}-{rest}", "%d-%m-%Y %H:%M:%S %z")
    except ValueError:
        raise MalformedError("no date-time") from None
