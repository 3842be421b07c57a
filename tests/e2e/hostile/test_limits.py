"""Each row bites: with a limit taken out, a message of that row no longer keeps its promise (C01 to C07)."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.faults.mutants import Mutant
from tests.e2e.faults.running import CHECKOUT
from tests.e2e.hostile.corpus import by_name

CPU_SECONDS, MEGABYTES = 4.0, 512.0
"""Of CPU, so that it does not matter what else the machine does."""
QUICK = {"C03", "C07"}
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
        why="fields of any length",
        message="600 kB of semicolons",
        file="triage/stages/mime/limits.py",
        old="MAX_HEADER_OCTETS = 256_000\nMAX_FIELDS = 2_000\nMAX_FIELD_OCTETS = 64_000\n",
        new="MAX_HEADER_OCTETS = 10**9\nMAX_FIELDS = 2_000\nMAX_FIELD_OCTETS = 10**9\n",
    ),
    Bitten(
        row="C03",
        why="an end that is not there is looked for again and again",
        message="<style> without end",
        file="triage/stages/mime/html_flat.py",
        old="            endless.add(name)",
        new="            pass",
    ),
    Bitten(
        row="C04",
        why="archives are inflated whatever they hold",
        message="zip: flat",
        file="triage/adapters/documents/limits.py",
        old="MAX_INFLATED = 100_000_000\nMAX_RATIO = 100\n",
        new="MAX_INFLATED = 10**10\nMAX_RATIO = 10**9\n",
    ),
    Bitten(
        row="C05",
        why="text of any length is read",
        message="1 MB of offers",
        file="triage/stages/bounded.py",
        old="MAX_OWN = 100_000\n",
        new="MAX_OWN = 10**9\n",
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
LAYERS = {
    "C06": ("triage/adapters/triaged_json.py", '    return _UNSTORABLE.sub("\\ufffd", text)\n', "    return text\n"),
}
"""What else has to go before a row fails: it is kept twice."""


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
    assert ended.returncode == 0, ended.stderr[-2_000:]
    said: dict[str, Any] = json.loads(ended.stdout)
    assert Path(said["product"]).is_relative_to((product or CHECKOUT).resolve()), said["product"]
    return said


def broken(said: dict[str, Any]) -> list[str]:
    """What a reading did not keep of its promise."""
    if said["fault"]:
        return [said["fault"]]
    found = [] if said["whole"] else ["read in part"]
    found += [f"{said['cpu']} s of CPU"] if said["cpu"] > CPU_SECONDS else []
    found += [f"{said['peak']} MB"] if said["peak"] > MEGABYTES else []
    found += ["text that databases do not take"] if any(ord(char) in range(1) for char in said["text"]) else []
    found += [f"the name {name!r}" for name in said["names"] if set(name) & set("/\\\0\r\n\u202e\u200b")]
    return found


def marked(one: Bitten) -> object:
    marks = () if one.row in QUICK else (pytest.mark.faults,)
    return pytest.param(one, id=one.row, marks=marks)


def test_every_row_is_bitten() -> None:
    assert [one.row for one in BITTEN] == [f"C0{number}" for number in range(1, 8)]
    assert [by_name(one.message).row for one in BITTEN] == [one.row for one in BITTEN]


@pytest.mark.parametrize("one", BITTEN, ids=lambda one: one.row)
def test_a_limit_still_fits_the_product(one: Bitten) -> None:
    compile(one.mutant().text(), one.file, "exec")


@pytest.mark.parametrize("one", [marked(one) for one in BITTEN])
def test_a_message_keeps_its_promise_until_the_limit_is_taken_out(one: Bitten, artifacts: Path, tmp_path: Path) -> None:
    assert broken(read_alone(artifacts.parent, one.message, None, tmp_path)) == []
    (tmp_path / "mutant").mkdir()
    product = one.mutant().build(tmp_path / "mutant")
    if layer := LAYERS.get(one.row):
        file, old, new = layer
        text = (product / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (product / file).write_text(text.replace(old, new), encoding="utf-8")
    said = read_alone(artifacts.parent, one.message, product, tmp_path)
    assert broken(said), f"{one.row} holds although {one.why}"
