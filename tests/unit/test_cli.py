"""The command line inside this process: what is wrong use, and what every verb takes."""

from pathlib import Path

import pytest

from triage.cli import run

VERBS = ("read", "parse", "demo", "serve", "poll", "work", "deliver", "queue", "label", "train", "evaluate", "check",
         "users add", "artifacts list", "artifacts promote", "artifacts rollback")  # fmt: skip
WRONG_USE = (
    (),
    ("nosuch",),
    ("read",),
    ("read", "--nope", "a.eml"),
    ("read", "--now", "yesterday", "a.eml"),
    ("read", "--language", "tlh", "a.eml"),
    ("parse",),
    ("parse", "--now", "2020-03-20", "a.eml"),
    ("demo", "--count", "3"),
    ("demo", "--port", "0"),
    ("serve", "extra"),
    ("poll", "--once", "extra"),
    ("work", "--once=maybe"),
    ("deliver", "--twice"),
    ("queue", "--page", "0"),
    ("queue", "--page", "abc"),
    ("queue", "--category", "nosuch"),
    ("label",),
    ("label", "abc"),
    ("label", "1"),
    ("label", "1", "--intent", "nosuch"),
    ("label", "1", "--categories", "gown,nosuch"),
    ("evaluate",),
    ("evaluate", ".", "--folds", "99"),
    ("artifacts",),
    ("artifacts", "nosuch"),
    ("artifacts", "promote"),
    ("check", "extra"),
    ("users",),
    ("users", "add"),
    ("users", "add", "kari", "--role", "king"),
)


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_gives_one_line_and_status_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_HOME", "/proc/none")  # wrong use is found before anything is opened
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("triage: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_json_and_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*verb.split(), "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_the_overview_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    overview = capsys.readouterr().out
    assert all(verb.split()[0] in overview for verb in VERBS)


def test_a_file_name_does_not_steer_the_terminal_nor_break_the_line_of_its_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    (tmp_path / "a\nb\x1b[31m.eml").write_bytes(b"no mail")
    assert run(["import", str(tmp_path)]) == 1
    [line] = [one for one in capsys.readouterr().err.splitlines() if one.startswith("triage: ")]
    assert "is no mail" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("setting", ["TRIAGE_IMAP_TIMEOUT", "TRIAGE_SMTP_TIMEOUT", "TRIAGE_POLL_SECONDS"])
@pytest.mark.parametrize("value", ["1e99", "inf", "86401"])
def test_a_wait_longer_than_a_day_is_a_wrong_setting(
    setting: str, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, value)
    assert run(["poll", "--once"]) == 2
    assert capsys.readouterr().err.startswith(f"triage: {setting}: ")


def test_files_that_are_no_mail_are_counted_by_how_their_names_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))
    (tmp_path / "box").mkdir()
    for name in ("a.msg", "b.MSG", "c.emlx", "index"):
        (tmp_path / "box" / name).write_bytes(b"\0 something else")
    assert run(["import", str(tmp_path / "box")]) == 0
    assert "no mail 4 (.msg 2, .emlx 1, no ending 1)" in capsys.readouterr().out
