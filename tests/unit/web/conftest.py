"""A desk that is asked over HTTP, without a browser."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.browser import seed
from tests.browser.desk import application
from tests.unit.web.asking import sign_in
from triage.adapters.store import SqlStore
from triage.web.pages import LANGUAGE_COOKIE


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database, to be copied."""
    folder = tmp_path_factory.mktemp("desk")
    seed.seeded(folder, more=40).dispose()
    return folder / "desk.db"


@pytest.fixture(scope="session")
def filled(seeded_file: Path) -> Iterator[SqlStore]:
    """A seeded store that no test changes."""
    store = SqlStore(f"sqlite:///{seeded_file}", case_prefix="SM")
    yield store
    store.dispose()


@pytest.fixture
def store(seeded_file: Path, filled: SqlStore, tmp_path: Path) -> Iterator[SqlStore]:
    """A seeded store of the test's own."""
    with closing(sqlite3.connect(seeded_file)) as source, closing(sqlite3.connect(tmp_path / "desk.db")) as copy:
        source.backup(copy)
    store = SqlStore(f"sqlite:///{tmp_path / 'desk.db'}", case_prefix="SM")
    yield store
    store.dispose()


@pytest.fixture(scope="session")
def _signed_in(filled: SqlStore) -> Iterator[TestClient]:
    with TestClient(application(filled), follow_redirects=False) as client:
        sign_in(client)
        yield client


@pytest.fixture
def asking(_signed_in: TestClient) -> TestClient:
    """Somebody who is signed in and only reads, in no language of his own."""
    if LANGUAGE_COOKIE in _signed_in.cookies:
        _signed_in.cookies.delete(LANGUAGE_COOKIE)
    return _signed_in


@pytest.fixture
def acting(store: SqlStore) -> Iterator[TestClient]:
    """Somebody who is signed in on a desk of his own."""
    with TestClient(application(store), follow_redirects=False) as client:
        sign_in(client)
        yield client


@pytest.fixture(scope="module")
def anonymous(filled: SqlStore) -> Iterator[TestClient]:
    """Somebody who is not signed in."""
    with TestClient(application(filled), follow_redirects=False) as client:
        yield client
