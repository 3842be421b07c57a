"""The file of mailboxes: what it may say, and what each wrong entry is answered with."""

from pathlib import Path

import pytest

from triage import bootstrap, mailbox_file, settings
from triage.demo.imap import EmbeddedImap
from triage.errors import MailboxRefused, SettingsError
from triage.mailbox_settings import GoogleSignIn, MailboxSettings, MicrosoftSignIn

SECRET = "hemmelig-blåbær"
GOOD = '[[mailbox]]\nname = "anbud"\nhost = "imap.example"\nuser = "mottak"\npassword_file = "password"\n'
MICROSOFT = '[mailbox.sign_in]\nby = "microsoft"\ntenant = "sykehus.example"\nclient_id = "5f0-1"\n'
APART = GOOD.replace('password_file = "password"\n', "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    (tmp_path / "password").chmod(0o600)
    (tmp_path / "ca.pem").touch()
    return tmp_path


def read(folder: Path, text: str, **environment: str) -> tuple[MailboxSettings, ...]:
    file = folder / "mailboxes.toml"
    file.write_text(text)
    return mailbox_file.read(file, environment)


def fault(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    assert str(caught.value).startswith(("TRIAGE_MAILBOXES_FILE", str(folder / "mailboxes.toml")))
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_several_mailboxes_come_in_the_order_of_the_file(folder: Path) -> None:
    second = GOOD.replace("anbud", "tilbud") + 'folder = "Innkjøp & \\"anbud\\""\nmark = "keywords"\nport = 143\n'
    first, other = read(folder, GOOD + second + 'encryption = "starttls"\nca_file = "ca.pem"\n')
    assert (first.name, first.folder, first.port, first.encryption) == ("anbud", "INBOX", 993, "tls")
    assert first.password.get_secret_value() == SECRET
    assert (other.folder, other.mark, other.port) == ('Innkjøp & "anbud"', "keywords", 143)
    assert other.ca_file == folder / "ca.pem"


def test_a_secret_stands_in_a_file_or_in_the_environment_or_in_a_closed_file_of_mailboxes(folder: Path) -> None:
    by_name = GOOD.replace('password_file = "password"', 'password_env = "MOTTAK"')
    assert read(folder, by_name, MOTTAK=SECRET)[0].password.get_secret_value() == SECRET
    by_value = GOOD.replace('password_file = "password"', f'password = "{SECRET}"')
    assert "run chmod o=" in fault(folder, by_value)
    (folder / "mailboxes.toml").chmod(0o600)
    assert read(folder, by_value)[0].password.get_secret_value() == SECRET


def test_a_sign_in_by_token_is_a_table_of_its_own(folder: Path) -> None:
    for name in ("cert.pem", "key.json"):
        (folder / name).touch(mode=0o600)
    secret = MICROSOFT + 'client_secret_file = "password"\nsecret_expires = 2027-01-31\n'
    certificate = APART.replace("anbud", "b").replace("mottak", "b") + MICROSOFT + 'certificate_file = "cert.pem"\n'
    google = APART.replace("anbud", "c").replace("mottak", "c")
    google += '[mailbox.sign_in]\nby = "google"\nkey_file = "key.json"\n'
    first, second, third = (one.sign_in for one in read(folder, APART + secret + certificate + google))
    assert isinstance(first, MicrosoftSignIn)
    assert first.client_secret.get_secret_value() == SECRET
    assert str(first.secret_expires) == "2027-01-31"
    assert isinstance(second, MicrosoftSignIn)
    assert second.certificate_file == folder / "cert.pem"
    assert isinstance(third, GoogleSignIn)
    assert third.key_file == folder / "key.json"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ("holds no [[mailbox]]",)),
        ("mailbox = 3", ("holds no [[mailbox]]",)),
        ("mailbox = [3]", ("mailbox 1:", "write [[mailbox]] above its keys")),
        ("[mailbox]\nname = 'x'", ("holds no [[mailbox]]",)),
        ("[[mailboxes]]\n", ("mailboxes: no such key",)),
        ("[[mailbox]\n", ("no TOML", "correct it")),
        (GOOD + "prot = 3\n", ("mailbox 1 ('anbud'): prot: no such key; the keys are", "port")),
        (GOOD + "file = 'x'\n", ("file: no such key",)),
        (GOOD + "port = 0\n", ("mailbox 1 ('anbud'): port:", "greater than or equal to 1")),
        (GOOD + "port = '993'\nencryption = 'ssl'\n", ("encryption:", "'tls', 'starttls' or 'none'")),
        (GOOD + "mark = 'colours'\n", ("mark:", "'off', 'keywords' or 'folders'")),
        (GOOD + "timeout = 0\n", ("timeout:",)),
        (GOOD + "ca_file = 'nowhere.pem'\n", ("ca_file: there is no file", "nowhere.pem")),
        (GOOD.replace('host = "imap.example"\n', ""), ("host: it is missing; give it",)),
        (GOOD.replace('"imap.example"', '" "'), ("host: it is empty; give it",)),
        (GOOD + 'folder = "a\\u0000b"\n', ("folder: it holds a control character",)),
        (GOOD + 'folder = "a\\r\\nA1 DELETE b"\n', ("folder: it holds a control character",)),
        (GOOD.replace("mottak", "a\\u0085b"), ("user: it holds a control character",)),
        (GOOD.replace('"anbud"', '"a\\tb"'), ("name: it holds a control character",)),
        (APART, ("password: give password_file", "[mailbox.sign_in]")),
        (GOOD + 'password_env = "X"\n', ("password: it is given in two ways",)),
        (GOOD.replace('"password"', '"nowhere"'), ("password_file:", "cannot be read")),
        (GOOD.replace('password_file = "password"', 'password_env = "NOT_SET"'), ("password_env:", "NOT_SET")),
        (GOOD.replace('password_file = "password"', "password = 7"), ("password: it is no text",)),
        (GOOD + 'sign_in = "microsoft"\n', ("sign_in: write [mailbox.sign_in]",)),
        (GOOD + '[mailbox.sign_in]\nby = "yahoo"\n', ("sign_in.by: give one of microsoft, google",)),
        (GOOD + MICROSOFT + 'client_secret_file = "password"\n', ("password: give", "not both")),
        (APART + MICROSOFT, ("sign_in: give either client_secret",)),
        (APART + MICROSOFT + "secret = 1\n", ("sign_in.secret: no such key; the keys are", "client_secret_file")),
        (
            APART + MICROSOFT.replace("sykehus.example", "a/b") + 'client_secret_file = "password"\n',
            ("sign_in.tenant:",),
        ),
        (
            APART + MICROSOFT + 'client_secret_file = "password"\nauthority = "http://x"\n',
            ("sign_in.authority:",),
        ),
        (APART + '[mailbox.sign_in]\nby = "google"\nkey_file = "none.json"\n', ("sign_in.key_file:", "none.json")),
        (GOOD + GOOD.replace("imap.example", "b"), ("mailbox 2: name: 'anbud' is the name of mailbox 1 too",)),
        (GOOD + GOOD.replace("anbud", "ANBUD").replace("mottak", "b"), ("mailbox 2: name:",)),
        (GOOD + GOOD.replace("anbud", "b"), ("mailbox 2 ('b'): folder: mailbox 'anbud' reads the same folder",)),
        (GOOD + GOOD.replace("anbud", "b") + 'folder = "inbox"\n', ("mailbox 2 ('b'): folder:",)),
    ],
)
def test_a_wrong_entry_is_named_with_its_key_and_what_to_do(folder: Path, text: str, words: tuple[str, ...]) -> None:
    said = fault(folder, text)
    assert [word for word in words if word not in said] == [], said
    assert said.count("\n") == 0


def test_every_wrong_entry_is_named_at_once(folder: Path) -> None:
    said = fault(folder, GOOD + "port = 0\n" + GOOD.replace("anbud", "b") + "prot = 1\n")
    assert "mailbox 1 ('anbud'): port:" in said
    assert "mailbox 2 ('b'): prot:" in said


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o666])
def test_a_secret_that_everybody_may_read_is_refused(folder: Path, mode: int) -> None:
    (folder / "password").chmod(mode)
    said = fault(folder, GOOD)
    assert "password_file: everybody may read or write" in said
    assert f"run chmod o= {folder / 'password'}" in said


def test_a_private_key_that_everybody_may_read_is_refused(folder: Path) -> None:
    (folder / "both.pem").touch()
    (folder / "both.pem").chmod(0o644)
    said = fault(folder, APART + MICROSOFT + 'certificate_file = "both.pem"\n')
    assert "sign_in.certificate_file: everybody may read" in said


@pytest.mark.parametrize("octets", [b"", b"\n", b"two\nlines\n", b"a\x00b", b"\xff\xfe"])
def test_a_secret_file_holds_one_line(folder: Path, octets: bytes) -> None:
    (folder / "password").write_bytes(octets)
    assert "write the secret alone into it" in fault(folder, GOOD)


def test_a_renewed_secret_counts_at_the_next_connection(folder: Path) -> None:
    text = GOOD.replace("imap.example", "localhost") + 'encryption = "none"\nport = %d\n'
    with EmbeddedImap(password="renewed") as server:
        [one] = read(folder, text % server.port)
        with pytest.raises(MailboxRefused, match="see user and password of mailbox 'anbud'"):
            bootstrap.mailbox(one)
        (folder / "password").write_text("renewed")
        bootstrap.mailbox(one).close()
        read(folder, text.replace("anbud", "b") % server.port)
        with pytest.raises(MailboxRefused, match="mailbox 'anbud' is gone"):
            bootstrap.mailbox(one)
        (folder / "password").chmod(0o644)
        with pytest.raises(MailboxRefused, match="password_file: everybody may read"):
            bootstrap.mailbox(one)


def test_a_fault_of_the_file_is_a_fault_of_the_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TRIAGE_MAILBOXES_FILE", str(folder / "none.toml"))
    with pytest.raises(SettingsError, match=r"none\.toml: it cannot be read"):
        settings.load()
    read(folder, GOOD)
    monkeypatch.setenv("TRIAGE_MAILBOXES_FILE", str(folder / "mailboxes.toml"))
    monkeypatch.setenv("TRIAGE_IMAP_HOST", "elsewhere")
    with pytest.raises(SettingsError, match="TRIAGE_MAILBOXES_FILE and TRIAGE_IMAP_HOST are both set"):
        settings.load()


def test_a_file_that_is_set_to_nothing_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TRIAGE_MAILBOXES_FILE", "TRIAGE_IMAP_CA_FILE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("TRIAGE_IMAP_HOST", "imap.example")
    [one] = settings.load().mailboxes
    assert (one.host, one.file, one.ca_file) == ("imap.example", None, None)


def test_no_secret_stands_in_what_settings_print(folder: Path) -> None:
    [one] = read(folder, GOOD)
    assert SECRET not in repr(one)
    assert SECRET not in str(one)


def test_keys_are_named_as_the_owner_calls_them(folder: Path) -> None:
    [one] = read(folder, GOOD)
    assert one.named("user", "password") == f"user and password of mailbox 'anbud' in {folder / 'mailboxes.toml'}"
    single = one.model_copy(update={"file": None})
    assert single.named("host", "user", "folder") == "TRIAGE_IMAP_HOST, TRIAGE_IMAP_USER and TRIAGE_IMAP_MAILBOX"


def test_the_example_of_the_readme_is_read(folder: Path, checkout: Path) -> None:
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    example = readme.partition("```toml\n")[2].partition("```")[0]
    for name in ("mottak.password", "anbud.secret", "tilbud.json"):
        (folder / name).write_text("x")
        (folder / name).chmod(0o600)
    assert [(one.name, one.sign_in and one.sign_in.by) for one in read(folder, example)] == [
        ("mottak", None),
        ("anbud", "microsoft"),
        ("tilbud", "google"),
    ]
