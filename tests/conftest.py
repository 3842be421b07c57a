"""What every test may ask for: servers on loopback, and the policy for servers that are not installed."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tests.servers import chromium, dovecot, postgres
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp import FaultySmtp

CHECKOUT = Path(__file__).resolve().parent.parent

settings.register_profile("build", derandomize=True)
if os.environ.get("CI") == "true":  # what chance finds there would be blamed on whoever came by; elsewhere it is hunted
    settings.load_profile("build")


def without(reason: str) -> NoReturn:
    """Skip a test whose server is not installed; on the build server (CI=true) that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; with CI=true nothing may be skipped", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for the whole run; its mailbox is shared, so count from what is there."""
    if reason := dovecot.absent():
        without(reason)
    with Dovecot() as server:
        yield server


@pytest.fixture
def fresh_dovecot() -> Iterator[Dovecot]:
    """A Dovecot with an empty mailbox, for one test."""
    if reason := dovecot.absent():
        without(reason)
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    if reason := postgres.absent():
        without(reason)
    with Postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """URL of an empty PostgreSQL database, for one test."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def _smtp_for_all() -> Iterator[FaultySmtp]:
    with FaultySmtp() as server:
        yield server


@pytest.fixture
def smtp_server(_smtp_for_all: FaultySmtp) -> FaultySmtp:
    """A catching SMTP server, empty and healthy at the start of each test."""
    _smtp_for_all.reset()
    return _smtp_for_all


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of the installed Chromium."""
    found = chromium.program()
    return found or without("Chromium (the Debian package chromium) is not installed")
