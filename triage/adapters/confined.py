"""What a process that opens foreign octets gives up: network, files to write, memory, CPU, life after its parent."""

import ctypes
import fcntl
import os
import resource
import select
import signal
from pathlib import Path

MEGABYTE = 2**20
MOST_DESCRIPTORS = 4096
LEAST_ROOM = 64 * MEGABYTE
"""What a process may take beyond what it has, also when that is more than it should have."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NOWHERE = "/proc"
"""A folder in which nobody can make a file."""


def confine(parent: int, *kept: int) -> None:
    """Give up network (where the kernel allows it), new rights, and open files but `kept`; end when `parent` closes.

    `parent` is the descriptor of a pipe or socket whose other end the parent process holds. The kernel ends this
    process with SIGIO, so that it ends at once, whatever it is doing. To be called while there is one thread.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    keep_open(parent, *kept)
    die_when_closed(parent)
    without_network()
    _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(_NOWHERE)


def keep_open(*descriptors: int) -> None:
    """Close all but the standard streams and `descriptors`: what a process can still write to, it can spoil."""
    last = 2
    for descriptor in sorted({*descriptors, MOST_DESCRIPTORS}):
        os.closerange(last + 1, descriptor)
        last = descriptor


def write_no_files() -> None:
    """Let this process write to no file from now on."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def die_when_closed(descriptor: int) -> None:
    """Have the kernel end this process with SIGIO when the other end of `descriptor`, a silent pipe, is closed."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    closed = select.poll()
    closed.register(descriptor, select.POLLIN)
    if closed.poll(0):
        os._exit(0)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent, of process id `parent`, ends."""
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def without_network() -> bool:
    """Move this process into a network of its own, in which there is nothing. False where the kernel refuses."""
    unshare = _libc().unshare
    return any(unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def limit_memory(megabytes: int) -> None:
    """Allow this process `megabytes` of memory in all, what it has now included."""
    mapped, resident = memory()
    limit = mapped + max(megabytes * MEGABYTE - resident, LEAST_ROOM)
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def limit_cpu(seconds: float) -> None:
    """Have the kernel kill this process when it has worked for `seconds` more, rounded up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def memory() -> tuple[int, int]:
    """Octets of address space and octets of memory in use; libraries map much that they never touch."""
    size, resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[:2]
    return int(size) * resource.getpagesize(), int(resident) * resource.getpagesize()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
