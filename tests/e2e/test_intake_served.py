"""The desk at work on its mailboxes: woken by the server, several at once, each trouble told, nothing gone past."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.e2e.program import triage
from tests.e2e.running_desk import RunningDesk
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import FaultySmtp

pytestmark = pytest.mark.dovecot


def offer(number: int, to: str = "mottak@mottak.example") -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Kari Nordmann <kari@firma{number}.example>"
    mail["To"] = to
    mail["Subject"] = f"Tilbud {number}"
    mail["Message-ID"] = f"<tilbud-{number}@firma{number}.example>"
    mail["Return-Path"] = f"<kari@firma{number}.example>"
    mail.set_content(f"Hei, vi tilbyr {number}000 FFP2-masker, EN 149, pris 12 kr per stk. Levering uke 16.\n")
    return mail.as_bytes()


def at_dovecot(dovecot: Dovecot) -> dict[str, str]:
    return {
        "TRIAGE_IMAP_HOST": "localhost",
        "TRIAGE_IMAP_PORT": str(dovecot.imaps_port),
        "TRIAGE_IMAP_USER": "mottak",
        "TRIAGE_IMAP_PASSWORD": "hemmelig",
        "TRIAGE_IMAP_CA_FILE": str(dovecot.certificate),
        "TRIAGE_OWN_ADDRESSES": "mottak@mottak.example",
    }


def test_the_server_wakes_the_desk_and_a_receipt_goes_out_between_two_polls(
    tmp_path: Path, artifacts: Path, fresh_dovecot: Dovecot, smtp_server: FaultySmtp
) -> None:
    shutil.copytree(artifacts, tmp_path / "artifacts")
    settings = at_dovecot(fresh_dovecot) | {
        "TRIAGE_SMTP_PORT": str(smtp_server.port),
        "TRIAGE_POLL_SECONDS": "3600",
        "TRIAGE_DELIVER_SECONDS": "3600",
    }
    with RunningDesk(tmp_path, settings) as desk:
        desk.wait_for(lambda: desk.rows("SELECT * FROM mailbox_cursor"), 60)
        time.sleep(2)  # the watch opens its connection beside the first poll
        fresh_dovecot.deliver(offer(1))
        desk.wait_for(lambda: desk.rows("SELECT * FROM outbox WHERE state = 'sent'"), 60)
        assert desk.stop() == 0
    assert [mail.recipients for mail in smtp_server.caught] == [("kari@firma1.example",)]


def test_mailboxes_are_read_side_by_side_and_the_trouble_of_one_is_told(
    tmp_path: Path, artifacts: Path, fresh_dovecot: Dovecot, smtp_server: FaultySmtp
) -> None:
    shutil.copytree(artifacts, tmp_path / "artifacts")
    with IMAPClient("localhost", port=fresh_dovecot.imaps_port, ssl_context=fresh_dovecot.ssl_context()) as client:
        client.login("mottak", "hemmelig")
        for folder in ("Innkjøp & æøå", "Tilbud"):
            client.create_folder(folder)
            client.append(folder, offer(len(folder)), msg_time=datetime.now(UTC))
    common = f'host = "localhost"\nport = {fresh_dovecot.imaps_port}\nca_file = "{fresh_dovecot.certificate}"\n'
    common += 'user = "mottak"\npassword = "hemmelig"\n'
    folders = {"one": "Innkjøp & æøå", "two": "Tilbud", "three": "There is none"}
    tables = "".join(
        f'[[mailbox]]\nname = "{name}"\nfolder = "{folder}"\n{common}\n' for name, folder in folders.items()
    )
    file = tmp_path / "mailboxes.toml"
    file.write_text(tables, encoding="utf-8")
    file.chmod(0o600)
    settings = {
        "TRIAGE_MAILBOXES_FILE": str(file),
        "TRIAGE_OWN_ADDRESSES": "mottak@mottak.example",
        "TRIAGE_SMTP_PORT": str(smtp_server.port),
    }
    with RunningDesk(tmp_path, settings) as desk:
        desk.wait_for(lambda: desk.settled(2), 60)
        desk.wait_for(lambda: desk.rows("SELECT * FROM trouble WHERE name = 'poll three'"), 30)
        [(text, refused)] = desk.rows("SELECT text, refused FROM trouble WHERE name = 'poll three'")
        assert desk.stop() == 0
    assert "There is none" in text
    assert refused
    assert sorted(desk.rows("SELECT mailbox, uid FROM message")) == [("one", 1), ("two", 1)]
    once = triage(tmp_path, "poll", "--once", "--json", settings=settings)
    assert once.status == 1
    assert [line["mailbox"] for line in once.lines] == ["one", "two"]
    assert "There is none" in once.errors


def test_a_dry_run_writes_nothing_and_a_reconcile_finds_what_polls_went_past(
    tmp_path: Path, fresh_dovecot: Dovecot
) -> None:
    settings = at_dovecot(fresh_dovecot)
    old = datetime.now(UTC) - timedelta(days=3)
    fresh_dovecot.fill((offer(number), old if number < 3 else datetime.now(UTC)) for number in range(5))
    [seen] = triage(tmp_path, "poll", "--dry-run", "--json", settings=settings).lines
    assert (seen["found"], seen["backfilled"], seen["first_start"]) == (5, 3, True)
    assert not (tmp_path / "triage.db").exists()
    [polled] = triage(tmp_path, "poll", "--once", "--json", settings=settings).lines
    assert (polled["stored"], polled["backfilled"]) == (5, 3)
    [again] = triage(tmp_path, "poll", "--dry-run", "--json", settings=settings).lines
    assert (again["found"], again["first_start"]) == (0, False)
    desk = RunningDesk(tmp_path, settings)
    [(octets_of_one,)] = desk.rows("SELECT count(*) FROM message_octets WHERE message_id = 2")
    assert octets_of_one == 1
    lose(tmp_path, 2)
    [compared] = triage(tmp_path, "poll", "--reconcile", "--json", settings=settings).lines
    assert (compared["on_server"], compared["missing"], compared["stored"]) == (5, [2], 1)
    [clean] = triage(tmp_path, "poll", "--reconcile", "--json", settings=settings).lines
    assert (clean["with_row"], clean["missing"]) == (5, [])
    both = triage(tmp_path, "poll", "--reconcile", "--dry-run", settings=settings)
    assert both.status == 2


def lose(home: Path, uid: int) -> None:
    """Take the row of a message away, as a restored backup or a fault of ours might."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(home / "triage.db")) as database:
        database.execute("DELETE FROM message_octets WHERE message_id = (SELECT id FROM message WHERE uid = ?)", (uid,))
        database.execute("DELETE FROM message WHERE uid = ?", (uid,))
        database.commit()
