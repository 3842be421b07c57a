"""The tests' side of `runner.py`: attempts at a poll or a round of triage, each a process that may be killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

RUNNER = Path(__file__).with_name("runner.py")
CHECKOUT = Path(__file__).resolve().parents[3]
LONGEST = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an attempt ended: exit status (negative: by that signal; "late": killed at its time limit), what it said."""

    status: int | str
    out: str
    errors: str
    lines: Sequence[int]
    where: str
    memory: int
    """The most octets that it held."""

    @property
    def well(self) -> bool:
        return self.status == 0


class Attempt:
    """A forked process of the product at work."""

    def __init__(self, runner: "Runner", pid: int) -> None:
        self._runner, self.pid = runner, pid

    def kill(self) -> bool:
        """SIGKILL; whether it was still at work (until it is waited for its number is no one else's)."""
        with suppress(ProcessLookupError):
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
            os.kill(self.pid, signal.SIGKILL)
            return state != "Z"
        return False

    def wait(self, seconds: float = LONGEST) -> Ended:
        return Ended(**self._runner.ask({"do": "wait", "pid": self.pid, "seconds": seconds}))


class Runner:
    """The process that forks attempts. A context manager.

    `home` holds a trained artifact, when there will be rounds of triage; `product` is a folder with a changed copy of
    the packages.
    """

    def __init__(
        self, home: Path | None, product: Path | None = None, *, environment: Mapping[str, str] | None = None
    ) -> None:
        self._product_given = product
        path = [str(product)] if product else []
        given = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
        given |= {"PYTHONPATH": os.pathsep.join([*path, str(CHECKOUT)]), "PYTHONDONTWRITEBYTECODE": "1"}
        given |= {"FAULTS_HOME": str(home)} if home else {}
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(RUNNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=given | dict(environment or {}),
            cwd="/",
        )
        self.product = Path(self._answer()["product"])
        if product:
            assert self.product.is_relative_to(product.resolve()), f"{self.product} is not the changed product"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def like(self, **environment: str) -> "Runner":
        """Another runner of the same product, with more in its environment and without triage loaded."""
        return Runner(None, self._product_given, environment=environment)

    def start(self, *argv: str, environment: Mapping[str, str], crash_at: int | None = None) -> Attempt:
        """Begin `triage argv...`. `crash_at` 0 counts the lines and crashes at none."""
        order = {"do": "start", "argv": argv, "env": dict(environment), "crash_at": crash_at}
        return Attempt(self, self.ask(order)["pid"])

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the runner died; see its standard error")
        answer: dict[str, Any] = json.loads(line)
        return answer
