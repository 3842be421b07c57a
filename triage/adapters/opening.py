"""Opens an attachment of a message for somebody who wants to save it, in a child process with limits."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from models.mail import NO_KEY, RawMessage
from triage.adapters.work import Children

Opened = tuple[str, str, bytes]
NONE = b"null"


def open_attachment(octets: bytes, index: int, digest: str, *, seconds: float, megabytes: int) -> Opened:
    """Safe name, content type and octets of the mail's attachment with that SHA-256; of several, the one at `index`.

    IndexError when there is none; ReadingError when the message cannot be opened within its limits.
    """
    raw = RawMessage(key=NO_KEY, octets=octets, internaldate=datetime.now(UTC))
    opening = partial(_make_opener, index, digest)
    with Children(opening, _as_octets, _from_octets, workers=1, seconds=seconds, megabytes=megabytes) as children:
        found = children.submit(raw).result()
    if found is None:
        raise IndexError(index)
    return found


def _make_opener(index: int, digest: str) -> Callable[[RawMessage], Opened | None]:
    from triage.adapters import apart
    from triage.stages.parse import parse_with_octets

    apart.begin()

    def opened(raw: RawMessage) -> Opened | None:
        mail, contents = parse_with_octets(raw.octets, apart.read_document)
        same = [place for place, one in enumerate(mail.attachments) if one.sha256 == digest]
        if not same:
            return None
        place = index if index in same else same[0]
        return mail.attachments[place].name, mail.attachments[place].content_type, contents[place]

    return opened


def _as_octets(opened: Opened | None) -> bytes:
    """A line of JSON, then the octets."""
    if opened is None:
        return NONE
    return json.dumps(opened[:2]).encode("ascii") + b"\n" + opened[2]


def _from_octets(octets: bytes) -> Opened | None:
    if octets == NONE:
        return None
    head, _, content = octets.partition(b"\n")
    name, content_type = json.loads(head)
    return str(name), str(content_type), content
