"""Rows C06 and C07: what a mail of NULs, halves of letters and evil names decodes to is stored everywhere, in full."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.making import NOW, raw, triaged
from triage.adapters.documents import read_document
from triage.adapters.store import SqlStore
from triage.ports import Cursor
from triage.stages.parse import parse

HERE = Cursor(mailbox="INBOX", uidvalidity=7, last_uid=1, backfill_before=NOW)
NAMES = [
    "../../etc/x.csv",
    "\\\\host\\c$\\x.csv",
    "CON",
    "a\u202efdp.exe",
    "\u200b.htaccess",
    "n" * 300 + ".pdf",
    "a\0b.csv",
]
HEAD = b"From: K\xc3\xa5re\0 <k@firma.example>\nSubject: =?utf-8?B?7aCA?= Ti\0lbud =?utf-8?Q?=00_200?=\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset="
LONE = "200 visir på lager \ud800".encode("utf-16-le", "surrogatepass")
FILE = b'--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename="%b"\n\na;\0b\n'
MAILS = {
    "nul": PLAIN + b"utf-8\n\nf\0r 200 visir \xed\xa0\x80 p\xc3\xa5 lager\n",
    "utf-7": PLAIN + b"utf-7\n\n+2AA- 200 visir p\xc3\xa5 lager +AAA-\n",
    "utf-16": PLAIN + b"utf-16\n\n" + LONE,
    "html": HEAD + b"Content-Type: text/html\n\n<p>200 visir p&aring; lager &#0; &#xd800; \xed\xa0\x80</p>\n",
    "names": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\n200 visir p\xc3\xa5 lager\n'
    + b"".join(FILE % name.encode() for name in NAMES)
    + b"--b--\n",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    sqlite = f"sqlite:///{tmp_path}/desk.db"
    url = sqlite if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


@pytest.mark.parametrize("trouble", sorted(MAILS))
def test_what_a_mail_decodes_to_is_stored_and_its_other_text_kept(store: SqlStore, trouble: str) -> None:
    mail = parse(MAILS[trouble], read_document)
    assert "200 visir" in mail.text
    assert "på lager" in mail.text
    assert "200" in mail.subject
    store.add_messages(HERE, [raw(1, MAILS[trouble])])
    (pending,) = store.pending(10)
    case_id = store.record(pending.id, triaged(mail), join=lambda _: None, compose=lambda _: None, now=NOW)
    case = store.case(case_id)
    assert case is not None
    (kept,) = [message.triaged for message in case.messages]
    assert kept is not None
    assert kept.mail == mail


def test_names_of_attachments_name_no_place_and_mislead_nobody() -> None:
    names = [one.name for one in parse(MAILS["names"], read_document).attachments]
    shown = ["x.csv", "x.csv", "_CON", "afdp.exe", "htaccess", "n" * 116 + ".pdf", "a�b.csv"]
    assert names == shown
