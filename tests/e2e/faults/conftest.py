"""What the rows share, and the table at the end of a run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import without
from tests.e2e.faults import table
from tests.e2e.faults.rows import Outcome
from tests.e2e.faults.running import Runner
from tests.e2e.faults.world import Site
from tests.servers import dovecot
from tests.servers.postgres import Postgres
from triage.demo.dovecot import Dovecot

OUTCOMES: list[Outcome] = []


@pytest.fixture(scope="session")
def site(postgres_server: Postgres, artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Servers and a runner for all rows."""
    if reason := dovecot.absent():
        without(reason)
    folder = tmp_path_factory.mktemp("faults")
    with Dovecot(Site.users()) as server, Runner(artifacts.parent) as runner:
        yield Site(dovecot=server, postgres=postgres_server, artifacts=artifacts, folder=folder, runner=runner)


@pytest.fixture(scope="session")
def outcomes() -> list[Outcome]:
    """Where each row leaves its line of the table."""
    return OUTCOMES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table; lines of JSON when FAULTS_JSON names a file."""
    if not OUTCOMES:
        return
    terminalreporter.section("faults")
    for line in table.lines(OUTCOMES):
        terminalreporter.write_line(line)
    if file := os.environ.get("FAULTS_JSON"):
        Path(file).write_text("\n".join(table.as_json(OUTCOMES)) + "\n", encoding="utf-8")
