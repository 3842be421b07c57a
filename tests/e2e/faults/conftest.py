"""What the rows share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import without
from tests.e2e.faults.running import Runner
from tests.e2e.faults.world import Site
from tests.servers import dovecot
from tests.servers.postgres import Postgres
from triage.demo.dovecot import Dovecot


@pytest.fixture(scope="session")
def site(postgres_server: Postgres, artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Servers and a runner for all rows."""
    if reason := dovecot.absent():
        without(reason)
    folder = tmp_path_factory.mktemp("faults")
    with Dovecot(Site.users()) as server, Runner(artifacts.parent) as runner:
        yield Site(dovecot=server, postgres=postgres_server, artifacts=artifacts, folder=folder, runner=runner)
