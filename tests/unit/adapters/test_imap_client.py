"""What a server cannot do to the IMAP client, and what the client never sends."""

import imaplib
import re
import resource
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from tests.servers.scripted_imap import Act, Client, ScriptedImap, obeying
from triage import settings
from triage.adapters import imap_client
from triage.adapters.imap import ImapMailbox
from triage.adapters.imap_connection import connect
from triage.demo.imap import EmbeddedImap
from triage.errors import MailboxError, MailboxRefused
from triage.mailbox_settings import MailboxSettings

ARRIVED = datetime(2020, 3, 28, tzinfo=UTC)


def reading(port: int, **changed: object) -> MailboxSettings:
    given: dict[str, object] = {"name": "INBOX", "host": "localhost", "port": port, "user": "mottak"}
    return MailboxSettings.model_validate(
        given | {"encryption": "none", "password": "hemmelig", "timeout": 5} | changed
    )


def megabytes() -> float:
    """The most memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fault_of(on_fetch: Act, ask: Callable[[ImapMailbox], object]) -> MailboxError:
    with (
        ScriptedImap(obeying(on=[(b"UID FETCH", on_fetch), (b"UID SEARCH", on_fetch)])) as server,
        ImapMailbox.open(reading(server.port)) as mailbox,
        pytest.raises(MailboxError) as caught,
    ):
        ask(mailbox)
    assert not isinstance(caught.value, MailboxRefused)
    return caught.value


@pytest.mark.parametrize("octets", [4_294_967_296, imap_client.LARGEST_LITERAL + 1, 10**30])
def test_a_literal_larger_than_asked_for_is_refused_unread(octets: int) -> None:
    def claim(client: Client, _tag: bytes) -> None:
        client.say(b"* 1 FETCH (UID 1 BODY[] {%d}" % octets)
        client.line()

    before = megabytes()
    fault = fault_of(claim, lambda mailbox: list(mailbox.fetch([1])))
    assert f"announced {octets} octets" in str(fault)
    assert megabytes() - before < 16


def test_a_literal_that_never_comes_takes_no_memory() -> None:
    def promise(client: Client, _tag: bytes) -> None:
        client.say(b"* 1 FETCH (UID 1 BODY[] {%d}" % imap_client.LARGEST_LITERAL)
        client.send(b"x" * 1000)
        client.leave()

    before = megabytes()
    fault_of(promise, lambda mailbox: list(mailbox.fetch([1])))
    assert megabytes() - before < 16


@pytest.mark.parametrize(
    "piece", [b"* 1 EXISTS\r\n" * 1000, b"* 1 FETCH (UID 1 BODY[] {99990}\r\n" + b"x" * 99990 + b")\r\n"]
)
def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch, piece: bytes) -> None:
    monkeypatch.setattr(imap_client._Bounded, "largest_answer", 4 << 20)
    monkeypatch.setattr(imap_client, "MOST_LINES", 2000)

    def flood(client: Client, _tag: bytes) -> None:
        while True:
            client.send(piece)

    fault = fault_of(flood, lambda mailbox: list(mailbox.fetch([1])))
    assert "more than was asked for" in str(fault)


def test_a_line_without_end_is_left() -> None:
    def endless(client: Client, _tag: bytes) -> None:
        while True:
            client.send(b"* 1 FETCH (" + b"x" * 10000)

    fault = fault_of(endless, lambda mailbox: list(mailbox.fetch([1])))
    assert "line without end" in str(fault)


@pytest.mark.parametrize("start", [b"* 1 FETCH (UID 1 BODY[] {100000}\r\n", b"* SEARCH "])
def test_a_server_that_drips_is_left_in_time(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(imap_client._Bounded, "longest_answer", 1.0)

    def drip(client: Client, _tag: bytes) -> None:
        client.send(start)
        while True:
            client.send(b"1")
            time.sleep(0.05)

    begun = time.monotonic()
    fault = fault_of(drip, lambda mailbox: list(mailbox.fetch([1])))
    assert "takes too long" in str(fault)
    assert time.monotonic() - begun < 8


def test_a_server_that_says_no_goodbye_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage.adapters.imap_connection.GOODBYE_SECONDS", 0.3)
    with ScriptedImap(obeying(on=[(b"LOGOUT", lambda client, _tag: time.sleep(2))])) as server:
        mailbox = ImapMailbox.open(reading(server.port, timeout=60))
        begun = time.monotonic()
        mailbox.close()
    assert time.monotonic() - begun < 1.9


@pytest.mark.parametrize(
    "answer",
    [b"* 1 FETCH (UID", b"* 1 FETCH (UID x BODY[] {1}\r\nx)", b"* 1 FETCH (INTERNALDATE \"never\")", b"* FETCH", b"???",
     b"* 1 FETCH ((((((((((((", b"* 1 FETCH (UID 1 BODY[] NIL INTERNALDATE NIL)", b"+ go on", b"* CAPABILITY"],
)  # fmt: skip
def test_an_odd_answer_is_a_fault_of_the_server_or_nothing_at_all(answer: bytes) -> None:
    def odd(client: Client, tag: bytes) -> None:
        client.say(answer, tag + b" OK done")

    with ScriptedImap(obeying(on=[(b"UID FETCH", odd)])) as server, ImapMailbox.open(reading(server.port)) as mailbox:
        try:
            found = list(mailbox.fetch([1]))
        except MailboxError as fault:
            found = [fault] if isinstance(fault, MailboxRefused) else []
    assert found == []


def test_large_and_small_messages_come_whole_in_pieces() -> None:
    messages = [(b"x" * size, ARRIVED) for size in (0, 1, 8191, 8192, 8193, (1 << 20) + 1, 5_000_000)]
    with EmbeddedImap(messages) as server, ImapMailbox.open(reading(server.port)) as mailbox:
        assert [octets for _uid, octets, _arrived in mailbox.fetch(range(1, 8))] == [octets for octets, _ in messages]


@pytest.mark.parametrize("text", ["a\r\nA1 DELETE INBOX", "a\nb", "a\rb", "a\x00b", b"a\r\nb"])
@pytest.mark.parametrize(
    "command",
    [
        lambda client, text: client.select_folder(text),
        lambda client, text: client.search(["SUBJECT", text]),
        lambda client, text: client.search(["SUBJECT", text], "UTF-8"),
        lambda client, text: client.fetch([1], [text]),
        lambda client, text: client.add_flags([1], [text]),
        lambda client, text: client.move([1], text),
        lambda client, text: client.create_folder(text),
        lambda client, text: client.list_folders("", text),
        lambda client, text: client.login("mottak", text),
    ],
)
def test_no_argument_ends_its_command(
    command: Callable[[imap_client.BoundedClient, object], object], text: object
) -> None:
    with ScriptedImap(obeying()) as server:
        client = connect(reading(server.port))
        client.select_folder("INBOX")
        with suppress(imaplib.IMAP4.error, ValueError, TypeError):
            command(client, text)
        client.noop()
        client.logout()
    *lines, last = bytes(server.received).split(b"\r\n")
    assert [line for line in lines if not re.fullmatch(rb"[A-Z]{4}[0-9]+ [^\r\n\0]+", line)] == []
    assert (lines[-2].split(b" ")[-1], lines[-1].split(b" ")[-1], last) == (b"NOOP", b"LOGOUT", b"")


def test_an_argument_that_would_end_its_command_is_refused() -> None:
    with ScriptedImap(obeying()) as server:
        client = connect(reading(server.port))
        client.select_folder("INBOX")
        with pytest.raises(imaplib.IMAP4.error, match="line end or NUL"):
            client.search(["SUBJECT", "a\r\nA1 DELETE INBOX"], "UTF-8")
        with pytest.raises(imaplib.IMAP4.error, match="line end or NUL"):
            client.fetch([1], ["a\nb"])
        client.logout()


def test_an_appended_message_may_hold_any_line_end() -> None:
    with EmbeddedImap() as server:
        client = connect(reading(server.port))
        client.append("INBOX", b"Subject: x\r\n\r\n\x00\rA1 DELETE INBOX\r\n", msg_time=ARRIVED)
        client.logout()
        [held] = server.folder.held
    assert held.octets == b"Subject: x\r\n\r\n\x00\r\nA1 DELETE INBOX\r\n"  # imaplib mends line ends


@pytest.mark.parametrize("host", ["imap..example", f"imap.{'a' * 70}.example"])
def test_a_host_that_no_server_can_have_is_named_with_its_setting(host: str) -> None:
    with pytest.raises(MailboxError, match=r"is no name that a server can have; see TRIAGE_IMAP_HOST"):
        connect(reading(993, host=host, encryption="tls"))


def test_a_missing_folder_is_named_beside_one_with_quotes_and_backslashes() -> None:
    folder = 'Innkjøp & "tilbud"\\x'
    with EmbeddedImap(mailbox=folder) as server, pytest.raises(MailboxRefused, match="there is no folder") as caught:
        ImapMailbox.open(reading(server.port, host=server.host, folder="Innkjøp"))
    assert folder in str(caught.value) or repr(folder) in str(caught.value)


@pytest.mark.parametrize("written", ["inbox", "InBox"])
def test_the_inbox_is_one_however_it_is_written(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAGE_IMAP_MAILBOX", written)
    [one] = settings.load().mailboxes
    assert (one.name, one.folder) == ("INBOX", "INBOX")


def test_a_folder_is_found_however_its_letters_were_typed() -> None:
    typed = unicodedata.normalize("NFD", "Åpen")
    with (
        EmbeddedImap(mailbox="Åpen") as server,
        ImapMailbox.open(reading(server.port, host=server.host, folder=typed)) as mailbox,
    ):
        assert mailbox.status().messages == 0


def test_a_missing_folder_is_one_fault_and_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    no = (b"EXAMINE", lambda client, tag: client.say(tag + " NO there is no Innkjøp".encode()))
    with ScriptedImap(obeying(on=[no])) as server, pytest.raises(MailboxRefused, match="no folder 'Innkjøp'"):
        ImapMailbox.open(reading(server.port, folder="Innkjøp"))
    assert caplog.text == ""
