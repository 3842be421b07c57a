"""Rows bite: with a limit taken out, a message of that row no longer keeps its promise."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.faults.mutants import Mutant
from tests.e2e.faults.running import CHECKOUT
from tests.e2e.hostile.alone import CPU_SECONDS
from tests.e2e.hostile.corpus import by_name

SECONDS, MEGABYTES = 4.0, 512.0
"""Of CPU, so that it does not matter what else the machine does."""
ENDED = {-signal.SIGXCPU, -signal.SIGKILL}
QUICK = {"C07"}
"""Rows that `make test` tries; `make faults` tries all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bitten:
    """A change to the product, and the message that then no longer keeps its promise."""

    row: str
    why: str
    message: str
    file: str
    old: str
    new: str

    def mutant(self) -> Mutant:
        return Mutant(row=self.row, store="none", why=self.why, file=self.file, old=self.old, new=self.new)


BITTEN = (
    Bitten(
        row="C01",
        why="as many parts as there are",
        message="100,000 parts",
        file="triage/stages/mime/limits.py",
        old="MAX_PARTS = 500\n",
        new="MAX_PARTS = 10**9\n",
    ),
    Bitten(
        row="C02",
        why="fields are as long as they are",
        message="600 kB of semicolons",
        file="triage/stages/mime/header_block.py",
        old='    if len(header) <= MAX_FIELD_OCTETS and header.count(b"\\n") <= MAX_FIELDS:\n',
        new="    if True:\n",
    ),
    Bitten(
        row="C03",
        why="the end of what has none is looked for again and again",
        message="<style> without end",
        file="triage/stages/mime/html_flat.py",
        old="        closing = None if name in endless else _ENDS[name].search(html, opening.end())\n",
        new="        closing = _ENDS[name].search(html, opening.end())\n",
    ),
    Bitten(
        row="C04",
        why="what an archive says that it holds is inflated",
        message="xlsx: 200 MB of rows",
        file="triage/adapters/documents/archives.py",
        old="declared > MAX_INFLATED or declared > max(SMALL, MAX_RATIO * len(octets))",
        new="False",
    ),
    Bitten(
        row="C05",
        why="a pattern looks at words of any length",
        message="200 kB of 'a'",
        file="classifiers/identity_source.py",
        old=r"[\w.+-]{1,64}@",
        new=r"[\w.+-]+@",
    ),
    Bitten(
        row="C06",
        why="what databases do not take is left in",
        message="NUL in body and subject",
        file="triage/stages/mime/charset.py",
        old='    return _UNFIT.sub("\\ufffd", text).removeprefix("\\ufeff")\n',
        new="    return text\n",
    ),
    Bitten(
        row="C07",
        why="names are kept as they came",
        message="names of all kinds",
        file="triage/stages/mime/names.py",
        old='    name = _FORBIDDEN.sub("_", _SEPARATORS.split(name)[-1])\n',
        new="",
    ),
)


def read_alone(home: Path, message: str, product: Path | None, folder: Path) -> dict[str, Any]:
    """What a product, the changed one or this, says of a message."""
    path = os.pathsep.join([*([str(product)] if product else []), str(CHECKOUT)])
    given = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "tests.e2e.hostile.alone", home, message],
        cwd=folder,
        env=given | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert lines, ended.stderr[-2_000:]
    assert Path(lines[0]["product"]).is_relative_to((product or CHECKOUT).resolve()), lines[0]
    if ended.returncode in ENDED:
        return {"cpu": float(CPU_SECONDS), "peak": 0.0, "text": "", "names": []}
    assert ended.returncode == 0, ended.stderr[-2_000:]
    said: dict[str, Any] = lines[1]
    return said


def broken(said: dict[str, Any]) -> list[str]:
    """What a reading did not keep of its promise."""
    found = [f"{said['cpu']} s of CPU"] if said["cpu"] > SECONDS else []
    found += [f"{said['peak']} MB"] if said["peak"] > MEGABYTES else []
    found += ["text that databases do not take"] if "\0" in said["text"] else []
    found += [f"the name {name!r}" for name in said["names"] if set(name) & set("/\\\0\r\n\u202e\u200b")]
    return found


def marked(one: Bitten) -> object:
    marks = () if one.row in QUICK else (pytest.mark.faults,)
    return pytest.param(one, id=one.row, marks=marks)


def test_a_message_stands_for_its_row() -> None:
    assert [by_name(one.message).row for one in BITTEN] == [one.row for one in BITTEN]


@pytest.mark.parametrize("one", BITTEN, ids=lambda one: one.row)
def test_a_limit_still_fits_the_product(one: Bitten) -> None:
    compile(one.mutant().text(), one.file, "exec")


@pytest.mark.parametrize("one", [marked(one) for one in BITTEN])
def test_a_message_keeps_its_promise_until_the_limit_is_taken_out(one: Bitten, artifacts: Path, tmp_path: Path) -> None:
    assert broken(read_alone(artifacts.parent, one.message, None, tmp_path)) == []
    (tmp_path / "mutant").mkdir()
    product = one.mutant().build(tmp_path / "mutant")
    said = read_alone(artifacts.parent, one.message, product, tmp_path)
    assert broken(said), f"{one.row} holds although {one.why}"
