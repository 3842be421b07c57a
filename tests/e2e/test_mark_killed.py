"""A marker that is killed around each of its writes loses nothing, and moves nothing twice."""

import itertools
import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.fakes import marker as killed
from tests.fakes.making import NOW, mail, raw, triaged
from tests.servers.dovecot import Dovecot
from triage.adapters.imap import ImapMailbox
from triage.adapters.imap_marking import ImapMarker
from triage.adapters.store import SqlStore
from triage.jobs.mark import By, mark_once
from triage.ports import Cursor

pytestmark = pytest.mark.dovecot

MAILS = 60
KILLED = -signal.SIGKILL
FOLDERS = {"gloves": "Sorted/Hansker æøå", "gown": "Sorted/Frakker"}
SAYS = ("gloves", "gown", "nothing of ours")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    return str(request.getfixturevalue("postgres_url"))


def octets(uid: int) -> bytes:
    return f"Subject: {uid}\r\nMessage-ID: <{uid}@x.example>\r\n\r\nMail {uid:04}\r\n".encode()


def category(uid: int) -> str:
    return SAYS[uid % len(SAYS)]


@pytest.fixture
def desk(store_url: str, fresh_dovecot: Dovecot) -> Iterator[SqlStore]:
    """A desk that has read and triaged every mail of the mailbox."""
    store = SqlStore(store_url, case_prefix="SM")
    store.migrate()
    fresh_dovecot.fill((octets(uid), NOW) for uid in range(1, MAILS + 1))
    with ImapMailbox.open(killed.settings(fresh_dovecot.imap_port)) as mailbox:
        status = mailbox.status()
        messages = [
            raw(uid, held, uidvalidity=status.uidvalidity) for uid, held, _ in mailbox.fetch(range(1, MAILS + 1))
        ]
    store.add_messages(Cursor(mailbox="INBOX", uidvalidity=status.uidvalidity, last_uid=MAILS), messages)
    for pending in store.pending(MAILS):
        uid = pending.raw.key.uid
        of = triaged(mail(f"Mail {uid}", msgid=f"{uid}@x.example"), categories=(category(uid),), answered=False)
        object.__setattr__(of.reading.judgement, "uncertain", False)
        store.record(pending.id, of, join=lambda _cases: None, compose=lambda _number: None, now=NOW)
    yield store
    store.dispose()


def die(url: str, port: int, by: By, *, move: bool, point: str, calls: int) -> None:
    """Let a marker begin, and die after so many calls of `point`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.fakes.marker", "psycopg"])
    process = context.Process(target=killed.mark, args=(url, port, by, move, point, calls))
    process.start()
    process.join(60)
    assert process.exitcode == KILLED
    process.close()


def look(server: Dovecot) -> dict[str, list[tuple[bytes, tuple[bytes, ...]]]]:
    """Octets and flags of every message, by folder."""
    found: dict[str, list[tuple[bytes, tuple[bytes, ...]]]] = {}
    with IMAPClient("127.0.0.1", port=server.imap_port, ssl=False, timeout=20) as client:
        client.login("mottak", "hemmelig")
        for _flags, _separator, name in client.list_folders():
            client.select_folder(name, readonly=True)
            messages = client.fetch(client.search("ALL"), ["BODY.PEEK[]", "FLAGS"])
            found[name] = [(items[b"BODY[]"], items[b"FLAGS"]) for items in messages.values()]
    return found


@pytest.mark.parametrize(
    ("by", "move", "points"),
    [
        ("keywords", True, ("begin_marks", "add_flags", "settle_marks")),
        ("folders", True, ("create_folder", "begin_marks", "move", "settle_marks")),
        ("folders", False, ("begin_marks", "copy", "add_flags", "uid_expunge", "settle_marks")),
    ],
)
def test_nothing_is_lost_moved_twice_or_left_unmarked_by_kills(
    desk: SqlStore, store_url: str, fresh_dovecot: Dovecot, by: By, move: bool, points: tuple[str, ...]
) -> None:
    for point, calls in itertools.product(points, (1, 2)):
        die(store_url, fresh_dovecot.imap_port, by, move=move, point=point, calls=calls)
    with ImapMarker.open(killed.settings(fresh_dovecot.imap_port)) as marker:
        if not move:
            killed.without_move(marker)
        mark_once(lambda: marker, desk, killed.POLICY, mailbox="INBOX", by=by, now=lambda: datetime.now(UTC))
    assert desk.mark_counts() == {"done": MAILS}
    folders = look(fresh_dovecot)
    everywhere = Counter(held for messages in folders.values() for held, _ in messages)
    assert everywhere == Counter(octets(uid) for uid in range(1, MAILS + 1))
    for uid in range(1, MAILS + 1):
        target = FOLDERS.get(category(uid), "INBOX") if by == "folders" else "INBOX"
        [flags] = [flags for held, flags in folders[target] if held == octets(uid)]
        ours = {flag for flag in flags if flag.startswith(b"x-")}
        wanted = {b"x-" + category(uid).encode()} if by == "keywords" and category(uid) in FOLDERS else set()
        assert ours == wanted
        assert b"\\Deleted" not in flags
