"""Opens an attachment of a message for somebody who wants to save it, in a child process with limits."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future

from pebble import ProcessExpired, concurrent

from triage.adapters import work_child
from triage.errors import ReadingError

Opened = tuple[str, str, bytes]


def open_attachment(octets: bytes, index: int, *, seconds: float, megabytes: int) -> Opened:
    """Safe name, content type and octets of the mail's attachment at `index`. IndexError when there is none;
    ReadingError when the message cannot be opened within its limits.
    """
    context = multiprocessing.get_context("forkserver")
    in_child = concurrent.process(timeout=seconds, mp_context=context)
    run: Callable[[bytes, int, int], Future[Opened | None]] = in_child(_open)
    try:
        found = run(octets, index, megabytes).result()
    except (TimeoutError, ProcessExpired, MemoryError) as fault:
        raise ReadingError(f"the message cannot be opened ({type(fault).__name__})") from None
    if found is None:
        raise IndexError(index)
    return found


def _open(octets: bytes, index: int, megabytes: int) -> Opened | None:
    from triage.adapters.documents import read_document
    from triage.stages.parse import attachment_octets, parse

    work_child.limit_memory(megabytes)
    contents = attachment_octets(octets, read_document)
    if not 0 <= index < len(contents):
        return None
    attachment = parse(octets, read_document).attachments[index]
    return attachment.name, attachment.content_type, contents[index]
