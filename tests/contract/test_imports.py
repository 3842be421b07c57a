"""Imports run one way, and the contracts that say so bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("triage", "classifiers", "models")


def lint(folder: Path) -> tuple[bool, str]:
    done = subprocess.run([PROGRAM, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, to plant bad imports in."""
    folder = tmp_path_factory.mktemp("code")
    for package in PACKAGES:
        shutil.copytree(checkout / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(checkout / "pyproject.toml", folder)
    return folder


def test_imports_run_one_way(copy: Path) -> None:
    kept, report = lint(copy)
    assert kept, report


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("classifiers/planted.py", "import triage.resources"),
        ("models/planted.py", "import classifiers.text"),
        ("triage/stages/planted.py", "import triage.adapters.imap"),
        ("triage/adapters/planted.py", "import triage.bootstrap"),
        ("triage/bootstrap_planted.py", "import triage.cli, sqlmodel"),
        ("triage/web/planted.py", "from sqlmodel import select"),
        ("triage/jobs/planted.py", "import models.tables"),
        ("classifiers/planted.py", "import mailparser"),
        ("triage/adapters/planted.py", "import mailparser"),
        ("triage/stages/planted.py", "import socket"),
        ("classifiers/planted.py", "import smtplib"),
    ],
)
def test_a_planted_import_breaks_a_contract(copy: Path, file: str, planted: str) -> None:
    target = copy / file
    target.write_text(f'"""Planted."""\n{planted}\n', encoding="utf-8")
    try:
        kept, report = lint(copy)
    finally:
        target.unlink()
    assert not kept, report
    assert "BROKEN" in report
