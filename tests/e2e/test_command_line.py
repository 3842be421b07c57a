"""The command line is a contract: any file gives its line, wrong use gives one line and status 2."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.bad_mail import GOOD, NO_MAIL, hostile
from tests.e2e.program import PROGRAM, files, triage

ODD_NAMES = (
    "a b.eml",
    "æ ø 口罩.eml",
    "\u202e lme.\"'\\.eml",
    "line\nend.eml",
    "-dash.eml",
    "\udcff\udcfe.eml",
    "{}.eml",
)
WRONG_USE = (
    (),
    ("read",),
    ("read", "--language", "tlh", "a.eml"),
    ("label", "1", "--intent", "offer"),
    ("train", "nosuch"),
    ("evaluate", "nosuch"),
)
"""A few; tests/unit/test_cli.py has more."""


@pytest.fixture
def home(tmp_path: Path, artifacts: Path) -> Path:
    shutil.copytree(artifacts, tmp_path / "home" / "artifacts")
    return tmp_path / "home"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("verb", ["read", "parse"])
def test_every_file_gives_its_line_in_order_and_one_that_is_no_mail_gives_status_1(
    home: Path, mails: Path, verb: str
) -> None:
    bad = files(mails, NO_MAIL)
    readable = files(mails, hostile() | dict.fromkeys(ODD_NAMES, GOOD))
    (mails / "folder").mkdir()
    named = [readable[0], *bad, mails / "folder", mails / "missing", *readable[1:], "-"]
    answer = triage(home, verb, *named, said=GOOD)
    lines = answer.lines
    assert answer.status == 1
    assert [line["file"] for line in lines] == [str(name) for name in named]
    faults = {Path(line["file"]).name: line for line in lines if "error" in line}
    assert set(faults) == {*NO_MAIL, "folder", "missing"}
    assert all(set(line) == {"file", "error"} and line["error"] for line in faults.values())


def test_readable_files_alone_give_status_0_and_nothing_on_standard_error(home: Path, mails: Path) -> None:
    answer = triage(home, "parse", *files(mails, {"a.eml": GOOD}))
    assert (answer.status, len(answer.lines), answer.errors) == (0, 1, "")


def test_a_file_that_cannot_be_read_says_so_and_the_rest_are_read(home: Path, mails: Path) -> None:
    locked, good = files(mails, {"locked.eml": GOOD, "good.eml": GOOD})
    locked.chmod(0)
    unreadable = Path("/proc/self/mem") if os.geteuid() == 0 else locked  # root may read every file but this
    answer = triage(home, "parse", unreadable, good)
    assert answer.status == 1
    assert "rights" in answer.lines[0]["error"]
    assert answer.lines[1]["message_id"] == "<1@firma.example>"


def test_lines_are_utf_8_in_every_locale(home: Path, mails: Path) -> None:
    [file] = files(mails, {"æ\udcff.eml": GOOD.replace(b"FFP2", "kontrollør".encode())})
    [line] = triage(home, "parse", file, settings={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}).lines
    assert line["file"] == str(file)
    assert "kontrollør" in line["text"]


def test_a_reader_that_goes_away_ends_it_without_a_word(home: Path, mails: Path) -> None:
    [file] = files(mails, {"a.eml": GOOD + b"FFP2 " * 20_000})
    settings = os.environ | {"TRIAGE_HOME": str(home)}
    command = [PROGRAM, "parse", *[file] * 5]
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.read(1)
        started.stdout.close()
        assert started.stderr.read() == b""
    assert started.returncode == 1


def test_wrong_use_gives_one_line_on_standard_error_and_status_2(home: Path) -> None:
    (home / "a.eml").write_bytes(GOOD)
    for arguments in WRONG_USE:
        answer = triage(home, *arguments)
        assert (arguments, answer.status) == (arguments, 2)
        assert answer.fault


def test_a_fault_of_the_world_gives_one_line_on_standard_error_and_status_1(home: Path) -> None:
    (home / "a.eml").write_bytes(GOOD)
    (home / "file").touch()
    nowhere = {"TRIAGE_DATABASE_URL": f"sqlite:///{home}/file/x.db"}
    for arguments, settings in (
        (("queue",), nowhere),
        (("poll", "--once"), {}),
        (("artifacts", "rollback"), {}),
        (("queue",), {"TRIAGE_DATABASE_URL": "postgresql+psycopg://me:hemmelig@127.0.0.1:9/x"}),
        (("read", "a.eml"), {"TRIAGE_RESOURCES": str(home)}),
    ):
        answer = triage(home, *arguments, settings=settings)
        assert (arguments, answer.status) == (arguments, 1)
        assert "hemmelig" not in answer.fault


def test_a_wrong_setting_stops_every_verb_with_its_name(home: Path) -> None:
    for arguments in (("read", "a.eml"), ("serve",)):
        answer = triage(home, *arguments, settings={"TRIAGE_WORKERS": "many", "TRIAGE_IMAP_PORT": "0"})
        assert answer.status == 2
        assert "TRIAGE_WORKERS" in answer.fault
        assert "TRIAGE_IMAP_PORT" in answer.fault


def test_a_mail_over_its_limits_costs_only_its_own_line(home: Path, mails: Path) -> None:
    named = files(mails, {"huge.eml": GOOD + b"masks, " * 1_500_000, "empty.eml": b"", "good.eml": GOOD})
    answer = triage(home, "parse", *named, settings={"TRIAGE_MESSAGE_SECONDS": "0.001", "TRIAGE_WORKERS": "1"})
    assert answer.status == 1
    assert [line["file"] for line in answer.lines] == [str(name) for name in named]
    assert "seconds" in answer.lines[0]["error"]
