"""A process that has imported everything and forks a poller per attempt: an attempt begins in milliseconds.

It reads orders, a line of JSON each, from standard input and answers with a line each:
{"do": "start", "argv": [...], "env": {...}, "crash_at": n} forks and answers {"pid": ...};
{"do": "wait", "pid": ..., "seconds": ...} reaps and answers {"status", "out", "errors", "lines", "where"}.

The argument `work-here` of an attempt is a round of triage that reads in the forked process itself: `triage work`
starts children, which takes seconds. `crash_at` ends the attempt, as kill -9 would, at its n-th line in the product's
own steps between the server and the database; `lines` says when each such line was reached, first and last.
FAULTS_LONGEST_ANSWER in an attempt's environment shortens the half an hour that one answer of a server may take.
"""

import gc
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg  # noqa: F401 - imported before the forks

import triage
from models.case import Triaged
from models.mail import MessageKey, RawMessage
from triage import bootstrap, cli, settings
from triage.adapters import imap, imap_client, store  # noqa: F401 - imported before the forks
from triage.commands import rounds
from triage.errors import TriageError
from triage.jobs import poll  # noqa: F401 - imported before the forks
from triage.jobs import triage as triage_job  # noqa: F401 - imported before the forks
from triage.ports import Cursor

KILLED = 137
SAMPLE = (
    b"Return-Path: <a@firma.example>\r\nFrom: Kim <a@firma.example>\r\nTo: mottak@sykehus.example\r\n"
    b"Subject: offer\r\n\r\n"
    b"We offer 1000 masks FFP2, EN 149, at EUR 1.20. Telephone +47 22 00 00 00\r\n"
)
PRODUCT = Path(triage.__file__).resolve().parent
STEPS = (f"{PRODUCT}/jobs/", f"{PRODUCT}/adapters/imap", f"{PRODUCT}/adapters/store/")
"""Where the product's steps between the server and the database are written."""


class ReadHere:
    """Reads messages in this process. Implements `triage.ports.Readers`."""

    def __init__(self, read: Callable[[RawMessage], Triaged]) -> None:
        self._read = read

    def submit(self, raw: RawMessage) -> "Future[Triaged]":
        promise: Future[Triaged] = Future()
        promise.set_result(self._read(raw))
        return promise

    def close(self) -> None:
        pass


class Steps:
    """Counts the product's lines; at line `crash_at` the process ends without another word."""

    def __init__(self, crash_at: int | None, where: Path) -> None:
        self.count, self._crash_at, self._where = 0, crash_at, where
        self.first: dict[tuple[str, int], int] = {}
        self.last: dict[tuple[str, int], int] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> "Steps | Callable[..., Any] | None":
        return self._line if frame.f_code.co_filename.startswith(STEPS) else None

    def _line(self, frame: FrameType, event: str, argument: object) -> "Callable[..., Any]":
        if event == "line":
            self.count += 1
            line = frame.f_code.co_filename, frame.f_lineno
            self.first.setdefault(line, self.count)
            self.last[line] = self.count
            if self.count == self._crash_at:
                self._where.write_text(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}")
                os._exit(KILLED)
        return self._line


def attempt(argv: Sequence[str], folder: Path, crash_at: int | None) -> int:
    """One attempt, in a forked process; its exit status."""
    steps = Steps(crash_at, folder / "where")
    if crash_at is not None:
        sys.settrace(steps)
    try:
        return work_here() if argv[0] == "work-here" else cli.run(argv)
    except SystemExit as left:
        return int(left.code or 0)
    finally:
        sys.settrace(None)
        (folder / "lines").write_text(json.dumps(sorted({*steps.first.values(), *steps.last.values()})))


def work_here() -> int:
    """A round of triage, read in this process; it ends as the command line would."""
    try:
        configured = settings.load()
        with bootstrap.store(configured) as opened:
            rounds.work(configured, opened, ReadHere(_reader()))  # type: ignore[arg-type]
    except TriageError as fault:
        sys.stderr.write(f"triage: {fault}\n")
        return 1
    return 0


@cache
def _reader() -> Callable[[RawMessage], Triaged]:
    """What reads a message: loaded once, by the process that forks."""
    return bootstrap.make_reader(bootstrap.options(settings.load()))


def start(order: dict[str, Any]) -> tuple[int, Path]:
    folder = Path(tempfile.mkdtemp(prefix="attempt"))
    pid = os.fork()
    if pid:
        return pid, folder
    status = 70
    try:
        for stream, name in ((1, "out"), (2, "errors")):
            os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600), stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for name in [name for name in os.environ if name.startswith("TRIAGE_")]:
            del os.environ[name]
        os.environ.update(order["env"])
        if patience := os.environ.get("FAULTS_LONGEST_ANSWER"):
            imap_client._Bounded.longest_answer = float(patience)
        os.chdir(folder)
        status = attempt(order["argv"], folder, order.get("crash_at"))
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - whatever it is, the forked process must not go on as a runner
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(status)


def wait(pid: int, folder: Path, seconds: float) -> dict[str, Any]:
    end, late = time.monotonic() + seconds, False
    while True:
        found, status, used = os.wait4(pid, os.WNOHANG)
        if found:
            break
        if time.monotonic() > end and not late:
            late = True
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.003)
    said: dict[str, Any] = {name: _text(folder / name) for name in ("out", "errors", "lines", "where")}
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    said["lines"] = json.loads(said["lines"] or "[]")
    said["status"] = "late" if late else os.waitstatus_to_exitcode(status)
    said["memory"] = used.ru_maxrss * 1024
    return said


def _warm() -> None:
    """Poll and triage once here, so that no attempt has to load anything; FAULTS_HOME has a trained artifact."""
    bootstrap.knowledge()
    if trained := os.environ.get("FAULTS_HOME"):
        with tempfile.TemporaryDirectory() as home:
            Path(home, "artifacts").symlink_to(Path(trained, "artifacts"))
            given = {"TRIAGE_HOME": home, "TRIAGE_OWN_ADDRESSES": "mottak@sykehus.example", "TRIAGE_ORGANISATION": "A"}
            os.environ.update(given)
            cli.run(["poll", "--once"])  # says that no mailbox is set
            key = MessageKey(mailbox="INBOX", uidvalidity=1, uid=1)
            with bootstrap.store(settings.load()) as opened:
                sample = RawMessage(key=key, octets=SAMPLE, internaldate=bootstrap.clock())
                opened.add_messages(Cursor(mailbox="INBOX", uidvalidity=1, last_uid=1), [sample])
            work_here()
            for name in given:
                del os.environ[name]
    gc.collect()
    gc.freeze()


def _text(file: Path) -> str:
    return file.read_text(errors="replace") if file.exists() else ""


def main() -> None:
    orders, answers = sys.stdin, os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    _warm()
    print(json.dumps({"product": str(PRODUCT)}), file=answers, flush=True)
    folders: dict[int, Path] = {}
    for line in orders:
        order = json.loads(line)
        if order["do"] == "start":
            pid, folder = start(order)
            folders[pid] = folder
            said: dict[str, Any] = {"pid": pid}
        else:
            said = wait(order["pid"], folders.pop(order["pid"]), order["seconds"])
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
