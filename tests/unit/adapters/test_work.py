"""A child that oversteps its limits is killed and replaced; the others go on."""

import multiprocessing
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from models.mail import RawMessage
from tests.fakes import readers
from tests.fakes.making import raw
from triage.adapters.work import ChildReaders
from triage.errors import ReadingError, WorkError


def message(order: str, rest: bytes = b"") -> RawMessage:
    return raw(1, f"Subject: {order}\r\n\r\n".encode() + rest)


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildReaders]:
    with ChildReaders(readers.make_reader, workers=1, seconds=2, megabytes=512) as pool:
        yield pool


def subject(pool: ChildReaders, order: str, rest: bytes = b"") -> str:
    return pool.submit(message(order, rest)).result(30).mail.subject


def test_a_message_is_read_in_a_child(pool: ChildReaders) -> None:
    assert subject(pool, "blåbær") == "blåbær"


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        ("raise", "ValueError: bad mail"),
        ("die", r"died \(status 9\)"),
        ("die SIGSEGV", r"died \(SIGSEGV\)"),
        ("die SIGKILL", r"died \(SIGKILL\)"),
        ("eat", "more memory than TRIAGE_MESSAGE_MEGABYTES"),
        ("sleep 9", "longer than 2 seconds"),
        ("spin", "longer than 2 seconds|SIGXCPU"),
        ("hold", "longer than 2 seconds|SIGXCPU"),
    ],
)
def test_a_bad_message_fails_alone_and_says_why(pool: ChildReaders, order: str, cause: str) -> None:
    bad, good = pool.submit(message(order)), pool.submit(message("good"))
    with pytest.raises(ReadingError, match=cause):
        bad.result(30)
    assert good.result(30).mail.subject == "good"


def test_one_message_that_hangs_does_not_hold_up_the_others() -> None:
    with ChildReaders(readers.make_reader, workers=2, seconds=8, megabytes=512) as pool:
        assert [subject(pool, "warm") for _ in range(2)]
        stuck = pool.submit(message("sleep 60"))
        began = time.monotonic()
        assert [subject(pool, "good") for _ in range(20)] == ["good"] * 20
        assert time.monotonic() - began < 5
        assert not stuck.done()


def test_a_child_that_dies_between_messages_is_no_fault_of_the_next(pool: ChildReaders) -> None:
    assert subject(pool, "good") == "good"
    for child in pool._all:
        os.kill(child._process.pid or 0, signal.SIGKILL)
        child._process.join(5)
    assert subject(pool, "good") == "good"


class Trap:
    """What runs a command where it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (Trap.folder,)

    folder = ""


@pytest.mark.parametrize("framed", [True, False])
def test_nothing_that_a_child_says_is_unpickled(pool: ChildReaders, tmp_path: Path, framed: bool) -> None:
    Trap.folder = str(tmp_path / "taken over")
    trap = pickle.dumps(Trap())
    with pytest.raises(ReadingError):
        subject(pool, "say", struct.pack("!i", len(trap)) + trap if framed else trap)
    assert not list(tmp_path.iterdir())
    assert subject(pool, "good") == "good"


@pytest.mark.parametrize("length", [2**31 - 1, 70 * 2**20, -1])
def test_an_answer_of_absurd_length_is_not_taken(pool: ChildReaders, length: int) -> None:
    with pytest.raises(ReadingError):
        subject(pool, "say", struct.pack("!i", length) + (struct.pack("!Q", 2**60) if length < 0 else b"") + b"R" * 100)
    assert subject(pool, "good") == "good"


def test_an_answer_that_halts_in_the_middle_is_given_up(pool: ChildReaders) -> None:
    with pytest.raises(ReadingError, match="longer than 2 seconds"):
        subject(pool, "say", struct.pack("!i", 1000) + b"R{")


def test_a_child_writes_no_file(pool: ChildReaders, tmp_path: Path) -> None:
    for place in (tmp_path / "new", Path("here")):
        with pytest.raises(ReadingError, match=r"OSError|FileNotFoundError|PermissionError"):
            subject(pool, f"write {place}")
    assert [file.stat().st_size for file in tmp_path.iterdir()] in ([], [0])
    assert not Path("here").exists()


def test_a_child_has_no_network(pool: ChildReaders) -> None:
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this kernel gives no process a network of its own")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=1).close()
        with pytest.raises(ReadingError, match=r"OSError|unreachable"):
            subject(pool, f"connect {listener.getsockname()[1]}")


@pytest.mark.parametrize("order", ["hold", "sleep 60", "good"])
def test_children_end_at_once_when_their_parent_is_killed(order: str, checkout: Path) -> None:
    program = dedent(f"""
        import time
        from tests.fakes import readers
        from tests.unit.adapters.test_work import message
        from triage.adapters.work import ChildReaders
        if __name__ == "__main__":
            pool = ChildReaders(readers.make_reader, workers=1, seconds=60, megabytes=512)
            pool.submit(message("good")).result(60)
            pool.submit(message("open a.txt", b"text")).result(60)
            pool.submit(message("{order}"))
            time.sleep(1)
            print(next(iter(pool._all))._process.pid, flush=True)
            time.sleep(60)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=checkout, start_new_session=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        family = {child, *map(int, Path(f"/proc/{child}/task/{child}/children").read_text().split())}
        assert len(family) == 2, "a reader and what opens its attachments"
        parent.kill()
        ends = time.monotonic() + 1
        while (left := [pid for pid in family if _runs(pid)]) and time.monotonic() < ends:
            time.sleep(0.01)
        assert not left


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_reader_that_cannot_be_loaded_is_no_fault_of_the_message() -> None:
    with (
        ChildReaders(readers.make_no_reader, workers=1, seconds=2, megabytes=512) as pool,
        pytest.raises(WorkError, match=r"data/ is missing.*triage check"),
    ):
        pool.submit(message("good")).result(30)


def test_a_closed_pool_reads_nothing_more_and_closes_twice() -> None:
    pool = ChildReaders(readers.make_reader, workers=1, seconds=2, megabytes=512)
    pool.close()
    pool.close()
    with pytest.raises(WorkError):
        pool.submit(message("good"))


def test_closing_breaks_off_what_is_being_read_and_leaves_no_process() -> None:
    before = set(multiprocessing.active_children())
    pool = ChildReaders(readers.make_reader, workers=1, seconds=30, megabytes=512)
    assert subject(pool, "good") == "good"
    waiting = [pool.submit(message("sleep 20")) for _ in range(2)]
    pool.close()
    for promise in waiting:
        with pytest.raises(WorkError, match="broken off"):
            promise.result(10)
    assert set(multiprocessing.active_children()) <= before
