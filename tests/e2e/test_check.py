"""`triage check` against real servers: all well, or what is wrong and what to do, a line each."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.program import triage
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import FaultySmtp
from triage.bootstrap import knowledge
from triage.cli import run
from triage.demo.loopback import free_port

Check = Callable[[Mapping[str, str]], Mapping[str, str]]

PARTS = ["settings", "knowledge", "artifact", "database", "mailbox", "smtp"]
UNREACHABLE = {"TRIAGE_IMAP_HOST": "", "TRIAGE_SMTP_HOST": ""}

pytestmark = pytest.mark.dovecot


@pytest.fixture
def home(tmp_path: Path, artifacts: Path) -> Path:
    shutil.copytree(artifacts, tmp_path / "artifacts")
    return tmp_path


@pytest.fixture
def servers(dovecot_server: Dovecot, smtp_server: FaultySmtp) -> Mapping[str, str]:
    return {
        "TRIAGE_IMAP_HOST": "localhost",
        "TRIAGE_IMAP_PORT": str(dovecot_server.imaps_port),
        "TRIAGE_IMAP_USER": "mottak",
        "TRIAGE_IMAP_PASSWORD": "hemmelig",
        "TRIAGE_IMAP_CA_FILE": str(dovecot_server.certificate),
        "TRIAGE_SMTP_HOST": "127.0.0.1",
        "TRIAGE_SMTP_PORT": str(smtp_server.port),
        "TRIAGE_SMTP_ENCRYPTION": "none",
    }


@pytest.fixture
def faults(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Check]:
    """What `check` finds wrong under these settings, by part. In this process, which loads the knowledge only once."""

    def found(settings: Mapping[str, str]) -> Mapping[str, str]:
        with monkeypatch.context() as environment:
            environment.chdir(home)
            for name, value in ({"TRIAGE_HOME": str(home)} | dict(settings)).items():
                environment.setenv(name, value)
            if "TRIAGE_RESOURCES" in settings:
                knowledge.cache_clear()
            status = run(["check", "--json"])
        said = capsys.readouterr()
        return _faults(status, said.out, said.err)

    knowledge.cache_clear()
    yield found
    knowledge.cache_clear()


def _faults_told(home: Path, settings: Mapping[str, str]) -> Mapping[str, str]:
    answer = triage(home, "check", "--json", settings=settings)
    return _faults(answer.status, answer.out, answer.errors)


def _faults(status: int, out: str, errors: str) -> Mapping[str, str]:
    [said] = [json.loads(line) for line in out.splitlines()]
    found = {row["what"]: row["detail"] for row in said["checks"] if not row["ok"]}
    assert (said["ok"], status, errors) == (not found, 1 if found else 0, "")
    assert all(set(row) == {"what", "ok", "warning", "detail"} for row in said["checks"])
    assert all("\n" not in detail and "hemmelig" not in detail for detail in found.values())
    return found


def test_all_is_well(home: Path, servers: Mapping[str, str]) -> None:
    assert _faults_told(home, servers) == {}
    answer = triage(home, "check", settings=servers)
    lines = answer.out.splitlines()
    assert answer.status == 0
    assert [line.split()[:2] for line in lines] == [["ok", f"{part}:"] for part in PARTS]


def test_a_first_start_has_nothing_to_complain_of(tmp_path: Path, servers: Mapping[str, str]) -> None:
    assert _faults_told(tmp_path, servers) == {}


def test_lines_for_people_say_the_same_and_are_never_cut(home: Path) -> None:
    found = _faults_told(home, UNREACHABLE)
    answer = triage(home, "check", settings=UNREACHABLE)
    assert (answer.status, answer.errors) == (1, "")
    assert set(found) == {"mailbox", "smtp"}
    for what, detail in found.items():
        assert f"FAULT {what}: {detail}" in answer.out.splitlines()


def test_every_fault_of_a_server_is_named_with_what_to_do(faults: Check, servers: Mapping[str, str]) -> None:
    closed = str(free_port())
    cases: tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...] = (
        ("mailbox", {"TRIAGE_IMAP_PASSWORD": "feil"}, ("TRIAGE_IMAP_PASSWORD", "mottak")),
        ("mailbox", {"TRIAGE_IMAP_PORT": closed}, (f"localhost:{closed}", "TRIAGE_IMAP_PORT")),
        ("mailbox", {"TRIAGE_IMAP_MAILBOX": "Tilbud"}, ("'Tilbud'", "'INBOX'", "TRIAGE_IMAP_MAILBOX")),
        ("mailbox", {"TRIAGE_IMAP_CA_FILE": ""}, ("certificate", "TRIAGE_IMAP_CA_FILE")),
        ("mailbox", {"TRIAGE_IMAP_CA_FILE": "/nowhere/ca.pem"}, ("TRIAGE_IMAP_CA_FILE", "/nowhere/ca.pem")),
        ("mailbox", {"TRIAGE_IMAP_HOST": "nowhere.invalid"}, ("nowhere.invalid", "TRIAGE_IMAP_HOST")),
        ("smtp", {"TRIAGE_SMTP_PORT": closed}, (f"127.0.0.1:{closed}", "TRIAGE_SMTP_PORT")),
        ("smtp", {"TRIAGE_SMTP_ENCRYPTION": "starttls"}, ("STARTTLS", "TRIAGE_SMTP_ENCRYPTION")),
    )
    for part, changed, words in cases:
        if changed == {"TRIAGE_IMAP_CA_FILE": ""}:
            given = {name: value for name, value in servers.items() if name not in changed}
        else:
            given = {**servers, **changed}
        found = faults(given)
        assert (changed, set(found)) == (changed, {part})
        assert [word for word in words if word not in found[part]] == [], found


def test_every_fault_of_this_machine_is_named_with_what_to_do(
    faults: Check, home: Path, servers: Mapping[str, str], checkout: Path
) -> None:
    (home / "file").touch()
    (home / "no.db").write_bytes(b"this is no database" * 100)
    misspelt = _resources(home / "resources", checkout, "rank.toml", b"sorce =", b"source =")
    cases: tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...] = (
        ("settings", {"TRIAGE_IMAP_PORT": "abc"}, ("TRIAGE_IMAP_PORT", "README")),
        ("settings", {"TRIAGE_REPLIES": "perhaps"}, ("TRIAGE_REPLIES", "automatic")),
        ("database", {"TRIAGE_DATABASE_URL": f"sqlite:///{home}/file/x.db"}, ("cannot be made", "TRIAGE_DATABASE_URL")),
        ("database", {"TRIAGE_DATABASE_URL": f"sqlite:///{home}/no.db"}, ("no.db", "not a database")),
        ("database", {"TRIAGE_DATABASE_URL": "nonsense"}, ("TRIAGE_DATABASE_URL", "sqlite:///")),
        ("database", {"TRIAGE_DATABASE_URL": "sqlite:////proc/x.db"}, ("/proc/x.db", "TRIAGE_DATABASE_URL")),
        ("knowledge", {"TRIAGE_RESOURCES": str(misspelt)}, ("rank.toml", "sorce", "spelling")),
        ("knowledge", {"TRIAGE_RESOURCES": "/nowhere"}, ("/nowhere", "TRIAGE_RESOURCES")),
    )
    for part, changed, words in cases:
        found = faults({**servers, **changed})
        assert (changed, set(found)) == (changed, {part})
        assert [word for word in words if word not in found[part]] == [], found


def test_an_altered_artifact_is_named_and_never_used(home: Path, servers: Mapping[str, str]) -> None:
    [numbers] = home.glob("artifacts/*/numbers.npz")
    numbers.write_bytes(numbers.read_bytes()[:-1] + b"?")
    found = _faults_told(home, servers)
    assert set(found) == {"artifact"}
    assert "numbers.npz was altered; roll back, or train again" in found["artifact"]
    (home / "a.eml").write_bytes(b"Subject: FFP2\r\n\r\nFFP2\r\n")
    answer = triage(home, "read", "a.eml")
    assert answer.status == 1
    assert "was altered" in answer.fault


def _resources(folder: Path, checkout: Path, name: str, wrong: bytes, right: bytes) -> Path:
    """A copy of data/ and reply_templates/ with one word changed in one file."""
    for part in ("data", "reply_templates"):
        shutil.copytree(checkout / part, folder / part, ignore=shutil.ignore_patterns("corpus", "demo"))
    file = folder / "data" / name
    file.write_bytes(file.read_bytes().replace(right, wrong, 1))
    assert wrong in file.read_bytes()
    return folder
