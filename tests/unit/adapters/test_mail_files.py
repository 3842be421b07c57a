"""Files of mail: every message in them, with its octets and the time of its arrival; what is none is said."""

import errno
import io
import os
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.mail_file import FileFault, FileMessage, FilePassed
from triage.adapters import files
from triage.adapters.files import mbox

LIMITS = files.Limits(whole=10_000, first=100)
MAIL = b"From: Kari <kari@firma.example>\nSubject: Visir\nDate: Sun, 1 Jan 1995 00:00:00 +0000\n\nVi har 200 visir.\n"
TRACED = (
    b"Received: from b by a; Mon, 16 Mar 2020 10:00:00 +0100\nReceived: from c by b; Mon, 16 Mar 2020 07:00:00 +0100\n"
    + MAIL
)
MARK = b"From kari@firma.example Mon Mar 16 10:00:00 2020\n"
THEN = datetime(2019, 5, 4, 3, 2, 1, tzinfo=UTC)


def written(path: Path, octets: bytes, at: datetime = THEN) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(octets)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def found(path: Path) -> list[FileMessage | FileFault | FilePassed]:
    return list(files.read(path, LIMITS))


def mails(path: Path) -> list[FileMessage]:
    return [one for one in found(path) if isinstance(one, FileMessage)]


def in_mbox(octets: bytes, limits: files.Limits = LIMITS) -> list[bytes]:
    return [kept for kept, *_ in mbox.messages(io.BytesIO(octets), limits)]


def test_an_eml_arrived_when_our_own_server_says_and_never_when_its_date_field_says(tmp_path: Path) -> None:
    [traced] = mails(written(tmp_path / "a.eml", TRACED))
    assert (traced.octets, traced.arrived) == (TRACED, datetime(2020, 3, 16, 9, tzinfo=UTC))
    [bare] = mails(written(tmp_path / "b.eml", MAIL))
    assert bare.arrived == THEN


def test_a_mail_in_a_maildir_arrived_when_its_file_says(tmp_path: Path) -> None:
    written(tmp_path / "box/cur/1584.M1.host:2,S", TRACED)
    written(tmp_path / "box/new/1585.M2.host", b"no header at all")
    written(tmp_path / "box/tmp/1586.M3.host", MAIL)
    written(tmp_path / "box/.Archive.2019/cur/1:2,", MAIL)
    (tmp_path / "box/.Archive.2019/new").mkdir()
    written(tmp_path / "box/Inner/cur/1:2,", MAIL)
    (tmp_path / "box/Inner/new").mkdir()
    written(tmp_path / "box/dovecot-uidlist", b"3 V1 N2")
    taken = mails(tmp_path / "box")
    assert sorted(one.octets for one in taken) == sorted([TRACED, b"no header at all", MAIL, MAIL])
    assert {one.arrived for one in taken} == {THEN}
    assert [one for one in found(tmp_path / "box") if isinstance(one, FileFault)] == []
    assert mails(tmp_path / "box/cur/1584.M1.host:2,S")[0].arrived == THEN


def test_an_mbox_gives_its_messages_unquoted_with_the_dates_of_their_from_lines(tmp_path: Path) -> None:
    text = MAIL + b">From here on\n>>From there\n> From no\n"
    octets = MARK + text + b"\n" + MARK.replace(b"2020", b"2021 +0100") + MAIL + b"\n"
    first, second = mails(written(tmp_path / "old", octets))
    assert first.octets == MAIL + b"From here on\n>From there\n> From no\n"
    assert first.arrived == datetime(2020, 3, 16, 10, tzinfo=UTC)
    assert (second.octets, second.arrived) == (MAIL, datetime(2021, 3, 16, 9, tzinfo=UTC))
    assert [first.place, second.place] == [f"{tmp_path}/old#1", f"{tmp_path}/old#2"]


@pytest.mark.parametrize(
    "mark",
    [
        b"From - Mon Mar 16 10:00:00 2020\n",
        b"From 1234567890@xxx Mon Mar 16 10:00:00 +0000 2020\n",
        b"From kari olsen@firma.example Mon Mar  6 10:00 2020\r\n",
        b"From MAILER-DAEMON Mon, Mar 16 10:00:00 CET 2020\n",
        b"From kari@firma.example\n",
        b"From kari@firma.example 2020-03-16T10:00:00Z\n",
        b"From - \n",
    ],
)
def test_a_message_begins_at_a_from_line_as_programs_write_it(mark: bytes) -> None:
    assert in_mbox(MARK + MAIL + b"\n" + mark + MAIL) == [MAIL, MAIL]


@pytest.mark.parametrize(
    "line",
    [
        b"From the beginning we had masks.\nStock: 500\n",
        b"From kari@firma.example we heard\nof masks\n",
        b"From: nobody\n",
        b"xFrom a@b Mon Mar 16 10:00:00 2020\n",
    ],
)
def test_a_line_of_a_text_begins_no_message(line: bytes) -> None:
    octets = MAIL + b"\n" + line
    assert in_mbox(MARK + octets) == [octets]


def test_crlf_stays_and_only_the_empty_line_of_the_mbox_goes() -> None:
    text = MAIL.replace(b"\n", b"\r\n")
    mark = MARK.replace(b"\n", b"\r\n")
    assert in_mbox(mark + text + b"\r\n" + mark + text + b"\r\n\r\n") == [text, text + b"\r\n"]
    assert in_mbox(MARK + MAIL) == [MAIL]


@pytest.mark.parametrize("at", [-3, -2, -1, 0, 1, 2, 3, 5, 20, 45])
def test_where_a_block_ends_makes_no_difference(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    filler = MAIL + b"a" * 60 + b"\n>From x\n\n"
    octets = MARK + filler + MARK + filler + b"From k@x\n" + MAIL + b"\n"
    whole = in_mbox(octets)
    monkeypatch.setattr(mbox, "BLOCK", len(MARK + filler) + at)
    monkeypatch.setattr(mbox, "LONGEST_LINE", 80)
    assert in_mbox(octets) == whole
    assert len(whole) == 3


bodies = st.lists(
    st.sampled_from(
        [b"From me", b">From me", b">>From x", b"Hei", b"", b"From a@b Mon Mar 16 10:00:00 2020", b"x" * 90]
    ),
    max_size=12,
)


def quoted(body: Sequence[bytes]) -> bytes:
    """As a program that writes mboxrd quotes it."""
    return b"".join((b">" if line.lstrip(b">").startswith(b"From ") else b"") + line + b"\n" for line in body)


@settings(max_examples=200, deadline=None)
@given(st.lists(bodies, min_size=1, max_size=4), st.integers(1, 300))
def test_what_is_written_as_mboxrd_is_read_as_it_was(texts: list[list[bytes]], block: int) -> None:
    sent = [b"Subject: a\n\n" + b"".join(line + b"\n" for line in text) for text in texts]
    octets = b"".join(MARK + b"Subject: a\n\n" + quoted(text) + b"\n" for text in texts)
    before, mbox.BLOCK = mbox.BLOCK, block
    try:
        assert in_mbox(octets) == sent
    finally:
        mbox.BLOCK = before


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_octets_behind_a_from_line_are_kept(octets: bytes) -> None:
    kept = b"".join(in_mbox(MARK + octets))
    assert len(kept) >= len(octets) - octets.count(b"From ") * 100 - 2


def test_of_a_message_over_the_limit_the_first_part_is_kept_and_its_size_told(tmp_path: Path) -> None:
    large = MAIL + b"A" * 20_000
    [one] = mails(written(tmp_path / "a.eml", large))
    assert (one.octets, one.size) == (large[:100], len(large))
    first, second = mails(written(tmp_path / "b.mbox", MARK + large + b"\n\n" + MARK + MAIL))
    assert (first.octets, second.octets) == (large[:100], MAIL)
    assert first.size > len(large)
    assert first.digest != one.digest != mails(written(tmp_path / "c.eml", large + b"B"))[0].digest


def test_memory_holds_one_message_and_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "big.mbox"
    with path.open("wb") as file:
        for number in range(3_000):
            file.write(MARK + b"Subject: %d\n\n" % number + b"A" * 10_000 + b"\n\n")
        file.write(b"B" * 20_000_000)
    tracemalloc.start()
    assert sum(1 for _ in files.read(path, LIMITS)) == 3_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.parametrize("piece", [b">From ", b"From ", b"\nFrom a@b\n", b">" * 50, b"\n>From x"])
def test_hostile_runs_cost_little(piece: bytes) -> None:
    begun = time.monotonic()
    in_mbox(MARK + piece * (3_000_000 // len(piece)), files.Limits(whole=10**7, first=100))
    assert time.monotonic() - begun < 20


def test_what_is_no_mail_is_told_when_it_was_named_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    written(tmp_path / "box/notes.txt", b"Subject: of a lecture\n")
    written(tmp_path / "box/photo.png", b"\x89PNG\r\n")
    written(tmp_path / "box/empty", b"")
    written(tmp_path / "box/wrong.eml", b"\x00\x01")
    written(tmp_path / "box/empty.EML", b" \n")
    written(tmp_path / "box/really", MAIL)
    os.mkfifo(tmp_path / "box/pipe")
    told = found(tmp_path / "box")
    passed = {Path(one.place).name for one in told if isinstance(one, FilePassed)}
    faults = {Path(one.place).name: one.cause for one in told if isinstance(one, FileFault)}
    assert passed == {"notes.txt", "photo.png", "empty", "pipe"}
    assert set(faults) == {"wrong.eml", "empty.EML"}
    assert "give .eml, mbox or Maildir" in faults["wrong.eml"]
    assert [one.octets for one in told if isinstance(one, FileMessage)] == [MAIL]
    [named] = found(tmp_path / "box/photo.png")
    assert isinstance(named, FileFault)
    [pipe] = found(tmp_path / "box/pipe")
    assert isinstance(pipe, FileFault)
    [absent] = found(tmp_path / "nowhere")
    assert isinstance(absent, FileFault)


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    written(tmp_path / "box/a.eml", MAIL)
    (tmp_path / "box/again").symlink_to(tmp_path / "box")
    assert len(mails(tmp_path / "box")) == 1


def test_a_name_that_is_no_utf_8_is_read(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xe6"
    os.mkdir(folder)  # noqa: PTH102 - a name of octets
    Path(os.fsdecode(folder + b"/\xf8.eml")).write_bytes(MAIL)
    assert len(mails(tmp_path)) == 1


def test_how_much_there_is_to_read_is_known_before(tmp_path: Path) -> None:
    written(tmp_path / "a.eml", MAIL)
    written(tmp_path / "b/c.eml", MAIL)
    assert files.total_octets(tmp_path) == 2 * len(MAIL)
    assert files.total_octets(tmp_path / "nowhere") == 0


def test_a_folder_that_this_user_may_not_read_is_said_and_does_not_keep_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "box/a.eml", MAIL)
    (tmp_path / "box/closed").mkdir()
    written(tmp_path / "box/z.eml", MAIL)
    closed = str(tmp_path / "box/closed")

    def refusing(real: Callable[..., Any], below: str) -> Callable[..., Any]:
        def act(path: Any, *given: Any, **named: Any) -> Any:
            if str(path).startswith(below):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *given, **named)

        return act

    monkeypatch.setattr(os, "stat", refusing(os.stat, f"{closed}/"))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir, closed))
    kinds = [type(one) for one in found(tmp_path / "box")]
    assert kinds == [FileMessage, FileFault, FileMessage]
    assert files.total_octets(tmp_path / "box") == 2 * len(MAIL)
    assert files.total_octets(Path(closed) / "b.eml") == 0
