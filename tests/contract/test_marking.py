"""A folder is marked alike in memory and on Dovecot; on the server nothing else is touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from imapclient import IMAPClient

from tests.conftest import without
from tests.fakes.marker import FakeMarker, settings, without_move
from tests.servers.dovecot import Dovecot, absent
from triage.adapters.imap_marking import ImapMarker, keywords_allowed
from triage.demo.imap import EmbeddedImap
from triage.errors import MailboxError, MailboxRefused, MessageRefused
from triage.ports import Marker, Written
from triage.settings import MailboxSettings

ARRIVED = datetime(2020, 3, 28, 23, 30, tzinfo=UTC)
MAILS = [f"Subject: {n}\r\nMessage-ID: <{n}@x.example>\r\n\r\nMail {n}\r\n".encode() for n in range(1, 6)]
PATH = ("Sorted", "Hansker æøå")
FOLDER = "Sorted/Hansker æøå"
MOST_TESTS = 40


@dataclass(frozen=True)
class Marked:
    """Five messages, UIDs 1 to 5, with who marks them and what can be seen of it."""

    marker: Marker
    uidvalidity: int
    flags: Callable[[], dict[int, set[str]]]
    moved: Callable[[], int]


@dataclass(frozen=True)
class Account:
    """A user of Dovecot with a mailbox of his own."""

    server: Dovecot
    user: str

    def client(self) -> IMAPClient:
        opened = IMAPClient("127.0.0.1", port=self.server.imap_port, ssl=False, timeout=10)
        opened.login(self.user, "hemmelig")
        return opened

    def settings(self, **changed: object) -> MailboxSettings:
        return settings(self.server.imap_port, user=self.user, **changed)


def flags_of(server: Account) -> dict[int, set[str]]:
    with server.client() as looking:
        looking.select_folder("INBOX", readonly=True)
        found = looking.fetch(looking.search("ALL"), ["FLAGS"])
        return {uid: {flag.decode() for flag in items[b"FLAGS"]} - {"\\Recent"} for uid, items in found.items()}


def held(server: Account, folder: str = FOLDER) -> list[bytes]:
    with server.client() as looking:
        if not looking.folder_exists(folder):
            return []
        looking.select_folder(folder, readonly=True)
        found = looking.fetch(looking.search("ALL"), ["BODY.PEEK[]"])
        return [found[uid][b"BODY[]"] for uid in sorted(found)]


def uidvalidity_of(server: Account) -> int:
    with server.client() as looking:
        return int(looking.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"])


@pytest.fixture(scope="module")
def accounts() -> Iterator[Iterator[Account]]:
    """Fresh accounts, one for each test."""
    if reason := absent():
        without(reason)
    users = {f"mottak{n}": "hemmelig" for n in range(MOST_TESTS)}
    with Dovecot(users) as server:
        yield (Account(server, user) for user in users)


@pytest.fixture
def filled(accounts: Iterator[Account]) -> Account:
    account = next(accounts)
    account.server.fill(((octets, ARRIVED) for octets in MAILS), account.user)
    return account


@pytest.fixture(params=["fake", *(pytest.param(how, marks=pytest.mark.dovecot) for how in ("move", "copy"))])
def marked(request: pytest.FixtureRequest) -> Iterator[Marked]:
    if request.param == "fake":
        fake = FakeMarker(range(1, 6))
        yield Marked(fake, 7, lambda: fake.flags, lambda: sum(map(len, fake.folders.values())))
        return
    server: Account = request.getfixturevalue("filled")
    with ImapMarker.open(server.settings()) as marker:
        if request.param == "copy":
            without_move(marker)
        yield Marked(marker, uidvalidity_of(server), lambda: flags_of(server), lambda: len(held(server)))


def done(*uids: int, gone: tuple[int, ...] = ()) -> Written:
    return Written(done=frozenset(uids), gone=frozenset(gone))


def test_keywords_are_set_and_taken_away_on_these_messages_alone(marked: Marked) -> None:
    assert marked.marker.set_keywords(marked.uidvalidity, [1, 3], ["x-gown", "x-gloves"]) == done(1, 3)
    again = marked.marker.set_keywords(marked.uidvalidity, [3], ["x-gown", "x-none"], without=["x-gloves"])
    assert again == done(3)
    assert marked.flags() == {1: {"x-gown", "x-gloves"}, 2: set(), 3: {"x-gown", "x-none"}, 4: set(), 5: set()}


def test_setting_the_same_keywords_again_is_harmless(marked: Marked) -> None:
    for _ in range(2):
        assert marked.marker.set_keywords(marked.uidvalidity, [2], ["x-gown"]) == done(2)
    assert marked.flags()[2] == {"x-gown"}


def test_a_message_that_is_gone_is_said_to_be_gone(marked: Marked) -> None:
    assert marked.marker.set_keywords(marked.uidvalidity, [2, 99], ["x-gown"]) == done(2, gone=(99,))
    assert marked.marker.move(marked.uidvalidity, [2, 99], PATH, begun={}) == done(2, gone=(99,))
    assert marked.marker.move(marked.uidvalidity, [2], PATH, begun={}) == done(gone=(2,))
    assert marked.moved() == 1


def test_messages_are_moved_into_a_folder_that_is_made(marked: Marked) -> None:
    assert marked.marker.move(marked.uidvalidity, [4, 1], PATH, begun={}) == done(1, 4)
    assert (sorted(marked.flags()), marked.moved()) == ([2, 3, 5], 2)
    assert marked.marker.move(marked.uidvalidity, [5], PATH, begun={}) == done(5)
    assert (sorted(marked.flags()), marked.moved()) == ([2, 3], 3)


def test_other_uids_are_never_written_to(marked: Marked) -> None:
    with pytest.raises(MailboxError, match="numbered anew"):
        marked.marker.set_keywords(marked.uidvalidity + 1, [1], ["x-gown"])
    with pytest.raises(MailboxError, match="numbered anew"):
        marked.marker.move(marked.uidvalidity + 1, [1], PATH, begun={})
    assert marked.flags() == {uid: set() for uid in range(1, 6)}


# what only a server can do


@pytest.mark.dovecot
def test_a_copy_that_was_made_before_a_fault_is_not_made_again(filled: Account) -> None:
    with filled.client() as hand:
        hand.create_folder(FOLDER)
        hand.select_folder("INBOX")
        hand.copy([2], FOLDER)
        hand.append(FOLDER, MAILS[2].replace(b"Mail 3", b"Mail X"))  # of the same size, and another
    begun = {uid: (len(MAILS[uid - 1]), sha256(MAILS[uid - 1]).hexdigest()) for uid in (2, 3)}
    with ImapMarker.open(filled.settings()) as marker:
        assert without_move(marker).move(uidvalidity_of(filled), [2, 3], PATH, begun=begun) == done(2, 3)
    assert sorted(held(filled)) == sorted([MAILS[1], MAILS[2], MAILS[2].replace(b"Mail 3", b"Mail X")])


@pytest.mark.dovecot
def test_what_others_flagged_as_deleted_is_not_expunged(filled: Account) -> None:
    with filled.client() as hand:
        hand.select_folder("INBOX")
        hand.add_flags([3], [b"\\Deleted"])
    with ImapMarker.open(filled.settings()) as marker:
        without_move(marker).move(uidvalidity_of(filled), [1, 2], PATH, begun={})
    assert sorted(flags_of(filled)) == [3, 4, 5]


@pytest.mark.dovecot
def test_without_move_and_uidplus_nothing_is_moved_and_it_is_said_why(filled: Account) -> None:
    with (
        ImapMarker.open(filled.settings()) as marker,
        pytest.raises(MailboxRefused, match=r"neither MOVE nor UIDPLUS.*TRIAGE_IMAP_MARK"),
    ):
        without_move(marker, "UIDPLUS").move(uidvalidity_of(filled), [1], PATH, begun={})
    assert (sorted(flags_of(filled)), held(filled)) == ([1, 2, 3, 4, 5], [])


@pytest.mark.dovecot
def test_the_folder_that_is_made_is_subscribed_to(filled: Account) -> None:
    with ImapMarker.open(filled.settings()) as marker:
        marker.move(uidvalidity_of(filled), [1], PATH, begun={})
    with filled.client() as looking:
        assert FOLDER in {name for _flags, _separator, name in looking.list_sub_folders()}


@pytest.mark.dovecot
def test_mail_never_moves_into_the_folder_that_it_is_in(filled: Account) -> None:
    with filled.client() as hand:
        hand.create_folder(FOLDER)
        hand.append(FOLDER, MAILS[0])
        uidvalidity = int(hand.select_folder(FOLDER)[b"UIDVALIDITY"])
    with (
        ImapMarker.open(filled.settings(folder=FOLDER)) as marker,
        pytest.raises(MailboxRefused, match="would move into itself"),
    ):
        marker.move(uidvalidity, [1], PATH, begun={})


def test_a_folder_that_keeps_no_keywords_is_refused_with_what_to_do() -> None:
    with EmbeddedImap([(MAILS[0], ARRIVED)]) as server, ImapMarker.open(settings(server.port)) as marker:
        with pytest.raises(MailboxRefused, match=r"keeps no keywords of ours.*TRIAGE_IMAP_MARK to folders or off"):
            marker.set_keywords(1, [1], ["x-gown"])
        assert not server.folder.held[0].flags


def test_a_folder_that_may_only_be_read_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from triage.demo.imap_session import Connection

    async def read_only(self: Connection, arguments: list[bytes]) -> bytes:
        return self._opened(arguments[0], read_only=True)

    monkeypatch.setattr(Connection, "_select", read_only)
    with (
        EmbeddedImap([(MAILS[0], ARRIVED)]) as server,
        ImapMarker.open(settings(server.port)) as marker,
        pytest.raises(MailboxRefused, match=r"lets mottak read folder 'INBOX' only.*TRIAGE_IMAP_MARK to off"),
    ):
        marker.set_keywords(1, [1], ["x-gown"])


def test_a_message_that_the_server_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.adapters.imap_marking.keywords_allowed", lambda *_: True)
    with (
        EmbeddedImap([(MAILS[0], ARRIVED)]) as server,
        ImapMarker.open(settings(server.port)) as marker,
        pytest.raises(MessageRefused, match="UID 1"),
    ):
        marker.set_keywords(1, [1], ["x-gown"])  # the embedded server knows no STORE


def test_keywords_are_allowed_by_name_or_by_the_star() -> None:
    assert keywords_allowed(frozenset({"\\Seen", "\\*"}), ["x-gown"])
    assert keywords_allowed(frozenset({"\\Seen", "X-Gown"}), ["x-gown"])
    assert not keywords_allowed(frozenset({"\\Seen", "$MDNSent"}), ["x-gown"])
