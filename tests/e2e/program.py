"""The installed `triage` as a process of its own, as a person or a script runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("triage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What it printed and how it ended."""

    status: int
    out: str
    errors: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as lines of JSON; anything else on it fails."""
        assert "Traceback" not in self.errors, self.errors
        return [json.loads(line, parse_constant=_no_json) for line in self.out.split("\n")[:-1]]

    @property
    def fault(self) -> str:
        """The only line on standard error; standard output is empty."""
        assert self.out == ""
        assert self.errors.count("\n") == 1, self.errors
        assert self.errors.startswith("triage: "), self.errors
        return self.errors


def _no_json(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def triage(
    home: Path,
    *arguments: str | bytes | Path,
    settings: Mapping[str, str] | None = None,
    said: bytes = b"",
    seconds: float = 180,
) -> Said:
    """Run `triage` with its home in `home`, no settings but these, and `said` on its standard input."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    done = subprocess.run(
        [PROGRAM, *arguments],
        cwd=home,
        env=inherited | {"TRIAGE_HOME": str(home)} | dict(settings or {}),
        input=said,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
    return Said(status=done.returncode, out=done.stdout.decode(), errors=done.stderr.decode())


def files(folder: Path, contents: Mapping[str, bytes]) -> Sequence[Path]:
    """A file of each content in `folder`, in that order."""
    for name, octets in contents.items():
        (folder / name).write_bytes(octets)
    return [folder / name for name in contents]
