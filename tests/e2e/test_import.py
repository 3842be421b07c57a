"""`triage import` as a process of its own: every kind of file, killed in the middle, and nothing ever answered."""

import json
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from models.mail import MessageKey, RawMessage
from tests.e2e.program import PROGRAM, triage
from tests.fakes.making import NOW
from triage.adapters.store import SqlStore
from triage.demo.mailbox import messages
from triage.errors import StoreError
from triage.ports import Cursor

MAILS = 1_500
KILLS = 8
DEMO_MAILS = 60
SETTINGS = {"TRIAGE_OWN_ADDRESSES": "desk@agency.example", "TRIAGE_REPLIES": "automatic"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/desk.db" if sqlite else str(request.getfixturevalue("postgres_url"))


def settings(database: str) -> Mapping[str, str]:
    return SETTINGS | {"TRIAGE_DATABASE_URL": database}


def stored(database: str) -> Counter[str]:
    store = SqlStore(database, case_prefix="SM")
    found: Counter[str] = Counter()
    last = 0
    while waiting := store.pending(500, after=last):
        found.update(sha256(one.raw.octets).hexdigest() for one in waiting)
        last = waiting[-1].id
    store.dispose()
    return found


def mail(number: int, *, size: int = 2_000) -> bytes:
    return f"From: a@firma.example\nSubject: nr {number}\n\n".encode() + b"A" * size + b"\n"


def mbox(path: Path, count: int) -> Counter[str]:
    with path.open("wb") as file:
        for number in range(count):
            file.write(b"From a@firma.example Mon Mar 16 10:00:00 2020\n" + mail(number) + b"\n")
    return Counter(sha256(mail(number)).hexdigest() for number in range(count))


def test_an_import_that_is_killed_again_and_again_takes_in_each_message_once(database: str, tmp_path: Path) -> None:
    expected = mbox(tmp_path / "old.mbox", MAILS)
    chance = random.Random(3)
    amid = 0
    for _ in range(KILLS):
        before = here(database)
        process = subprocess.Popen(
            [PROGRAM, "import", "old.mbox"],
            cwd=tmp_path,
            env={
                "PATH": "/usr/bin:/bin",
                "TRIAGE_HOME": str(tmp_path),
                "TRIAGE_POLL_BATCH": "10",
                **settings(database),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + 60
        while process.poll() is None and here(database) <= before and time.monotonic() < ends:
            time.sleep(0.02)  # until it takes in
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.wait()
        amid += before < here(database) < MAILS
    assert amid >= KILLS // 2, "too few were killed while they took in"
    done = triage(tmp_path, "import", "old.mbox", "--json", settings=settings(database))
    assert done.status == 0, done.errors
    [report] = done.lines
    assert report["found"] == MAILS
    assert stored(database) == expected
    [again] = triage(tmp_path, "import", "old.mbox", "--json", settings=settings(database)).lines
    assert (again["new"], again["known"]) == (0, MAILS)


def here(database: str) -> int:
    """How many messages are there by now."""
    store = SqlStore(database, case_prefix="SM")
    try:
        return 0 if store.is_empty() else store.count_messages()
    except StoreError:  # it is being made
        return 0
    finally:
        store.dispose()


def test_what_cannot_be_read_is_said_and_the_rest_taken_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.eml").write_bytes(mail(1))
    (tmp_path / "in/bad.eml").write_bytes(b"\0\0")
    (tmp_path / "in/photo.png").write_bytes(b"\x89PNG")
    done = triage(tmp_path, "import", "in", "nowhere.eml", settings=SETTINGS)
    assert done.status == 1
    assert "triage: in/bad.eml: is no mail" in done.errors
    assert "triage: nowhere.eml: cannot be read (No such file" in done.errors
    assert "in: found 1, new 1, already there 0, unreadable 1, no mail 1" in done.out


def test_a_dry_run_says_what_it_would_take_in_and_makes_no_database(tmp_path: Path) -> None:
    mbox(tmp_path / "old.mbox", 7)
    [report] = triage(tmp_path, "import", "--dry-run", "--json", "old.mbox", settings=SETTINGS).lines
    assert (report["dry_run"], report["found"], report["new"]) == (True, 7, 7)
    assert not (tmp_path / "triage.db").exists()
    assert triage(tmp_path, "import", "old.mbox", settings=SETTINGS).status == 0
    [report] = triage(tmp_path, "import", "--dry-run", "--json", "old.mbox", settings=SETTINGS).lines
    assert (report["new"], report["known"]) == (0, 7)


def test_imported_mail_is_triaged_and_never_answered(tmp_path: Path, checkout: Path, artifacts: Path) -> None:
    """Its INTERNALDATE is of today, and it is addressed to the desk: polled, most of it would be answered."""
    shutil.copytree(artifacts, tmp_path / "artifacts")
    box = tmp_path / "box"
    for folder in ("cur", "new", "tmp"):
        (box / folder).mkdir(parents=True)
    now = datetime.now(UTC) - timedelta(minutes=5)
    for number, (octets, _at) in enumerate(messages(checkout / "data", seed=1, count=DEMO_MAILS, now=now)):
        (box / f"cur/{number:05}.x:2,S").write_bytes(octets)
    assert triage(tmp_path, "import", "box", settings=SETTINGS).status == 0
    worked = triage(tmp_path, "work", "--once", "--json", settings=SETTINGS, seconds=300)
    assert json.loads(worked.out)["triaged"] == DEMO_MAILS
    store = SqlStore(f"sqlite:///{tmp_path}/triage.db", case_prefix="SM")
    assert store.outbox_counts() == {}
    assert store.event_counts()["reply_withheld"] == DEMO_MAILS
    store.dispose()


def test_the_same_mail_polled_and_imported_is_one_case(tmp_path: Path, artifacts: Path) -> None:
    """With the line ends of a file, and without the trace fields that our server had put on it."""
    shutil.copytree(artifacts, tmp_path / "artifacts")
    text = (
        b"From: Kari <kari@firma.example>\nTo: desk@agency.example\nSubject: Visir\nMessage-ID: <1@firma.example>\n"
        b"Date: Mon, 16 Mar 2020 10:00:00 +0100\n\nVi tilbyr 200 visir.\nHilsen Kari\n"
    )
    polled = b"Received: from b by a; Mon, 16 Mar 2020 10:00:05 +0100\r\n" + text.replace(b"\n", b"\r\n")
    store = SqlStore(f"sqlite:///{tmp_path}/triage.db", case_prefix="SM")
    store.migrate()
    key = MessageKey(mailbox="INBOX", uidvalidity=7, uid=1)
    store.add_messages(
        Cursor(mailbox="INBOX", uidvalidity=7, last_uid=1), [RawMessage(key=key, octets=polled, internaldate=NOW)]
    )
    (tmp_path / "same.eml").write_bytes(polled)
    (tmp_path / "sent.mbox").write_bytes(b"From kari@firma.example Mon Mar 16 09:00:00 2020\n" + text + b"\n")
    assert triage(tmp_path, "import", "same.eml", "sent.mbox", settings=SETTINGS).status == 0
    assert triage(tmp_path, "work", "--once", settings=SETTINGS, seconds=300).status == 0
    case = store.case(1)
    assert case is not None
    assert [one.source.value for one in case.messages] == ["import", "import", "mailbox"]
    assert store.case(2) is None
    store.dispose()
