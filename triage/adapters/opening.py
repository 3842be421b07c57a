"""Opens an attachment of a message for somebody who wants to save it, in a child process with limits."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from models.mail import NO_KEY, RawMessage
from triage.adapters.work import Children

Opened = tuple[str, str, bytes]
NONE = b"null"


def open_attachment(octets: bytes, index: int, *, seconds: float, megabytes: int) -> Opened:
    """Safe name, content type and octets of the mail's attachment at `index`. IndexError when there is none;
    ReadingError when the message cannot be opened within its limits.
    """
    raw = RawMessage(key=NO_KEY, octets=octets, internaldate=datetime.now(UTC))
    opening = partial(_make_opener, index)
    with Children(opening, _as_octets, _from_octets, workers=1, seconds=seconds, megabytes=megabytes) as children:
        found = children.submit(raw).result()
    if found is None:
        raise IndexError(index)
    return found


def _make_opener(index: int) -> Callable[[RawMessage], Opened | None]:
    from triage.adapters import apart
    from triage.stages.parse import attachment_octets, parse

    apart.begin()

    def opened(raw: RawMessage) -> Opened | None:
        contents = attachment_octets(raw.octets, apart.read_document)
        if not 0 <= index < len(contents):
            return None
        attachment = parse(raw.octets, apart.read_document).attachments[index]
        return attachment.name, attachment.content_type, contents[index]

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
