"""`triage check` with several mailboxes: each by its name, what expires soon, and what the running jobs wrote down."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.servers.authority import Authority
from tests.servers.smtp import FaultySmtp
from tests.servers.token_endpoint import TokenEndpoint
from triage import settings
from triage.adapters import tokens
from triage.bootstrap import knowledge, store
from triage.cli import run
from triage.demo.imap import EmbeddedImap

NOW = datetime.now(UTC)
Check = Callable[[], tuple[int, Mapping[str, Mapping[str, object]], str]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smtp_server: FaultySmtp) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "password").write_text("hemmelig\n")
    (tmp_path / "password").chmod(0o600)
    for name, value in {
        "HOME": str(tmp_path),
        "MAILBOXES_FILE": str(tmp_path / "mailboxes.toml"),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_server.port),
        "SMTP_ENCRYPTION": "none",
    }.items():
        monkeypatch.setenv(f"TRIAGE_{name}", value)
    return tmp_path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Iterator[Check]:
    def checked() -> tuple[int, Mapping[str, Mapping[str, object]], str]:
        status = run(["check", "--json"])
        rows = {row["what"]: row for row in json.loads(capsys.readouterr().out)["checks"]}
        assert run(["check"]) == status
        return status, rows, capsys.readouterr().out

    knowledge.cache_clear()
    tokens._kept.cache_clear()
    yield checked
    knowledge.cache_clear()


def entry(name: str, port: int, **more: object) -> str:
    lines = {"name": name, "host": "localhost", "port": port, "encryption": "none", "user": "mottak", **more}
    return "[[mailbox]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())


def by_secret(endpoint: TokenEndpoint, authority: Authority, expires: str) -> str:
    return (
        f'[mailbox.sign_in]\nby = "microsoft"\ntenant = "t"\nclient_id = "c"\nclient_secret_file = "password"\n'
        f'secret_expires = {expires}\nauthority = "{endpoint.url}"\nca_file = "{authority.file}"\n'
    )


def test_each_mailbox_is_checked_by_its_name(home: Path, check: Check) -> None:
    with EmbeddedImap() as one, EmbeddedImap(mailbox="Innkjøp & anbud") as other:
        (home / "mailboxes.toml").write_text(
            entry("mottak", one.port, password_file="password")
            + entry("anbud", other.port, password_file="password", folder="Innkjøp & anbud")
            + entry("borte", 9, password_file="password", folder="Borte")
        )
        status, rows, printed = check()
    assert status == 1
    assert {what for what in rows if what.startswith("mailbox")} == {"mailbox mottak", "mailbox anbud", "mailbox borte"}
    assert rows["mailbox mottak"]["ok"]
    assert rows["mailbox anbud"]["detail"] == "Innkjøp & anbud: 0 messages, UIDVALIDITY 1"
    assert not rows["mailbox borte"]["ok"]
    assert f"see port of mailbox 'borte' in {home / 'mailboxes.toml'}" in str(rows["mailbox borte"]["detail"])
    assert "FAULT mailbox borte: " in printed


def test_a_fault_of_the_file_stops_the_check_at_the_settings(home: Path, check: Check) -> None:
    (home / "mailboxes.toml").write_text(entry("mottak", 0, password_file="password"))
    status, rows, _printed = check()
    assert (status, set(rows)) == (1, {"settings"})
    assert "mailbox 1 ('mottak'): port:" in str(rows["settings"]["detail"])


def test_what_expires_soon_is_warned_of_and_what_the_jobs_wrote_is_told(
    home: Path, check: Check, authority: Authority
) -> None:
    soon, later = (f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (29, 60))
    with TokenEndpoint(authority) as endpoint, EmbeddedImap() as server:
        (home / "mailboxes.toml").write_text(
            entry("soon", server.port)
            + by_secret(endpoint, authority, soon)
            + entry("later", server.port, folder="b")
            + by_secret(endpoint, authority, later)
        )
        (home / "mailboxes.toml").chmod(0o600)
        with store(settings.load()) as opened:
            opened.put_trouble("poll anbud", "the client secret has expired", refused=True, now=NOW)
            opened.put_trouble("deliver", "the server is away", refused=False, now=NOW)
        status, rows, printed = check()
    assert status == 1
    assert "takes no access tokens" in str(rows["mailbox soon"]["detail"])
    assert (rows["mailbox soon sign-in"]["ok"], rows["mailbox soon sign-in"]["warning"]) == (True, True)
    assert f"WARN  mailbox soon sign-in: client_secret expires on {soon} (29 days from now); make a new one" in printed
    assert (rows["mailbox later sign-in"]["ok"], rows["mailbox later sign-in"]["warning"]) == (True, False)
    assert (rows["job poll anbud"]["ok"], rows["job deliver"]["ok"]) == (False, True)
    assert "FAULT job poll anbud: the client secret has expired (since " in printed
    assert "WARN  job deliver: the server is away (since " in printed
    assert "hemmelig" not in printed


def test_a_certificate_tells_its_own_day(authority: Authority, tmp_path: Path) -> None:
    from triage.adapters.tokens import expiry
    from triage.mailbox_settings import MicrosoftSignIn

    issued = authority.issue("desk", days=12)
    proof = MicrosoftSignIn(by="microsoft", tenant="t", client_id="c", certificate_file=issued.both)
    found = expiry(proof)
    assert found is not None
    assert (found[0], (found[1] - datetime.now(UTC).date()).days) == ("certificate_file", 12)
