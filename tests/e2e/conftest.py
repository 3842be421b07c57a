"""What the stories from end to end share."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.faults import table
from tests.e2e.running_desk import PROGRAM


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """The folder of an artifact trained as at a first start; a desk may begin with a copy of it in its home."""
    home = tmp_path_factory.mktemp("trained")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    mail = checkout / "data" / "corpus" / "d1" / "mail" / "001.eml"
    settings = {"TRIAGE_HOME": str(home)}
    subprocess.run([PROGRAM, "read", mail], cwd=home, env=inherited | settings, capture_output=True, check=True)
    return home / "artifacts"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of faults; also as lines of JSON into the file that FAULTS_JSON names."""
    if not table.OUTCOMES:
        return
    terminalreporter.section("faults")
    for line in table.lines(table.OUTCOMES):
        terminalreporter.write_line(line)
    if file := os.environ.get("FAULTS_JSON"):
        Path(file).write_text("\n".join(table.as_json(table.OUTCOMES)) + "\n", encoding="utf-8")
