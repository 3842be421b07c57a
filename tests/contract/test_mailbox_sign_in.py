"""Dovecot lets us in by access token, and only under a certificate that is valid for it."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import without
from tests.servers import dovecot
from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.scripted_imap import ScriptedImap, obeying
from tests.servers.token_endpoint import TokenEndpoint
from triage.adapters import tokens
from triage.adapters.imap import ImapMailbox
from triage.errors import MailboxRefused
from triage.mailbox_settings import MailboxSettings

BY_TOKEN = """
auth_mechanisms = %s
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $folder/oauth2.conf
}
"""
ASKING = """introspection_mode = auth
introspection_url = %s
username_attribute = username
active_attribute = active
active_value = true
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def endpoint(authority: Authority) -> Iterator[TokenEndpoint]:
    tokens._kept.cache_clear()
    with TokenEndpoint(authority) as serving:
        yield serving


@pytest.fixture(params=["xoauth2", "oauthbearer"])
def asking(request: pytest.FixtureRequest, endpoint: TokenEndpoint) -> Iterator[Dovecot]:
    """A Dovecot that asks the endpoint about the tokens it is given."""
    if reason := dovecot.absent():
        without(reason)
    server = Dovecot(more=BY_TOKEN % request.param)
    (server.folder / "oauth2.conf").write_text(ASKING % endpoint.introspection)
    with server:
        yield server


def reading(server: Dovecot, endpoint: TokenEndpoint, authority: Authority) -> MailboxSettings:
    return MailboxSettings.model_validate(
        {
            "name": "anbud",
            "host": "localhost",
            "port": server.imaps_port,
            "user": "mottak",
            "timeout": 10,
            "ca_file": server.certificate,
            "file": Path("mailboxes.toml"),
            "sign_in": {
                "by": "microsoft",
                "tenant": "t",
                "client_id": "c",
                "client_secret": "geheim-0815",
                "authority": endpoint.url,
                "ca_file": authority.file,
            },
        }
    )


@pytest.mark.dovecot
def test_dovecot_lets_us_in_and_an_expired_token_is_renewed_once(
    asking: Dovecot, endpoint: TokenEndpoint, authority: Authority
) -> None:
    settings = reading(asking, endpoint, authority)
    for expected in (1, 1):
        with ImapMailbox.open(settings) as mailbox:
            assert mailbox.status().read_only
        assert len(endpoint.asked) == expected
    endpoint.valid.clear()
    with ImapMailbox.open(settings) as mailbox:
        assert list(mailbox.uids_after(0)) == []
    assert len(endpoint.asked) == 2


@pytest.mark.dovecot
def test_dovecot_refuses_a_token_that_is_not_ours_and_an_expired_secret_ends_it(
    asking: Dovecot, endpoint: TokenEndpoint, authority: Authority
) -> None:
    settings = reading(asking, endpoint, authority)
    endpoint.user = "somebody"
    with pytest.raises(MailboxRefused, match=r"refused the sign-in of mottak.*see user and sign_in of mailbox 'anbud'"):
        ImapMailbox.open(settings)
    endpoint.refuse("invalid_client", "AADSTS7000222: The provided client secret keys are expired: geheim-0815")
    with pytest.raises(MailboxRefused, match=r"has expired .*make a new one.*mailbox 'anbud'") as caught:
        ImapMailbox.open(settings)
    assert "geheim-0815" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "days", "words"),
    [
        ("localhost", -1, ("certificate has expired", "have it renewed")),
        ("imap.elsewhere.example", 30, ("for another name", "set TRIAGE_IMAP_HOST")),
        ("localhost", 120, ("not valid yet", "clock")),
    ],
)
def test_a_server_under_a_wrong_certificate_is_told_nothing(
    authority: Authority, name: str, days: int, words: tuple[str, ...]
) -> None:
    issued = authority.issue(name, days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    with ScriptedImap(obeying(), context=context) as server:
        settings = MailboxSettings.model_validate(
            {
                "name": "INBOX",
                "host": "localhost",
                "port": server.port,
                "user": "mottak",
                "password": "hemmelig",
                "ca_file": authority.file,
                "timeout": 5,
            }
        )
        with pytest.raises(MailboxRefused) as caught:
            ImapMailbox.open(settings)
        assert [word for word in words if word not in str(caught.value)] == [], caught.value
        assert server.received == b""


def test_a_file_that_holds_no_authority_is_named(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    settings = MailboxSettings.model_validate(
        {
            "name": "INBOX",
            "host": "localhost",
            "port": 993,
            "user": "mottak",
            "password": "hemmelig",
            "ca_file": tmp_path / "ca.pem",
        }
    )
    with pytest.raises(MailboxRefused, match=r"TRIAGE_IMAP_CA_FILE holds no certificate"):
        ImapMailbox.open(settings)
