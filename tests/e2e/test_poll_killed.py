"""A poller that is killed at any moment loses nothing and doubles nothing."""

import hashlib
import multiprocessing
import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.fakes import poller
from triage.adapters.imap import ImapMailbox
from triage.adapters.store import SqlStore
from triage.demo.imap import EmbeddedImap
from triage.jobs.poll import PollReport, poll_once

MAILS = 400
KILLS = 20
LONGEST_LIFE = 0.15  # seconds; all the mail takes about ten times as long


def mails(count: int, first: int = 0) -> list[tuple[bytes, datetime]]:
    arrived = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    return [(f"Subject: {first + n}\r\n\r\n".encode() + os.urandom(2000).hex().encode(), arrived) for n in range(count)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    return str(request.getfixturevalue("postgres_url"))


def begun(url: str, port: int) -> BaseProcess:
    """A poller that has begun to poll."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.fakes.poller", "triage.adapters.imap", "triage.adapters.store", "psycopg"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=poller.poll, args=(url, port, there))
    process.start()
    there.close()
    with here:
        assert here.poll(60)
        here.recv()
    return process


def stored(store: SqlStore) -> Counter[str]:
    found: Counter[str] = Counter()
    last = 0
    while messages := store.pending(100, after=last):
        found.update(hashlib.sha256(message.raw.octets).hexdigest() for message in messages)
        last = messages[-1].id
    return found


def poll_to_the_end(store: SqlStore, port: int) -> PollReport:
    with ImapMailbox.open(poller.settings(port)) as mailbox:
        return poll_once(mailbox, store, poller.INTAKE, batch=50, now=datetime.now(UTC))


def test_nothing_is_lost_or_doubled_by_kills_and_by_two_pollers_at_once(url: str) -> None:
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    sent = mails(MAILS)
    chance = random.Random(1)
    amid = 0
    with EmbeddedImap(sent) as server:
        for round_ in range(KILLS):
            pollers = [begun(url, server.port) for _ in range(1 + round_ % 2)]
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            amid += any(process.is_alive() for process in pollers)
            for process in pollers:
                process.kill()
                process.join()
                process.close()
            [later] = mails(1, MAILS + round_)
            server.add(*later)
            sent.append(later)
        assert amid >= KILLS // 3, "too few were killed while they polled"
        before = store.count_messages()
        assert poll_to_the_end(store, server.port).stored == len(sent) - before
        assert poll_to_the_end(store, server.port).found == 0
        assert not any(message.flags for message in server.folder.held)
    expected = Counter(hashlib.sha256(octets).hexdigest() for octets, _arrived in sent)
    found = stored(store)
    assert (found - expected, expected - found) == (Counter(), Counter())
    store.dispose()
