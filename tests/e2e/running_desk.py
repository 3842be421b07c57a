"""`triage serve` as a process of its own, as an installation runs it, with its database looked at from outside."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Self

from triage.demo.loopback import free_port

PROGRAM = Path(sys.executable).with_name("triage")
LOOKS = 0.1  # seconds between two looks
SETTINGS = {
    "TRIAGE_POLL_SECONDS": "1",
    "TRIAGE_DELIVER_SECONDS": "0.5",
    "TRIAGE_SMTP_HOST": "127.0.0.1",
    "TRIAGE_SMTP_ENCRYPTION": "none",
    "TRIAGE_ORGANISATION": "Innkjøpet",
    "TRIAGE_WEB_SECURE_COOKIES": "false",
}
KEPT = ("message", "message_octets", "mailbox_cursor", "reading", "supply_case", "case_category", "case_address",
        "case_event", "outbox")  # fmt: skip
COLUMNS = {"mailbox_cursor": "mailbox, uidvalidity, last_uid, backfill_before, failures"}


class RunningDesk:
    """The desk with its home in `home`. As a context manager it is killed at the end, unless it was stopped."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        self.home = home
        self.address = ""
        self._settings = {**SETTINGS, **settings, "TRIAGE_HOME": str(home)}
        self._log = home / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process and self._process.poll() is None:
            self.kill()
        for left in self.children():
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)

    def start(self) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve"],
                cwd=self.home,
                env=self._environment() | {"TRIAGE_WEB_PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> int:
        """Ask it to end by SIGTERM; its exit status."""
        assert self._process
        self._process.terminate()
        return self._process.wait(30)

    def kill(self) -> None:
        """Kill it with SIGKILL; its children are on their own."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def children(self) -> list[int]:
        """Processes that it started and that run still, also after its own end."""
        assert self._process
        group = self._process.pid
        return [pid for pid, state, of in _processes() if of == group and pid != group and state != "Z"]

    def children_after(self, seconds: float) -> list[int]:
        """Those of its children that outlive it by so long."""
        ends = time.monotonic() + seconds
        while (left := self.children()) and time.monotonic() < ends:
            time.sleep(LOOKS)
        return left

    def wait_for(self, what: Callable[[], object], seconds: float) -> None:
        """Wait until `what` holds; with the desk's log it fails when the desk ends before, or after `seconds`."""
        ends = time.monotonic() + seconds
        while not what():
            assert self._process
            assert self._process.poll() is None, f"the desk ended with {self._process.returncode}:\n{self.log()}"
            assert time.monotonic() < ends, f"not within {seconds:g} s:\n{self.log()}"
            time.sleep(LOOKS)

    def run(self, *arguments: str, said: str = "") -> str:
        """What another verb prints, with the same settings."""
        done = subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.home,
            env=self._environment(),
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"triage {' '.join(arguments)}: {done.returncode}\n{done.stderr}"
        return done.stdout

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds; nothing while there is none."""
        file = self.home / "triage.db"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
            try:
                return database.execute(query, values).fetchall()
            except sqlite3.OperationalError as fault:
                if "no such table" in str(fault):  # it has only just begun
                    return []
                raise

    def everything(self) -> Mapping[str, Sequence[tuple[Any, ...]]]:
        """Every row of every table that mail leaves traces in, but for when a mailbox was last polled."""
        return {table: sorted(self.rows(f"SELECT {COLUMNS.get(table, '*')} FROM {table}"), key=repr) for table in KEPT}

    def settled(self, messages: int) -> bool:
        """Whether so many messages have come and nothing is left to do for any of them."""
        [(come, waiting)] = self.rows("SELECT count(*), sum(state = 'stored') FROM message") or [(0, 0)]
        left = self.rows("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")
        return come == messages and waiting == 0 and left == [(0,)]

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-5000:]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
        return inherited | self._settings


def _processes() -> Iterator[tuple[int, str, int]]:
    """(process id, state, process group) of every process."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, group = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            yield int(stat.parent.name), state, int(group)
