"""`triage poll` against a bare loop that fetches the same mail from the same server and keeps nothing."""

import gc
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.benchmarks.ordinary import ordinary
from tests.benchmarks.recording import record
from tests.servers.dovecot import Dovecot
from triage.adapters.imap import ImapMailbox
from triage.adapters.store import SqlStore
from triage.bootstrap import knowledge
from triage.jobs.poll import poll_once
from triage.settings import MailboxSettings, Settings

pytestmark = [pytest.mark.bench, pytest.mark.dovecot]

MAILS = 5000
BARE_BATCH = 200
ROUNDS = 5
GOAL = 3.0


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of wall clock and of this process's CPU."""

    wall: float
    cpu: float


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A Dovecot with the mails, all of them read once, so that its caches are warm for everybody."""
    with Dovecot() as started:
        started.fill(ordinary(MAILS))
        _bare(started)
        yield started


def _bare(server: Dovecot) -> Took:
    """Fetch all in batches, as the shortest program would."""
    with IMAPClient("localhost", port=server.imaps_port, ssl_context=server.ssl_context(), timeout=60) as client:
        client.login("mottak", "hemmelig")
        watch = _Watch()
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        fetched = 0
        for first in range(0, len(uids), BARE_BATCH):
            found = client.fetch(uids[first : first + BARE_BATCH], ["BODY.PEEK[]"])
            fetched += sum(len(items[b"BODY[]"]) > 0 for items in found.values())
        took = watch.stop()
    assert fetched == MAILS
    return took


def _poll(server: Dovecot, url: str) -> Took:
    """Poll all into a new database, with the batches and the durability of an installation."""
    given = {"host": "localhost", "port": server.imaps_port, "user": "mottak", "password": "hemmelig"}
    settings = MailboxSettings.model_validate({"name": "INBOX", "ca_file": server.certificate, **given})
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    policy, batch = knowledge().running.intake, Settings.model_fields["poll_batch"].default
    with ImapMailbox.open(settings) as mailbox:
        watch = _Watch()
        report = poll_once(mailbox, store, policy, batch=batch, now=datetime.now(UTC))
        took = watch.stop()
    assert (report.stored, store.count_messages()) == (MAILS, MAILS)
    store.dispose()
    return took


class _Watch:
    """A stopwatch, started after the rubbish of before is gone."""

    def __init__(self) -> None:
        gc.collect()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self) -> Took:
        return Took(time.perf_counter() - self._wall, time.process_time() - self._cpu)


def test_a_poll_takes_at_most_three_times_a_bare_loop(server: Dovecot, tmp_path: Path) -> None:
    rounds = [(_bare(server), _poll(server, f"sqlite:///{tmp_path}/{n}.db")) for n in range(ROUNDS)]
    ratio = _tell("sqlite", rounds)
    assert ratio <= GOAL


@pytest.mark.postgres
def test_a_poll_into_postgresql_is_told(server: Dovecot, postgres_url: str) -> None:
    rounds = []
    for _ in range(ROUNDS):
        rounds.append((_bare(server), _poll(server, postgres_url)))
        _empty(postgres_url)
    _tell("postgresql", rounds)


def _empty(url: str) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE message, mailbox_cursor CASCADE"))
    engine.dispose()


def _tell(name: str, rounds: list[tuple[Took, Took]]) -> float:
    """Print the table; with RECORD set the figures go into the file. The median of the rounds' ratios."""
    ratios = [poll.wall / bare.wall for bare, poll in rounds]
    lines = [f"{'round':>8} {'bare s':>8} {'poll s':>8} {'ratio':>6} {'bare cpu s':>11} {'poll cpu s':>11}"]
    for number, ((bare, poll), ratio) in enumerate(zip(rounds, ratios, strict=True), 1):
        lines.append(
            f"{number:>8} {bare.wall:>8.2f} {poll.wall:>8.2f} {ratio:>6.2f} {bare.cpu:>11.2f} {poll.cpu:>11.2f}"
        )
    median = statistics.median(ratios)
    lines.append(f"{'median':>8} {_median(bare.wall for bare, _ in rounds):>8.2f} "
                 f"{_median(poll.wall for _, poll in rounds):>8.2f} {median:>6.2f}")  # fmt: skip
    sys.stdout.write(f"\npoll of {MAILS} mails into {name}, against a bare IMAPClient loop\n" + "\n".join(lines) + "\n")
    figures = {
        "mails": MAILS,
        "bare_seconds": _median(bare.wall for bare, _ in rounds),
        "poll_seconds": _median(poll.wall for _, poll in rounds),
        "ratio": round(median, 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
        "goal": GOAL if name == "sqlite" else None,
    }
    record(f"poll into {name}", figures)
    return median


def _median(values: Iterator[float]) -> float:
    return round(statistics.median(values), 2)
