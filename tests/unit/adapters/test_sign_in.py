"""Signing in by access token: what is sent, what a refusal means, and that no secret is ever shown."""

import base64
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from tests.servers.authority import Authority
from tests.servers.scripted_imap import Client, ScriptedImap, obeying, token_in
from tests.servers.token_endpoint import TokenEndpoint, claims
from triage.adapters import tokens
from triage.adapters.imap import ImapMailbox
from triage.errors import MailboxError, MailboxRefused
from triage.mailbox_settings import MailboxSettings

SECRET = "s3cret~value.of-the.app~registration_40"
USER = "anbud@sykehus.example"
Settings = Callable[..., MailboxSettings]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def endpoint(authority: Authority) -> Iterator[TokenEndpoint]:
    tokens._kept.cache_clear()
    with TokenEndpoint(authority, user=USER) as serving:
        yield serving


def microsoft(endpoint: TokenEndpoint, trusted: Authority, **changed: object) -> dict[str, object]:
    given = {"by": "microsoft", "tenant": "sykehus.example", "client_id": "5f0-1", "client_secret": SECRET,
             "authority": endpoint.url, "ca_file": trusted.file, "timeout": 5}  # fmt: skip
    return {key: value for key, value in (given | changed).items() if value is not None}


def mailbox(server: ScriptedImap, sign_in: object) -> MailboxSettings:
    return MailboxSettings.model_validate(
        {
            "name": "anbud",
            "host": server.host,
            "port": server.port,
            "encryption": "none",
            "user": USER,
            "sign_in": sign_in,
            "timeout": 5,
            "file": Path("/etc/desk/mailboxes.toml"),
        }
    )


def presented(server: ScriptedImap) -> list[bytes]:
    """What followed each AUTHENTICATE, decoded."""
    lines = bytes(server.received).split(b"\r\n")
    return [base64.b64decode(lines[place + 1]) for place, line in enumerate(lines) if b"AUTHENTICATE" in line]


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (b"AUTH=XOAUTH2", b"user=%s\x01auth=Bearer %s\x01\x01"),
        (b"AUTH=OAUTHBEARER AUTH=XOAUTH2", b"n,a=%s,\x01auth=Bearer %s\x01\x01"),
    ],
)
def test_the_token_goes_by_what_the_server_offers(
    endpoint: TokenEndpoint, authority: Authority, offered: bytes, expected: bytes
) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 %s] ready" % offered
    with ScriptedImap(obeying(accepts=endpoint.valid.__contains__, greeting=greeting)) as server:
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority))).close()
    [token] = endpoint.valid
    assert presented(server) == [expected % (USER.encode(), token.encode())]
    assert endpoint.asked == [
        {
            "client_id": "5f0-1",
            "grant_type": "client_credentials",
            "client_info": "1",
            "client_secret": SECRET,
            "scope": "https://outlook.office365.com/.default",
        }
    ]


def test_a_server_that_takes_no_tokens_is_named(endpoint: TokenEndpoint, authority: Authority) -> None:
    with (
        ScriptedImap(obeying(greeting=b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready")) as server,
        pytest.raises(MailboxRefused, match=r"takes no access tokens.*sign_in of mailbox 'anbud' in /etc/desk"),
    ):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert endpoint.asked == []


def test_a_token_is_kept_until_shortly_before_it_expires(endpoint: TokenEndpoint, authority: Authority) -> None:
    with ScriptedImap(obeying(accepts=endpoint.valid.__contains__)) as server:
        for _ in range(3):
            ImapMailbox.open(mailbox(server, microsoft(endpoint, authority))).close()
    assert len(endpoint.asked) == 1
    assert len(presented(server)) == 3


@pytest.mark.parametrize("end", [b"* BYE the access token has expired", b"NO the access token has expired"])
def test_a_token_that_expires_amid_a_session_is_renewed_by_the_next_poll(
    endpoint: TokenEndpoint, authority: Authority, end: bytes
) -> None:
    def expire(client: Client, tag: bytes) -> None:
        endpoint.valid.clear()
        client.say(end if end.startswith(b"*") else tag + b" " + end)
        client.leave()

    good = endpoint.valid.__contains__
    with ScriptedImap(obeying(accepts=good, on=[(b"UID SEARCH", expire)]), obeying(accepts=good)) as server:
        opened = ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
        with pytest.raises(MailboxError) as caught:
            opened.uids_after(0)
        assert not isinstance(caught.value, MailboxRefused)
        opened.close()
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority))).close()
    kept, refused, renewed = presented(server)
    assert kept == refused != renewed
    assert len(endpoint.asked) == 2


def test_a_token_refused_twice_is_refused(endpoint: TokenEndpoint, authority: Authority) -> None:
    settings = microsoft(endpoint, authority)
    with ScriptedImap(obeying(), obeying(accepts=lambda _token: False)) as server:
        ImapMailbox.open(mailbox(server, settings)).close()
        with pytest.raises(
            MailboxRefused, match=r"refused the sign-in of anbud@sykehus.example .*see user and sign_in"
        ):
            ImapMailbox.open(mailbox(server, settings))
    assert (len(presented(server)), len(endpoint.asked)) == (3, 2)


def test_a_fresh_token_that_is_refused_is_not_fetched_again(endpoint: TokenEndpoint, authority: Authority) -> None:
    with ScriptedImap(obeying(accepts=lambda _token: False)) as server, pytest.raises(MailboxRefused):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert (len(presented(server)), len(endpoint.asked)) == (1, 1)


@pytest.mark.parametrize(("offered", "acknowledged"), [(b"XOAUTH2", b""), (b"OAUTHBEARER", b"AQ==")])
def test_the_servers_complaint_is_acknowledged_and_shown(
    endpoint: TokenEndpoint, authority: Authority, offered: bytes, acknowledged: bytes
) -> None:
    talk = obeying(
        accepts=lambda _token: False,
        complaint=b'{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}',
        greeting=b"* OK [CAPABILITY IMAP4rev1 AUTH=%s] ready" % offered,
    )
    with ScriptedImap(talk) as server, pytest.raises(MailboxRefused, match="status 400, schemes Bearer, scope https"):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    lines = bytes(server.received).split(b"\r\n")
    place = next(place for place, line in enumerate(lines) if b"AUTHENTICATE" in line)
    assert lines[place + 2] == acknowledged


def test_a_server_that_never_ends_the_sign_in_is_left(endpoint: TokenEndpoint, authority: Authority) -> None:
    def endless(client: Client, _tag: bytes) -> None:
        while True:
            client.say(b"+ ")
            client.line()

    with (
        ScriptedImap(obeying(on=[(b"AUTHENTICATE", endless)])) as server,
        pytest.raises(MailboxError, match="does not end the sign-in") as caught,
    ):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert not isinstance(caught.value, MailboxRefused)


@pytest.mark.parametrize(
    "refusal",
    [
        b"NO [UNAVAILABLE] later",
        b"NO [LIMIT] too many",
        b"BAD User is authenticated but not connected.",
        b"NO Request is throttled. Suggested Backoff Time: 299867 milliseconds",
    ],
)
def test_what_is_temporary_is_tried_again(endpoint: TokenEndpoint, authority: Authority, refusal: bytes) -> None:
    with (
        ScriptedImap(obeying(accepts=lambda _token: False, refusal=refusal)) as server,
        pytest.raises(MailboxError) as caught,
    ):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert not isinstance(caught.value, MailboxRefused)
    assert refusal.split(b" ")[2].decode() in str(caught.value)


@pytest.mark.parametrize("answer", [b"NO User is authenticated but not connected.", b"NO [INUSE] locked"])
def test_a_folder_that_cannot_be_opened_for_a_while_is_tried_again(
    endpoint: TokenEndpoint, authority: Authority, answer: bytes
) -> None:
    with (
        ScriptedImap(obeying(on=[(b"EXAMINE", lambda client, tag: client.say(tag + b" " + answer))])) as server,
        pytest.raises(MailboxError, match="tries again") as caught,
    ):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert not isinstance(caught.value, MailboxRefused)


def test_a_missing_folder_is_named_by_the_key_of_its_file(endpoint: TokenEndpoint, authority: Authority) -> None:
    with (
        ScriptedImap(obeying(on=[(b"EXAMINE", lambda client, tag: client.say(tag + b" NO no such folder"))])) as server,
        pytest.raises(MailboxRefused, match=r"set folder of mailbox 'anbud' in .*\.toml to one of"),
    ):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))


def test_a_connection_that_breaks_while_signing_in_is_no_refusal(endpoint: TokenEndpoint, authority: Authority) -> None:
    with (
        ScriptedImap(obeying(on=[(b"AUTHENTICATE", lambda client, _tag: client.leave())])) as server,
        pytest.raises(MailboxError) as caught,
    ):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert not isinstance(caught.value, MailboxRefused)


@pytest.mark.parametrize(
    ("error", "description", "words"),
    [
        ("invalid_client", f"AADSTS7000222: The secret {SECRET} is expired.", ("has expired", "AADSTS7000222")),
        ("invalid_client", "AADSTS7000215: Invalid client secret provided.", ("secret is wrong", "not its id")),
        ("invalid_grant", "AADSTS65001: The administrator has not consented", ("consent", "IMAP.AccessAsApp")),
        ("unauthorized_client", "AADSTS700016: Application was not found in the directory", ("client_id", "tenant")),
        ("invalid_client", "AADSTS9999999: something of next year", ("AADSTS9999999", "see")),
    ],
)
def test_what_a_person_must_mend_is_refused_at_once(
    endpoint: TokenEndpoint, authority: Authority, error: str, description: str, words: tuple[str, ...]
) -> None:
    endpoint.refuse(error, description, status=401 if error == "invalid_client" else 400)
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxRefused) as caught:
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    said = str(caught.value)
    assert [
        word for word in (*words, "sign_in of mailbox 'anbud' in /etc/desk/mailboxes.toml") if word not in said
    ] == []
    assert SECRET not in said
    assert len(endpoint.asked) == 1


def test_a_wrong_tenant_is_refused(endpoint: TokenEndpoint, authority: Authority) -> None:
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxRefused, match="see tenant"):
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority, tenant="nowhere")))


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "120", 120), (503, "7", 7), (500, "", None), (429, "soon", None), (503, "Sat, 01 Jan 2000 00:00:00 GMT", 0)],
)
def test_an_endpoint_that_is_busy_says_how_long(
    endpoint: TokenEndpoint, authority: Authority, status: int, header: str, seconds: float | None
) -> None:
    endpoint.refuse("temporarily_unavailable", "later", status=status, **({"Retry_After": header} if header else {}))
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxError) as caught:
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert not isinstance(caught.value, MailboxRefused)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("answer", [b"", b"no json", b"[]", b'"x"', b"{}", b'{"access_token": 3}', b"x" * (1 << 21)])
def test_an_answer_that_is_none_is_tried_again(endpoint: TokenEndpoint, authority: Authority, answer: bytes) -> None:
    endpoint.answer = lambda: (200, answer, {})
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxError) as caught:
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority)))
    assert not isinstance(caught.value, MailboxRefused)


def test_an_endpoint_that_is_silent_is_given_up_in_time(endpoint: TokenEndpoint, authority: Authority) -> None:
    endpoint.answer = lambda: time.sleep(1.5) or (200, {}, {})
    begun = time.monotonic()
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxError, match="did not answer in time") as caught:
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority, timeout=0.4)))
    assert not isinstance(caught.value, MailboxRefused)
    assert time.monotonic() - begun < 1.4


def test_an_endpoint_that_cannot_be_reached_is_tried_again(endpoint: TokenEndpoint, authority: Authority) -> None:
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxError, match="cannot be reached") as caught:
        ImapMailbox.open(mailbox(server, microsoft(endpoint, authority, authority="https://localhost:9")))
    assert not isinstance(caught.value, MailboxRefused)


@pytest.mark.parametrize(
    ("name", "days", "trusted", "words"),
    [
        ("localhost", 30, False, "certificate is not trusted"),
        ("localhost", -1, True, "certificate has expired"),
        ("elsewhere.example", 30, True, "localhost"),
    ],
)
def test_the_endpoints_certificate_is_verified(
    authority: Authority, name: str, days: int, trusted: bool, words: str
) -> None:
    tokens._kept.cache_clear()
    with (
        TokenEndpoint(authority, issued=authority.issue(name, days=days)) as endpoint,
        ScriptedImap(obeying()) as server,
    ):
        changed = {} if trusted else {"ca_file": None}
        with pytest.raises(MailboxRefused, match=words) as caught:
            ImapMailbox.open(mailbox(server, microsoft(endpoint, authority, **changed)))
    assert "certificate" in str(caught.value)
    assert endpoint.asked == []


def test_a_certificate_signs_in_place_of_a_secret(endpoint: TokenEndpoint, authority: Authority) -> None:
    issued = authority.issue("the-desk", key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    sign_in = microsoft(endpoint, authority, client_secret=None, certificate_file=issued.both)
    with ScriptedImap(obeying(accepts=endpoint.valid.__contains__)) as server:
        ImapMailbox.open(mailbox(server, sign_in)).close()
    [form] = endpoint.asked
    assert "client_secret" not in form
    assert claims(form["client_assertion"])["sub"] == "5f0-1"


def test_a_certificate_that_cannot_serve_is_named(
    endpoint: TokenEndpoint, authority: Authority, tmp_path: Path
) -> None:
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    expired, good = authority.issue("desk", days=-1, key=rsa_key), authority.issue("desk", key=rsa_key)
    empty = tmp_path / "empty.pem"
    empty.touch()
    cases = [(expired.both, "has expired"), (good.certificate, "no private key"), (empty, "holds no certificate"),
             (tmp_path / "none.pem", "cannot be read")]  # fmt: skip
    with ScriptedImap(obeying()) as server:
        for file, words in cases:
            sign_in = microsoft(endpoint, authority, client_secret=None, certificate_file=file)
            with pytest.raises(MailboxRefused, match=words):
                ImapMailbox.open(mailbox(server, sign_in))
    assert endpoint.asked == []


@pytest.fixture
def service_account(endpoint: TokenEndpoint, tmp_path: Path) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path / "key.json"
    file.write_text(
        json.dumps(
            {
                "type": "service_account",
                "client_email": "desk@project.example",
                "private_key_id": "1",
                "private_key": private.decode(),
                "token_uri": f"{endpoint.url}/token",
            }
        )
    )
    return file


def google(authority: Authority, key_file: Path) -> dict[str, object]:
    return {"by": "google", "key_file": key_file, "ca_file": authority.file, "timeout": 5}


def test_a_service_account_acts_for_the_user(
    endpoint: TokenEndpoint, authority: Authority, service_account: Path
) -> None:
    with ScriptedImap(obeying(accepts=endpoint.valid.__contains__)) as server:
        for _ in range(2):
            ImapMailbox.open(mailbox(server, google(authority, service_account))).close()
    [form] = endpoint.asked
    said = claims(form["assertion"])
    assert (said["sub"], said["scope"], said["iss"]) == (USER, "https://mail.google.com/", "desk@project.example")


def test_a_stored_refresh_token_serves_too(endpoint: TokenEndpoint, authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "user.json"
    file.write_text(
        json.dumps(
            {
                "type": "authorized_user",
                "client_id": "c",
                "client_secret": SECRET,
                "refresh_token": "1//r",
                "token_uri": f"{endpoint.url}/token",
            }
        )
    )
    with ScriptedImap(obeying(accepts=endpoint.valid.__contains__)) as server:
        ImapMailbox.open(mailbox(server, google(authority, file))).close()
    [form] = endpoint.asked
    assert (form["grant_type"], form["refresh_token"]) == ("refresh_token", "1//r")


@pytest.mark.parametrize(
    ("error", "description", "words"),
    [
        ("invalid_grant", "Invalid email or User ID", "see user"),
        ("invalid_grant", "Token has been expired or revoked.", "sign in anew"),
        ("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method", "Domain-wide"),
        ("invalid_grant", "", "renew what has expired"),
    ],
)
def test_what_google_refuses_is_explained(
    endpoint: TokenEndpoint, authority: Authority, service_account: Path, error: str, description: str, words: str
) -> None:
    endpoint.refuse(error, description)
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxRefused, match=words):
        ImapMailbox.open(mailbox(server, google(authority, service_account)))


def test_google_that_is_busy_or_away_is_tried_again(
    endpoint: TokenEndpoint, authority: Authority, service_account: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _seconds: None)
    endpoint.refuse("internal_failure", "x", status=503, Retry_After="30")
    away = json.loads(service_account.read_text()) | {"token_uri": "https://localhost:9/token"}
    with ScriptedImap(obeying()) as server:
        with pytest.raises(MailboxError) as caught:
            ImapMailbox.open(mailbox(server, google(authority, service_account)))
        assert not isinstance(caught.value, MailboxRefused)
        assert caught.value.retry_after == 30
        service_account.write_text(json.dumps(away))
        with pytest.raises(MailboxError, match="cannot be reached") as caught:
            ImapMailbox.open(mailbox(server, google(authority, service_account)))
        assert not isinstance(caught.value, MailboxRefused)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"type": "service_account"}', '{"type": "authorized_user", "token_uri": "http://x"}']
)
def test_a_key_file_that_is_none_is_named(
    endpoint: TokenEndpoint, authority: Authority, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "key.json"
    file.write_text(text)
    with ScriptedImap(obeying()) as server, pytest.raises(MailboxRefused, match=r"key\.json"):
        ImapMailbox.open(mailbox(server, google(authority, file)))


@pytest.mark.parametrize(("library", "extra"), [("msal", "microsoft"), ("google.auth", "google")])
def test_an_extra_that_is_not_installed_is_named(
    endpoint: TokenEndpoint,
    authority: Authority,
    service_account: Path,
    monkeypatch: pytest.MonkeyPatch,
    library: str,
    extra: str,
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library.partition(".")[0]]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    sign_in = microsoft(endpoint, authority) if extra == "microsoft" else google(authority, service_account)
    with (
        ScriptedImap(obeying()) as server,
        pytest.raises(MailboxRefused, match=rf"needs the extra `{extra}`.*supplier-mail-desk\[{extra}\]"),
    ):
        ImapMailbox.open(mailbox(server, sign_in))


def test_no_token_and_no_secret_is_ever_shown(
    endpoint: TokenEndpoint,
    authority: Authority,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    service_account: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []

    def echo(client: Client, tag: bytes) -> None:
        client.say(b"+ ")
        response = client.line()
        client.say(b"+ " + response)
        client.line()
        client.say(tag + b" NO you sent " + response + token_in(response).encode())

    with ScriptedImap(obeying(), obeying(on=[(b"AUTHENTICATE", echo)])) as server:
        for sign_in in (microsoft(endpoint, authority), google(authority, service_account)):
            ImapMailbox.open(mailbox(server, sign_in)).close() if not said else None
            with pytest.raises(MailboxError) as caught:
                ImapMailbox.open(mailbox(server, sign_in))
            said.append(_everything(caught.value))
        sent = [form.get("client_secret") or form["assertion"] for form in endpoint.asked]
        tokens._kept.cache_clear()
        echoed = [(microsoft(endpoint, authority), SECRET), (google(authority, service_account), sent[-1])]
        for sign_in, own in echoed:
            endpoint.refuse("invalid_client", f"AADSTS7000215: you sent {own} and {list(endpoint.valid)}")
            with pytest.raises(MailboxError) as caught:
                ImapMailbox.open(mailbox(server, sign_in))
            said.append(_everything(caught.value))
    printed = capfd.readouterr()
    shown = "\n".join([*said, caplog.text, printed.out, printed.err])
    private = json.loads(service_account.read_text())["private_key"].split("\n")[1]
    responses = [base64.b64encode(octets).decode() for octets in presented(server)]
    hidden = [SECRET, private, *sent, *endpoint.valid, *responses]
    assert len(endpoint.valid) >= 2
    assert [text for text in hidden if text in shown] == []


def _everything(fault: BaseException | None) -> str:
    """The texts of a fault and of all that it was raised from."""
    texts = []
    while fault is not None:
        texts.append(repr(fault))
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\n".join(texts)


def test_a_password_with_letters_beyond_ascii_signs_in() -> None:
    with ScriptedImap(obeying()) as server:
        ImapMailbox.open(mailbox(server, None).model_copy(update={"password": SecretStr("blåbær")})).close()
    assert presented(server) == [f"\0{USER}\0blåbær".encode()]


def test_a_password_is_not_sent_where_none_is_taken() -> None:
    with (
        ScriptedImap(obeying(greeting=b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready")) as server,
        pytest.raises(MailboxRefused, match="takes no password"),
    ):
        ImapMailbox.open(mailbox(server, None).model_copy(update={"password": SecretStr("hemmelig")}))
    assert b"hemmelig" not in server.received


def by_password(server: ScriptedImap) -> MailboxSettings:
    return mailbox(server, None).model_copy(update={"password": SecretStr("hemmelig")})


def test_a_password_that_is_not_taken_for_a_while_is_tried_again() -> None:
    later = (b"LOGIN", lambda client, tag: client.say(tag + b" NO [UNAVAILABLE] later"))
    with ScriptedImap(obeying(on=[later])) as server, pytest.raises(MailboxError, match="tries again") as caught:
        ImapMailbox.open(by_password(server))
    assert not isinstance(caught.value, MailboxRefused)


def test_the_words_of_a_server_that_refuses_a_password_are_shown_as_it_said_them() -> None:
    no = (b"LOGIN", lambda client, tag: client.say(tag + " NO feil på passordet".encode()))
    with ScriptedImap(obeying(on=[no])) as server, pytest.raises(MailboxRefused, match=r"\(feil på passordet\)"):
        ImapMailbox.open(by_password(server))
