"""Mail made to hurt ends in sight within 10 s and 512 MB, and the mail behind it is not held up (C01 to C07)."""

import re
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from models.case import QueueFilter, Triaged
from models.mail import Attachment, MessageKey, RawMessage
from tests.browser import seed
from tests.browser.desk import application
from tests.e2e.faults.table import OUTCOMES, Outcome
from tests.e2e.hostile.corpus import Hostile, corpus
from tests.e2e.hostile.making import TEXT, header
from tests.e2e.hostile.measuring import Measured, Took
from tests.fakes import readers
from tests.fakes.making import draft
from tests.servers.dovecot import Dovecot
from tests.unit.web.asking import sign_in
from triage.adapters.imap import ImapMailbox
from triage.adapters.opening import open_attachment
from triage.adapters.store import SqlStore
from triage.adapters.work import ChildReaders
from triage.bootstrap import knowledge
from triage.demo.imap import EmbeddedImap
from triage.errors import ReadingError
from triage.jobs.poll import poll_once
from triage.jobs.triage import TriageReport, triage_pending
from triage.settings import Settings
from triage.web.attachments import ANY_TYPE, disposition
from triage.web.sign_in import hash_password

SECONDS, MEGABYTES = 10.0, 512.0
SLACK = 1.5
"""Seconds of the wall between the product's clock, which ends a reading, and ours."""
HANGS = 30.0
HARMLESS = {"text/csv", "application/pdf", "application/zip", ANY_TYPE}
"""Types under which no browser runs anything."""
ALTERED = ("NUL", "line end", "bare CR", "carriage", "every octet")
"""What Dovecot does not serve unchanged lies in the embedded server."""
SHORT = {"C01": 14, "C02": 8, "C03": 10, "C04": 14, "C05": 5, "C06": 8, "C07": 2}
"""How many of a row the short form reads, evenly chosen among those quickly made; the long form reads all."""
LARGE = re.compile(
    r"\b(?:12|18|24|60|90|95|99|100|200|300) (?:MB|million)|1 GB|sizes that lie|30 files|60,000|workbooks|three"
)


def chosen(*, long: bool) -> Sequence[Hostile]:
    every = [one for one in corpus() if long or not (one.long or LARGE.search(one.name))]
    if long:
        return every
    picked: list[Hostile] = []
    for row, count in SHORT.items():
        of = [one for one in every if one.row == row]
        picked += [of[number * len(of) // count] for number in range(min(count, len(of)))]
    return list(dict.fromkeys(picked))


def ordinary(number: int) -> bytes:
    return header(f"ordinary{number}") + b"\r\n" + TEXT


def with_ordinary(mails: Iterable[bytes]) -> list[tuple[bytes, datetime]]:
    arrived = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    return [(one, arrived) for number, mail in enumerate(mails) for one in (mail, ordinary(number))]


def polled(store: SqlStore, settings: Settings) -> int:
    with ImapMailbox.open(settings.mailboxes[0]) as mailbox:
        return poll_once(mailbox, store, knowledge().running.intake, batch=50, now=datetime.now(UTC)).stored


def triaged(store: SqlStore, reading: Measured | ChildReaders, attempts: int = 3) -> TriageReport:
    return triage_pending(
        store, reading, lambda _triaged, number: draft(number), join=lambda _triaged, _cases: None, attempts=attempts
    )


def opened(url: str) -> SqlStore:
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    return store


@dataclass(slots=True)
class Told:
    """Readers that keep what they gave, by UID. Implements `triage.ports.Readers`."""

    reading: Measured
    found: dict[int, Triaged | ReadingError] = field(default_factory=dict)
    took: dict[int, list[Took]] = field(default_factory=dict)

    def submit(self, raw: RawMessage) -> Future[Triaged]:
        self.reading.took.clear()
        promise = self.reading.submit(raw)
        self.took[raw.key.uid] = self.took.get(raw.key.uid, []) + self.reading.took[raw.key.uid]
        fault = promise.exception()
        assert fault is None or isinstance(fault, ReadingError)
        self.found[raw.key.uid] = fault or promise.result()
        return promise

    def close(self) -> None:
        self.reading.close()


def read_all(
    mails: Sequence[tuple[Hostile, bytes]], settings: Settings, store: SqlStore, reading: Measured
) -> list[str]:
    """A line of the table for each, and a line for each that fails its promise."""
    assert polled(store, settings) == 2 * len(mails)
    told = Told(reading)
    report = triaged(store, told)  # type: ignore[arg-type]
    assert report.triaged + report.quarantined == 2 * len(mails)
    left = {one.key.uid: one.cause for one in store.quarantined()}
    assert store.queue(QueueFilter(open_only=False), page=1, size=1).total == 2 * len(mails) - len(left)
    failed = []
    print(f"\n{'row':4}{'input':46}{'MB':>7}{'s':>7}{'CPU':>7}{'peak':>6}{'all':>6}  outcome")  # noqa: T201 - the table is what the run is for
    for number, (hostile, octets) in enumerate(mails):
        uid = 2 * number + 1
        took = max(told.took[uid], key=lambda one: one.seconds)
        peak, together = (max(getattr(one, name) for one in told.took[uid]) for name in ("peak", "together"))
        outcome = f"quarantined: {left[uid]}" if uid in left else shown(told.found[uid])
        row = f"{hostile.row:4}{hostile.name[:45]:46}{len(octets) / 1e6:7.1f}"
        row += f"{took.seconds:7.2f}{took.cpu:7.2f}{peak:6.0f}{together:6.0f}"
        print(f"{row}  {outcome}"[:170])  # noqa: T201
        late = took.seconds > SECONDS + SLACK or took.cpu > SECONDS
        if late or peak > MEGABYTES or not in_full(told.found.get(uid + 1)):
            failed.append(f"{row}  {outcome}")
    enter([one for one, _ in mails], told, store, failed)
    return failed


def enter(mails: Sequence[Hostile], told: Told, store: SqlStore, failed: Sequence[str]) -> None:
    """Put a line for each row into the table that stands at the end of a run."""
    doubled = store.count_messages() - 2 * len(mails)
    for row in dict.fromkeys(one.row for one in mails):
        uids = [2 * number + 1 for number, one in enumerate(mails) if one.row == row]
        stored = sum((uid in told.found) + (uid + 1 in told.found) for uid in uids)
        given_up = sum(isinstance(told.found.get(uid), ReadingError) for uid in uids)
        OUTCOMES.append(
            Outcome(
                row=row,
                fault="hostile mail, an ordinary one behind each",
                store="sqlite",
                injected=f"{len(uids)} mails, {given_up} put aside",
                sent=2 * len(uids),
                stored=stored,
                lost=2 * len(uids) - stored,
                doubled=doubled,
                took=round(sum(one.seconds for uid in uids for one in told.took.get(uid, ())), 1),
                trouble="\n".join(line for line in failed if line.startswith(row)),
            )
        )


def in_full(behind: Triaged | ReadingError | None) -> bool:
    """Whether the ordinary mail behind one was read, and read as it is."""
    return isinstance(behind, Triaged) and behind.mail.text.strip() == TEXT.decode().strip()


def shown(found: Triaged | ReadingError) -> str:
    assert isinstance(found, Triaged)
    codes = sorted({defect.code for defect in found.mail.defects})
    unread = sorted({one.unread for one in found.mail.attachments if one.unread})
    return "triaged; " + ", ".join([*codes, *unread])


def settings_for(server: Dovecot | EmbeddedImap) -> Settings:
    if isinstance(server, Dovecot):
        address = {"imap_host": "localhost", "imap_port": server.imaps_port, "imap_ca_file": server.certificate}
    else:
        address = {"imap_host": server.host, "imap_port": server.port, "imap_encryption": "none"}
    return Settings.model_validate({**address, "imap_user": "mottak", "imap_password": "hemmelig"})


def check_corpus(mails: Sequence[Hostile], dovecot: Dovecot, folder: Path, reading: Measured) -> None:
    made = [(one, one.octets()) for one in mails]
    altered = [one for one in made if any(word in one[0].name for word in ALTERED)]
    plain = [one for one in made if one not in altered]
    dovecot.fill(with_ordinary(octets for _, octets in plain))
    failed = read_all(plain, settings_for(dovecot), opened(f"sqlite:///{folder}/dovecot.db"), reading)
    if altered:
        with EmbeddedImap(with_ordinary(octets for _, octets in altered)) as embedded:
            store = opened(f"sqlite:///{folder}/embedded.db")
            failed += read_all(altered, settings_for(embedded), store, reading)
    assert not failed, "\n".join(failed)


@pytest.mark.dovecot
def test_hostile_mail_ends_in_sight_and_the_mail_behind_it_too(
    fresh_dovecot: Dovecot, tmp_path: Path, reading: Measured
) -> None:
    check_corpus(chosen(long=False), fresh_dovecot, tmp_path, reading)


@pytest.mark.faults
@pytest.mark.dovecot
@pytest.mark.parametrize("row", SHORT)
def test_all_hostile_mail_ends_in_sight_and_the_mail_behind_it_too(
    row: str, fresh_dovecot: Dovecot, tmp_path: Path, reading: Measured
) -> None:
    check_corpus([one for one in chosen(long=True) if one.row == row], fresh_dovecot, tmp_path, reading)


@pytest.mark.postgres
def test_text_that_databases_do_not_take_is_stored_alike_in_both(
    postgres_url: str, tmp_path: Path, reading: Measured
) -> None:
    mails = [one for one in corpus() if one.row == "C06"]
    kept = []
    with EmbeddedImap(with_ordinary(one.octets() for one in mails)) as embedded:
        for url in (f"sqlite:///{tmp_path}/desk.db", postgres_url):
            store = opened(url)
            assert polled(store, settings_for(embedded)) == 2 * len(mails)
            report = triaged(store, reading)
            assert (report.triaged, report.failures) == (2 * len(mails), 0)
            page = store.queue(QueueFilter(open_only=False), page=1, size=100)
            kept.append([store.case(case.id) for case in page.cases])
            store.dispose()
    first, second = ({one.summary.number: one.messages[0].triaged for one in cases if one} for cases in kept)
    assert first == second


def test_two_that_hang_hold_up_nobody_else_for_long(tmp_path: Path) -> None:
    """With two children and one message that hangs, the others are written down while it is being read."""
    store = opened(f"sqlite:///{tmp_path}/desk.db")
    arrived = datetime.now(UTC)
    mails = [b"Subject: spin\r\n\r\n", *(b"Subject: mail %d\r\n\r\n" % number for number in range(30))]
    with EmbeddedImap((mail, arrived) for mail in mails) as embedded:
        assert polled(store, settings_for(embedded)) == len(mails)
    done: list[float] = []
    began = time.monotonic()
    with ChildReaders(readers.make_reader, workers=2, seconds=HANGS, megabytes=512) as children:
        assert children.submit(RawMessage(key=KEY, octets=b"Subject: warm\r\n\r\n", internaldate=arrived)).result(60)
        began = time.monotonic()
        report = triage_pending(
            store, children, lambda _triaged, number: draft(number), join=lambda _triaged, _cases: None, attempts=1,
            progress=lambda _done, _all: done.append(time.monotonic() - began),
        )  # fmt: skip
    assert (report.triaged, report.quarantined) == (30, 1)
    assert done[29] < HANGS - 1 <= done[30], "the ordinary mails first, then the one that hung"


KEY = MessageKey(mailbox="INBOX", uidvalidity=9, uid=9)


def test_what_a_person_releases_is_read_again_and_ends_in_sight(tmp_path: Path) -> None:
    store = opened(f"sqlite:///{tmp_path}/desk.db")
    with EmbeddedImap([(b"Subject: die SIGSEGV\r\n\r\n", datetime.now(UTC))]) as embedded:
        assert polled(store, settings_for(embedded)) == 1
    with ChildReaders(readers.make_reader, workers=1, seconds=5, megabytes=512) as children:
        for _ in range(2):
            report = triaged(store, children)
            assert (report.failures, report.quarantined) == (3, 1)
            (one,) = store.quarantined()
            assert "SIGSEGV" in one.cause
            store.release(one.id, actor="kari", now=datetime.now(UTC))
            assert not store.quarantined()


def test_names_lead_nowhere(tmp_path: Path, reading: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    """After triage and every download no file is new but the database, and no name leaves its header field."""
    monkeypatch.chdir(tmp_path)
    mails = [one.octets() for one in corpus() if one.row == "C07"]
    store = opened(f"sqlite:///{tmp_path}/desk.db")
    store.put_account(seed.NAME, "procurement", hash_password(seed.PASSWORD))
    with EmbeddedImap(with_ordinary(mails)) as embedded:
        assert polled(store, settings_for(embedded)) == 2 * len(mails)
    before = files(tmp_path)
    assert triaged(store, reading).triaged == 2 * len(mails)
    opener = partial(open_attachment, seconds=SECONDS, megabytes=int(MEGABYTES))
    with TestClient(application(store, read_attachment=opener), follow_redirects=False) as client:
        sign_in(client)
        cases = [store.case(one.id) for one in store.queue(QueueFilter(open_only=False), page=1, size=100).cases]
        found = [(case.summary.id, one) for case in cases if case for one in case.messages]
        hostile = [(case_id, one) for case_id, one in found if one.triaged.mail.attachments]
        assert len(hostile) == len(mails)
        for case_id, message in hostile:
            check_downloads(client, f"/cases/{case_id}/messages/{message.id}", message.triaged.mail.attachments)
    assert files(tmp_path) - before <= {tmp_path / f"desk.db{tail}" for tail in ("-wal", "-shm", "-journal")}
    store.dispose()


def check_downloads(client: TestClient, address: str, attachments: Sequence[Attachment]) -> None:
    """The names, and what is given out of the first, the last and one in between."""
    for attachment in attachments:
        check_name(attachment.name)
    for index in sorted({0, len(attachments) // 2, len(attachments) - 1}):
        answer = client.get(f"{address}/attachments/{index}")
        assert answer.status_code == 200
        assert sha256(answer.content).hexdigest() == attachments[index].sha256
        assert answer.headers["content-disposition"] == disposition(attachments[index].name)
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["content-type"].partition(";")[0] in HARMLESS


def check_name(name: str) -> None:
    assert name.strip(" .")
    assert not set(name) & set("/\\\0\r\n\u202e\u200b\u2066\ufeff"), name
    field = disposition(name)
    assert field.startswith('attachment; filename="')
    assert field.isascii()
    assert field.isprintable()
    assert field.count('"') == 2


def files(folder: Path) -> set[Path]:
    return {*folder.rglob("*"), *Path("/tmp").glob("*.csv"), *Path("/etc/cron.d").glob("*")}
