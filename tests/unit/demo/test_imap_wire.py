"""The embedded IMAP server answers as RFC 3501 says, and survives whatever is said to it."""

import socket
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.demo.imap import EmbeddedImap
from triage.demo.imap_wire import Held, MalformedError, chosen, date_time, fetched, read_date_time, tokens

ARRIVED = datetime(2020, 3, 8, 1, 2, 3, tzinfo=timezone(timedelta(hours=1)))
HELD = [Held(uid, b"Subject: x\r\n\r\nbody", ARRIVED) for uid in (3, 5, 9)]


@pytest.mark.parametrize(
    ("line", "literals", "found"),
    [
        (b'LOGIN "a \\"b\\\\" c', [], [b"LOGIN", b'a "b\\', b"c"]),
        (b"FETCH 1:2 (UID BODY.PEEK[]<0.5> BODY[HEADER])", [],
         [b"FETCH", b"1:2", b"(", b"UID", b"BODY.PEEK[]<0.5>", b"BODY[HEADER]", b")"]),
        (b"APPEND {} {} ", [b"in box", b"octets"], [b"APPEND", b"in box", b"octets"]),
        (b'SELECT ""', [], [b"SELECT", b""]),
    ],
)  # fmt: skip
def test_arguments_come_bare(line: bytes, literals: list[bytes], found: list[bytes]) -> None:
    assert tokens(line, literals) == found


@pytest.mark.parametrize(
    ("wanted", "by_uid", "uids"),
    [
        (b"1:*", True, [3, 5, 9]),
        (b"4:8", True, [5]),
        (b"3,9", True, [3, 9]),
        (b"10:*", True, [9]),
        (b"*", True, [9]),
        (b"*:1", False, [3, 5, 9]),
        (b"2", False, [5]),
        (b"7", True, []),
    ],
)
def test_a_set_names_messages_by_uid_or_place(wanted: bytes, by_uid: bool, uids: list[int]) -> None:
    assert [message.uid for _number, message in chosen(HELD, wanted, by_uid=by_uid)] == uids


@pytest.mark.parametrize("wanted", [b"", b"0", b"a", b"1:", b"-1", b"99999999999"])
def test_what_is_no_set_is_refused(wanted: bytes) -> None:
    with pytest.raises(MalformedError):
        list(chosen(HELD, wanted, by_uid=True))


def test_a_fetch_says_place_uid_date_and_octets() -> None:
    said = fetched(2, HELD[1], [b"(", b"INTERNALDATE", b"rfc822.size", b"BODY.PEEK[]<8.4>", b")"], by_uid=True)
    assert said == (
        b'* 2 FETCH (UID 5 INTERNALDATE " 8-Mar-2020 01:02:03 +0100" RFC822.SIZE 18 BODY[]<8> {4}\r\n: x\r)\r\n'
    ).replace(b": x\r)", HELD[1].octets[8:12] + b")")


def test_only_a_fetch_without_peek_marks_as_seen() -> None:
    message = Held(1, b"x", ARRIVED)
    fetched(1, message, [b"BODY.PEEK[]"], by_uid=False)
    assert message.flags == set()
    fetched(1, message, [b"BODY[]"], by_uid=False)
    assert message.flags == {b"\\Seen"}


def test_a_date_time_is_read_as_it_is_written() -> None:
    assert read_date_time(date_time(ARRIVED)) == ARRIVED
    with pytest.raises(MalformedError):
        read_date_time(b"yesterday")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_words_leave_the_server_alive(said: list[bytes]) -> None:
    with EmbeddedImap([(b"x", datetime(2020, 3, 1, tzinfo=UTC))]) as server:
        with socket.create_connection(("127.0.0.1", server.port), 5) as client:
            client.sendall(b"a LOGIN mottak hemmelig\r\nb SELECT INBOX\r\n" + b"\r\n".join(said) + b"\r\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
        with socket.create_connection(("127.0.0.1", server.port), 5) as client, client.makefile("rwb") as lines:
            assert lines.readline().startswith(b"* OK")
            lines.write(b"a LOGIN mottak hemmelig\r\n")
            lines.flush()
            assert lines.readline().startswith(b"a OK")
