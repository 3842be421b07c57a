"""Staff who stay in their mail program see what was found, where that is asked for; otherwise nothing is written."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from models.label import LabelField
from tests.e2e.program import triage
from tests.e2e.running_desk import RunningDesk
from tests.servers.dovecot import Dovecot
from triage.adapters.store import SqlStore
from triage.demo.imap import EmbeddedImap
from triage.demo.imap_session import Connection

READING = {
    "CAPABILITY", "LOGIN", "LOGOUT", "EXAMINE", "NOOP", "IDLE", "UID SEARCH", "UID FETCH", "LIST", "NAMESPACE",
}  # fmt: skip
ARRIVED = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def home(folder: Path, artifacts: Path) -> Path:
    shutil.copytree(artifacts, folder / "artifacts")
    return folder


def labelled(checkout: Path, count: int) -> list[tuple[bytes, datetime]]:
    files = sorted((checkout / "data" / "corpus" / "d1" / "mail").glob("*.eml"))[:count]
    return [(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), ARRIVED) for file in files]


def settings(port: int, mark: str = "") -> dict[str, str]:
    given = {
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": str(port),
        "IMAP_ENCRYPTION": "none",
        "IMAP_USER": "mottak",
        "IMAP_PASSWORD": "hemmelig",
        "REPLIES": "off",
        **({"IMAP_MARK": mark} if mark else {}),
    }
    return {f"TRIAGE_{name}": value for name, value in given.items()}


def test_unless_it_is_asked_for_a_mailbox_is_only_ever_examined(
    tmp_path: Path, artifacts: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    obey = Connection._obey

    async def recorded(self: Connection, tag: bytes, name: bytes, arguments: list[bytes]) -> None:
        said.append(name.decode())
        await obey(self, tag, name, arguments)

    monkeypatch.setattr(Connection, "_obey", recorded)
    desk = home(tmp_path, artifacts)
    with EmbeddedImap(labelled(checkout, 3)) as server:
        for verb in (("poll", "--once"), ("work", "--once"), ("poll", "--reconcile"), ("check",)):
            done = triage(desk, *verb, "--json", settings=settings(server.port))
            assert done.status == 0 or verb == ("check",), done.errors
        assert all(not message.flags for message in server.folder.held)
    assert {"EXAMINE", "UID FETCH"} <= set(said) <= READING


@pytest.mark.dovecot
def test_mail_is_moved_by_category_and_is_neither_new_nor_lost(
    tmp_path: Path, artifacts: Path, checkout: Path, fresh_dovecot: Dovecot
) -> None:
    mails = labelled(checkout, 20)
    fresh_dovecot.fill(mails)
    desk, given = home(tmp_path, artifacts), settings(fresh_dovecot.imap_port, "folders")
    assert triage(desk, "poll", "--once", settings=given).status == 0
    [triaged, marked] = triage(desk, "work", "--once", "--json", settings=given).lines
    assert (triaged["triaged"], marked["refused"], marked["gone"]) == (20, 0, 0)
    assert marked["marked"] > 0
    with IMAPClient("127.0.0.1", port=fresh_dovecot.imap_port, ssl=False, timeout=20) as client:
        client.login("mottak", "hemmelig")
        sorted_ = {
            name: client.folder_status(name, ["MESSAGES"])[b"MESSAGES"]
            for _flags, _separator, name in client.list_folders()
            if name.startswith("Sortert/")
        }
        left = client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"]
    assert (sum(sorted_.values()), left) == (marked["marked"], 20 - marked["marked"])
    [polled] = triage(desk, "poll", "--once", "--json", settings=given).lines
    assert (polled["found"], polled["stored"]) == (0, 0)
    [compared] = triage(desk, "poll", "--reconcile", "--json", settings=given).lines
    assert (compared["missing"], compared["gone"]) == ([], marked["marked"])
    [again, nothing] = triage(desk, "work", "--once", "--json", settings=given).lines
    assert (again["triaged"], nothing["marked"], nothing["gone"]) == (0, 0, 0)


def test_a_folder_that_mail_moves_into_is_not_read_as_well(tmp_path: Path) -> None:
    given = settings(1, "folders") | {"TRIAGE_IMAP_MAILBOX": "INBOX.Sortert.hansker"}
    done = triage(tmp_path, "work", "--once", settings=given)
    assert done.status == 2
    assert "TRIAGE_IMAP_MARK: mail would move into 'Sortert/Hansker', which is read as mailbox" in done.fault


@pytest.mark.dovecot
def test_a_desk_that_serves_marks_what_comes_in_and_follows_a_correction(
    tmp_path: Path, artifacts: Path, checkout: Path, fresh_dovecot: Dovecot
) -> None:
    def borne() -> list[set[str]]:
        with IMAPClient("127.0.0.1", port=fresh_dovecot.imap_port, ssl=False, timeout=20) as client:
            client.login("mottak", "hemmelig")
            client.select_folder("INBOX", readonly=True)
            found = client.fetch(client.search("ALL"), ["FLAGS"]).values()
            return [{flag.decode() for flag in items[b"FLAGS"]} for items in found]

    def ours() -> list[set[str]]:
        return [{flag for flag in flags if flag.startswith("desk-")} for flags in borne()]

    fresh_dovecot.fill(labelled(checkout, 2))
    with RunningDesk(home(tmp_path, artifacts), settings(fresh_dovecot.imap_port, "keywords")) as desk:
        desk.wait_for(lambda: len(marks := ours()) == 2 and all(marks), 120)
        [(message_id,)] = desk.rows("SELECT min(id) FROM message")
        store = SqlStore(f"sqlite:///{tmp_path}/triage.db", case_prefix="SM")
        store.add_label(message_id, LabelField.CATEGORIES, "gown,testing", actor="kari", now=datetime.now(UTC))
        store.dispose()
        desk.wait_for(lambda: {"desk-gown", "desk-testing"} in ours(), 60)
        assert not any("\\Seen" in flags for flags in borne())
        assert desk.stop() == 0
    assert desk.log().count("ERROR") == 0
