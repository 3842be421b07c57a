"""The servers that other tests lean on do what they say."""

import smtplib
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from imapclient import IMAPClient

from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres
from tests.servers.smtp import FaultySmtp, tls_context
from triage.demo.mailbox import messages

MAIL = (
    b"From: a@firma.example\r\nTo: mottak@example\r\nSubject: Munnbind\r\nMessage-ID: <1@firma.example>\r\n\r\nHei\r\n"
)


def signed_in(server: Dovecot) -> IMAPClient:
    client = IMAPClient("localhost", port=server.imaps_port, ssl=True, ssl_context=server.ssl_context(), timeout=20)
    client.login("mottak", "hemmelig")
    client.select_folder("INBOX", readonly=True)
    return client


@pytest.mark.dovecot
def test_dovecot_serves_filled_octets_unchanged_with_their_dates(fresh_dovecot: Dovecot) -> None:
    arrived = [datetime(2020, 3, 20, 8, 0, tzinfo=UTC), datetime(2020, 3, 19, 8, 0, tzinfo=UTC)]
    octets = [MAIL, MAIL.replace(b"Hei", b"H\xe5i \xff\x80")]
    assert fresh_dovecot.fill(zip(octets, arrived, strict=True)) == 2
    with signed_in(fresh_dovecot) as client:
        found = client.fetch([1, 2], ["BODY.PEEK[]", "INTERNALDATE"])
        assert [found[uid][b"BODY[]"] for uid in (1, 2)] == octets
        client.normalise_times = False
        found = client.fetch([1, 2], ["INTERNALDATE"])
        assert [found[uid][b"INTERNALDATE"] for uid in (1, 2)] == arrived


@pytest.mark.dovecot
def test_dovecot_serves_the_demo_mailbox_unchanged(fresh_dovecot: Dovecot, checkout: Path) -> None:
    sent = list(messages(checkout / "data", seed=1, count=300, now=datetime(2020, 3, 23, 9, 0, tzinfo=UTC)))
    fresh_dovecot.fill(sent)
    with signed_in(fresh_dovecot) as client:
        client.normalise_times = False
        found = client.fetch(range(1, 301), ["BODY.PEEK[]", "INTERNALDATE"])
    assert [(found[uid][b"BODY[]"], found[uid][b"INTERNALDATE"]) for uid in range(1, 301)] == sent


@pytest.mark.dovecot
def test_dovecot_takes_mail_by_lmtp(dovecot_server: Dovecot) -> None:
    with signed_in(dovecot_server) as client:
        before = len(client.search("ALL"))
        dovecot_server.deliver(MAIL)
        client.noop()
        assert len(client.search("ALL")) == before + 1


@pytest.mark.postgres
def test_each_postgres_database_is_empty(postgres_server: Postgres, postgres_url: str) -> None:
    assert postgres_server.new_database() != postgres_url
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    assert row == (0,)


def test_a_caught_message_keeps_envelope_and_octets(smtp_server: FaultySmtp) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.sendmail("desk@example", ["a@firma.example"], MAIL)
    [caught] = smtp_server.caught
    assert (caught.sender, caught.recipients, caught.octets) == ("desk@example", ("a@firma.example",), MAIL)


def test_a_refused_recipient_leaves_nothing(smtp_server: FaultySmtp) -> None:
    smtp_server.recipient_answer = lambda address: "550 5.1.1 unknown"
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("desk@example", ["a@firma.example"], MAIL)
    assert smtp_server.caught == []


def test_a_dropped_connection_after_the_dot_keeps_the_message(smtp_server: FaultySmtp) -> None:
    smtp_server.drop_after_dot = True
    with pytest.raises(smtplib.SMTPServerDisconnected), smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.sendmail("desk@example", ["a@firma.example"], MAIL)
    assert len(smtp_server.caught) == 1


def test_a_tls_server_refuses_mail_before_starttls(tmp_path: Path) -> None:
    context, _ = tls_context(tmp_path)
    with FaultySmtp(tls=context) as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert client.mail("desk@example")[0] == 530
