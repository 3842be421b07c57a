"""A mailbox is read alike from Dovecot and from the embedded server."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from imapclient import IMAPClient
from pydantic import SecretStr

from tests.servers.dovecot import Dovecot
from triage.adapters.imap import ImapMailbox
from triage.demo.imap import EmbeddedImap
from triage.demo.loopback import free_port
from triage.errors import MailboxError, MailboxRefused
from triage.settings import MailboxSettings

ARRIVED = datetime(2020, 3, 28, 23, 30, tzinfo=UTC)
MAILS = [
    b"Subject: one\r\n\r\nHei\r\n",
    b"",
    b"Subject: \xe6\xf8\xe5\r\nX: \xff\x80\r\n\r\n" + bytes(set(range(1, 256)) - {10, 13}) * 50,
    b'Message-ID: <x"\r\nA1 DELETE INBOX\r\n>\r\nSubject: {5}\r\n\r\n) * 1 FETCH (FLAGS ())\r\n',
    b"no mail at all\r\n",
]


@dataclass(frozen=True)
class Served:
    """A server with MAILS in its mailbox; each UID is the place in MAILS, from 1."""

    settings: MailboxSettings
    client: Callable[[], IMAPClient]
    expunge: Callable[[int], None]
    deliver: Callable[[bytes], None]


def reading(port: int, **changed: object) -> MailboxSettings:
    given = {"host": "localhost", "port": port, "user": "mottak", "encryption": "none",
             "password": SecretStr("hemmelig"), "timeout": 10, **changed}  # fmt: skip
    return MailboxSettings.model_validate({"name": given.get("folder", "INBOX"), **given})


@pytest.fixture(params=["embedded", pytest.param("dovecot", marks=pytest.mark.dovecot)])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    dated = [(octets, ARRIVED + timedelta(minutes=place)) for place, octets in enumerate(MAILS)]
    if request.param == "embedded":
        with EmbeddedImap(dated) as server:

            def plain() -> IMAPClient:
                client = IMAPClient("127.0.0.1", port=server.port, ssl=False, timeout=10)
                client.login("mottak", "hemmelig")
                return client

            yield Served(reading(server.port), plain, server.expunge, lambda octets: _added(server, octets))
        return
    dovecot: Dovecot = request.getfixturevalue("fresh_dovecot")
    dovecot.fill(dated)

    def encrypted() -> IMAPClient:
        client = IMAPClient("localhost", port=dovecot.imaps_port, ssl_context=dovecot.ssl_context(), timeout=10)
        client.login("mottak", "hemmelig")
        return client

    def expunge(uid: int) -> None:
        with encrypted() as client:
            client.select_folder("INBOX")
            client.delete_messages([uid])
            client.expunge()

    settings = reading(dovecot.imaps_port, encryption="tls", ca_file=dovecot.certificate)
    yield Served(settings, encrypted, expunge, dovecot.deliver)


def _added(server: EmbeddedImap, octets: bytes) -> None:
    server.add(octets, datetime.now(UTC))


def test_octets_and_dates_come_as_the_server_holds_them(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        assert list(mailbox.fetch(mailbox.uids_after(0))) == [
            (place + 1, octets, ARRIVED + timedelta(minutes=place)) for place, octets in enumerate(MAILS)
        ]


def test_the_status_tells_what_the_mailbox_holds(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        status = mailbox.status()
    assert (status.messages, status.uidnext, status.read_only) == (len(MAILS), len(MAILS) + 1, True)
    assert status.uidvalidity > 0


def test_only_uids_after_the_last_are_named(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        assert list(mailbox.uids_after(3)) == [4, 5]
        assert list(mailbox.uids_after(5)) == []
        assert list(mailbox.uids_after(999)) == []


def test_a_mailbox_of_very_many_is_searched_in_ranges(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.adapters.imap.MOST_IN_ONE_SEARCH", 2)
    with ImapMailbox.open(served.settings) as mailbox:
        assert list(mailbox.uids_after(0)) == [1, 2, 3, 4, 5]
        assert list(mailbox.uids_after(2)) == [3, 4, 5]
        assert list(mailbox.uids_after(5)) == []


def test_the_size_is_known_before_the_octets(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        sizes = mailbox.sizes([1, 3, 99])
    assert sizes.keys() == {1, 3}
    assert sizes[3] == len(MAILS[2])


def test_reading_leaves_every_message_unseen(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        list(mailbox.fetch(mailbox.uids_after(0)))
    with served.client() as client:
        client.select_folder("INBOX", readonly=True)
        assert all(items[b"FLAGS"] == () or items[b"FLAGS"] == (b"\\Recent",)
                   for items in client.fetch([1, 2, 3, 4, 5], ["FLAGS"]).values())  # fmt: skip


def test_a_message_expunged_after_the_search_is_left_out(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        uids = mailbox.uids_after(0)
        served.expunge(2)
        fetched = [uid for uid, _octets, _arrived in mailbox.fetch(uids)]
    assert set(fetched) in ({1, 3, 4, 5}, {1, 2, 3, 4, 5})  # a server may still show it to those who had seen it
    with ImapMailbox.open(served.settings) as mailbox:
        assert list(mailbox.uids_after(0)) == [1, 3, 4, 5]


def test_a_message_that_comes_later_is_seen_by_the_next_status(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        served.deliver(b"Subject: new\r\n\r\nnew\r\n")
        assert mailbox.status().messages == len(MAILS) + 1
        assert list(mailbox.uids_after(5)) == [6]


def test_a_piece_of_a_message_can_be_asked_for(served: Served) -> None:
    with served.client() as client:
        client.select_folder("INBOX", readonly=True)
        found = client.fetch([1], ["BODY.PEEK[]<4.6>", "BODY.PEEK[HEADER]", "RFC822.SIZE"])[1]
    assert found[b"BODY[]<4>"] == MAILS[0][4:10]
    assert found[b"BODY[HEADER]"] == b"Subject: one\r\n\r\n"
    assert found[b"RFC822.SIZE"] == len(MAILS[0])


def test_idle_wakes_when_mail_comes(served: Served) -> None:
    with served.client() as client:
        client.select_folder("INBOX", readonly=True)
        client.idle()
        threading.Timer(0.1, served.deliver, [b"Subject: new\r\n\r\nnew\r\n"]).start()
        assert client.idle_check(timeout=10)
        client.idle_done()
        assert len(client.search("ALL")) == len(MAILS) + 1


def test_a_message_comes_in_parts_that_make_the_whole(served: Served) -> None:
    whole = MAILS[2]
    with ImapMailbox.open(served.settings) as mailbox:
        parts: list[bytes] = []
        while (part := mailbox.fetch_part(3, 100 * len(parts), 100)) is not None and part[0]:
            parts.append(part[0])
            assert part[1] == ARRIVED + timedelta(minutes=2)
        assert b"".join(parts) == whole
        assert mailbox.fetch_part(99, 0, 100) is None
        assert mailbox.fetch_part(2, 0, 100) == (b"", ARRIVED + timedelta(minutes=1))


def test_arrivals_come_without_octets(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        assert mailbox.arrivals([1, 3, 99]) == {1: ARRIVED, 3: ARRIVED + timedelta(minutes=2)}


def test_waiting_ends_when_mail_comes_and_the_connection_goes_on(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        assert mailbox.can_wait
        threading.Timer(0.2, served.deliver, [b"Subject: new\r\n\r\nnew\r\n"]).start()
        assert mailbox.wait(20, lambda: False)
        assert list(mailbox.uids_after(5)) == [6]


def test_waiting_ends_by_itself_and_when_the_program_ends(served: Served) -> None:
    with ImapMailbox.open(served.settings) as mailbox:
        assert not mailbox.wait(0.3, lambda: False)
        begun = time.monotonic()
        assert not mailbox.wait(60, lambda: time.monotonic() - begun > 0.5)
        assert time.monotonic() - begun < 30
        assert mailbox.status().messages == len(MAILS)


def test_waiting_on_a_connection_that_ends_is_a_fault_at_once() -> None:
    server = EmbeddedImap([(b"Subject: x\r\n\r\n", ARRIVED)]).start()
    ending = threading.Timer(0.3, server.stop)
    with ImapMailbox.open(reading(server.port)) as mailbox:
        ending.start()
        begun = time.monotonic()
        with pytest.raises(MailboxError):
            mailbox.wait(60, lambda: False)
        assert time.monotonic() - begun < 30
    ending.join()


def test_a_wrong_password_is_refused_with_what_to_do(served: Served) -> None:
    wrong = served.settings.model_copy(update={"password": SecretStr("wrong-secret")})
    with pytest.raises(MailboxRefused, match="TRIAGE_IMAP_PASSWORD") as caught:
        ImapMailbox.open(wrong)
    assert "wrong-secret" not in str(caught.value)


def test_a_missing_folder_is_refused_with_those_there_are(served: Served) -> None:
    with pytest.raises(MailboxRefused, match=r"no folder 'Innkjøp'.*'INBOX'"):
        ImapMailbox.open(served.settings.model_copy(update={"folder": "Innkjøp"}))


def test_a_closed_port_says_so() -> None:
    with pytest.raises(MailboxError, match="nobody listens there"):
        ImapMailbox.open(reading(free_port()))


def test_a_silent_server_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(MailboxError, match="did not answer in time"):
            ImapMailbox.open(reading(port, host="127.0.0.1", timeout=0.3))


def test_a_connection_cut_amid_a_message_is_tried_again_later() -> None:
    held = [(b"Subject: long\r\n\r\n" + b"x" * 100_000, ARRIVED)]
    with EmbeddedImap(held) as server, ImapMailbox.open(reading(server.port)) as mailbox:
        mailbox._client.socket().shutdown(socket.SHUT_RDWR)
        with pytest.raises(MailboxError, match="next poll tries again"):
            list(mailbox.fetch([1]))


def test_no_encryption_is_for_this_machine_alone() -> None:
    with pytest.raises(MailboxRefused, match="this machine alone"):
        ImapMailbox.open(reading(143, host="imap.example"))


def test_a_mailbox_that_is_not_set_is_refused() -> None:
    with pytest.raises(MailboxRefused, match="TRIAGE_IMAP_HOST"):
        ImapMailbox.open(reading(143, host=""))


@pytest.mark.parametrize("field", ["user", "folder"])
def test_a_control_character_never_reaches_the_server(field: str) -> None:
    with pytest.raises(MailboxRefused, match="control character"):
        ImapMailbox.open(reading(free_port(), **{field: "x\r\nA1 DELETE INBOX"}))


@pytest.mark.parametrize("name", ["Innkjøp", "Åpne saker & mer", "Tilbud/2020"])
def test_a_folder_may_have_any_name(name: str) -> None:
    with (
        EmbeddedImap([(MAILS[0], ARRIVED)], mailbox=name) as server,
        ImapMailbox.open(reading(server.port, folder=name)) as mailbox,
    ):
        assert list(mailbox.uids_after(0)) == [1]


def test_the_embedded_server_changes_no_line_end_and_no_nul() -> None:
    octets = b"Subject: x\n\rone\rtwo\nthree\x00four"
    with EmbeddedImap([(octets, ARRIVED)]) as server, ImapMailbox.open(reading(server.port)) as mailbox:
        assert list(mailbox.fetch([1])) == [(1, octets, ARRIVED)]


@pytest.mark.dovecot
def test_a_folder_of_dovecot_may_have_any_name(fresh_dovecot: Dovecot) -> None:
    tls = reading(fresh_dovecot.imaps_port, encryption="tls", ca_file=fresh_dovecot.certificate)
    with IMAPClient("localhost", port=fresh_dovecot.imaps_port, ssl_context=fresh_dovecot.ssl_context()) as client:
        client.login("mottak", "hemmelig")
        client.create_folder("Innkjøp & æøå")
        client.append("Innkjøp & æøå", MAILS[0])
    with ImapMailbox.open(tls.model_copy(update={"folder": "Innkjøp & æøå"})) as mailbox:
        assert [octets for _uid, octets, _arrived in mailbox.fetch([1])] == [MAILS[0]]


@pytest.mark.dovecot
def test_an_unknown_certificate_is_refused(dovecot_server: Dovecot) -> None:
    with pytest.raises(MailboxRefused, match="TRIAGE_IMAP_CA_FILE"):
        ImapMailbox.open(reading(dovecot_server.imaps_port, encryption="tls"))


@pytest.mark.dovecot
def test_starttls_is_verified_too(dovecot_server: Dovecot) -> None:
    starttls = reading(dovecot_server.imap_port, encryption="starttls", ca_file=dovecot_server.certificate)
    with ImapMailbox.open(starttls) as mailbox:
        assert isinstance(mailbox._client.socket(), ssl.SSLSocket)
    with pytest.raises(MailboxRefused, match="certificate is not trusted"):
        ImapMailbox.open(starttls.model_copy(update={"ca_file": None}))


@pytest.mark.dovecot
def test_tls_towards_a_plain_port_is_explained(dovecot_server: Dovecot) -> None:
    with pytest.raises(MailboxRefused, match="TRIAGE_IMAP_ENCRYPTION"):
        ImapMailbox.open(reading(dovecot_server.imap_port, encryption="tls"))


def test_a_server_without_starttls_is_never_spoken_to_in_the_clear() -> None:
    with EmbeddedImap() as server, pytest.raises(MailboxRefused, match="offers no STARTTLS"):
        ImapMailbox.open(reading(server.port, encryption="starttls"))
