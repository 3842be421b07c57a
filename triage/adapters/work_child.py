"""What runs inside a child process that reads mail: limits, one reader loaded once, results as plain octets."""

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.mail import RawMessage

Reader = Callable[[RawMessage], Any]
Encode = Callable[[Any], bytes]
READ, FAILED, NO_READER = b"R", b"F", b"N"
MOST_OCTETS = 64 * 2**20
MOST_SAID = 2000

_reader: Callable[[RawMessage], bytes] | None = None
_no_reader = "it was not loaded"


def load(make_reader: Callable[[], Reader], encode: Encode, megabytes: int) -> None:
    """Load the reader, whose results `encode` makes octets of; then allow the process `megabytes` more."""
    global _reader, _no_reader  # noqa: PLW0603 - a process has one reader for its life
    try:
        reader = make_reader()

        def encoded(raw: RawMessage) -> bytes:
            return encode(reader(raw))

        _reader = encoded
        _reader_alone()
    except Exception as fault:  # noqa: BLE001 - told to the parent with the first task, which knows what to do
        _no_reader = f"{type(fault).__name__}: {fault}"[:MOST_SAID]
    limit_memory(megabytes)


def limit_memory(megabytes: int) -> None:
    """Allow this process `megabytes` more than it has, and no core file."""
    limit = _mapped() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(raw: RawMessage, seconds: float) -> bytes:
    """What was read of `raw`, encoded, behind READ, or what went wrong behind FAILED or NO_READER.

    More than `seconds` of CPU kill the process.
    """
    if _reader is None:
        return NO_READER + _no_reader.encode("utf-8", "replace")
    _limit_cpu(seconds)
    try:
        found = _reader(raw)
    except MemoryError:
        return FAILED + b"it needs more memory than TRIAGE_MESSAGE_MEGABYTES allows"
    except Exception as fault:  # noqa: BLE001 - any fault belongs to this message alone
        return FAILED + f"{type(fault).__name__}: {fault}"[:MOST_SAID].encode("utf-8", "replace")
    if len(found) > MOST_OCTETS:
        return FAILED + b"its reading is larger than can be kept"
    return READ + found


def _limit_cpu(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _mapped() -> int:
    """Octets of address space in use; libraries map much that they never touch."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _reader_alone() -> None:
    """One thread for arithmetic: there are as many children as there is work for."""
    import threadpoolctl

    threadpoolctl.threadpool_limits(1)
