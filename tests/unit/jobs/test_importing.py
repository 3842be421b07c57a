"""Imports: each message once, whatever is imported again, and nothing that could be answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from models.mail import MessageSource
from models.mail_file import FileFault, FileMessage, FilePassed
from tests.fakes.making import NOW
from tests.fakes.policies import INTAKE
from triage.adapters.store import SqlStore
from triage.jobs.importing import IMPORTED, Importing, ImportReport
from triage.stages.entry import NUMBERS, number_of


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/desk.db" if sqlite else str(request.getfixturevalue("postgres_url"))
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


def message(text: str, *, arrived: datetime | None = NOW, digest: bytes | None = None, size: int = 0) -> FileMessage:
    octets = f"Subject: {text}\r\n\r\n{text}\r\n".encode()
    return FileMessage(
        place=text,
        octets=octets,
        size=size or len(octets),
        digest=digest or sha256(octets).digest(),
        arrived=arrived,
    )


def take(store: SqlStore | None, *found: FileMessage | FileFault | FilePassed, **how: bool) -> ImportReport:
    return Importing(store, INTAKE, batch=2, now=NOW, **how).take("box", found)


def counted(report: ImportReport) -> tuple[int, int, int]:
    return report.found, report.new, report.known


def test_an_imported_message_waits_for_triage_and_is_never_answered(store: SqlStore) -> None:
    assert counted(take(store, message("a"), message("b"), message("c"))) == (3, 3, 0)
    waiting = store.pending(10)
    assert {one.raw.source for one in waiting} == {MessageSource.IMPORT}
    assert all(one.raw.backfill for one in waiting)
    assert [one.raw.octets for one in waiting] == [message(text).octets for text in "abc"]


def test_what_was_imported_before_stays_once(store: SqlStore) -> None:
    take(store, message("a"), message("b"))
    assert counted(take(store, message("b"), message("a"), message("c"), message("c"))) == (4, 1, 3)
    assert store.count_messages() == 3


def test_two_messages_with_one_number_are_both_kept_whatever_their_order(store: SqlStore) -> None:
    same = b"\0" * 32
    one, other, third = (message(text, digest=same) for text in "abc")
    assert counted(take(store, one, other)) == (2, 2, 0)
    assert counted(take(store, third)) == (1, 1, 0)
    assert counted(take(store, third, one, other)) == (3, 0, 3)
    assert {pending.raw.key.uid for pending in store.pending(9)} == {0, 1, 2}


def test_the_last_number_is_followed_by_the_first(store: SqlStore) -> None:
    last = b"\xff" * 32
    assert number_of(last) == NUMBERS - 1
    take(store, message("a", digest=last), message("b", digest=last))
    assert {pending.raw.key.uid for pending in store.pending(9)} == {NUMBERS - 1, 0}


def test_nothing_arrives_in_the_future_or_at_no_time(store: SqlStore) -> None:
    old = datetime(2001, 1, 1, tzinfo=UTC)
    take(store, message("a", arrived=NOW + timedelta(days=9)), message("b", arrived=None), message("c", arrived=old))
    assert [pending.raw.internaldate for pending in store.pending(9)] == [NOW, NOW, old]


def test_of_a_message_too_large_to_keep_the_case_can_say_so(store: SqlStore) -> None:
    report = take(store, message("a", size=10**9))
    assert report.partial == ["a"]
    [pending] = store.pending(9)
    assert (pending.raw.size, pending.raw.whole) == (10**9, False)


def test_what_cannot_be_read_is_told_and_the_rest_taken_in(store: SqlStore) -> None:
    fault = FileFault(place="x.eml", cause="is empty")
    report = take(store, message("a"), fault, FilePassed(place="photo.png"), message("b"))
    assert (report.unreadable, report.passed, report.new) == ([fault], ["photo.png"], 2)


def test_a_dry_run_counts_each_message_once_and_writes_nothing(store: SqlStore) -> None:
    take(store, message("a"))
    assert counted(take(store, message("a"), message("b"), message("c"), message("b"), dry=True)) == (4, 2, 2)
    assert store.count_messages() == 1
    assert counted(take(None, message("a"), message("b"), message("c"), message("b"), dry=True)) == (4, 3, 1)


def test_batches_are_bounded_by_octets(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    add = store.add_entries

    def counting(messages: object, **said: str) -> object:
        kept = list(messages)  # type: ignore[call-overload]
        sizes.append(sum(len(one.octets) for one in kept))
        return add(kept, **said)

    monkeypatch.setattr(store, "add_entries", counting)
    big = [message(letter * 300_000) for letter in "abcde"]  # 600,000 octets each, INTAKE takes 1,000,000 at once
    heard: list[int] = []
    Importing(store, INTAKE, batch=200, now=NOW).take("box", big, heard.append)
    assert len(sizes) == 5
    assert sum(heard) == sum(one.size for one in big)
    assert store.count_messages() == 5


def test_rows_of_imports_stand_where_no_server_has_any(store: SqlStore) -> None:
    take(store, message("a"))
    [pending] = store.pending(9)
    assert (pending.raw.key.mailbox, pending.raw.key.uidvalidity) == (IMPORTED, 0)
    assert store.entry_digests(IMPORTED, [pending.raw.key.uid, 5]) == {
        pending.raw.key.uid: sha256(message("a").octets).hexdigest()
    }
