"""The whole flow: a mailbox, `triage serve` over it, a ranked queue on the web and receipts at the suppliers."""

import re
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest

from tests.e2e.labelled_mail import DESK, LabelledMail, addresses, labelled_mails, languages, rule_of
from tests.e2e.running_desk import RunningDesk
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Caught, FaultySmtp
from tests.unit.web.asking import token_on
from triage.demo.imap import EmbeddedImap

NAME, PASSWORD = "kari", "et langt passord 1"
LONGEST = 150.0  # seconds for all the mail; alone on two cores it takes a quarter of that
LEASE = 60.0  # seconds until another process may take over from one that was killed
COMMON_WORDS = {"nb": ("og", "ikke", "er"), "en": ("and", "not", "is")}
BY_ITS_TEXT = ("forwarded_by_colleague",)
CASE_NUMBER = re.compile(r"\[(SM-\d{6})\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mailbox on a server, as the desk is told to find it."""

    settings: Mapping[str, str]
    sets: Sequence[str]
    lay_in: Callable[[Sequence[bytes]], None]


@contextmanager
def on_dovecot(server: Dovecot) -> Iterator[Mailbox]:
    settings = {
        "TRIAGE_IMAP_HOST": "localhost",
        "TRIAGE_IMAP_PORT": str(server.imaps_port),
        "TRIAGE_IMAP_CA_FILE": str(server.certificate),
    }

    def lay_in(mails: Sequence[bytes]) -> None:
        server.fill((octets, now()) for octets in mails)

    yield Mailbox(settings=settings, sets=("d1", "d2", "d3"), lay_in=lay_in)


@contextmanager
def embedded() -> Iterator[Mailbox]:
    with EmbeddedImap() as server:
        settings = {
            "TRIAGE_IMAP_HOST": server.host,
            "TRIAGE_IMAP_PORT": str(server.port),
            "TRIAGE_IMAP_ENCRYPTION": "none",
        }

        def lay_in(mails: Sequence[bytes]) -> None:
            for octets in mails:
                server.add(octets, now())

        yield Mailbox(settings=settings, sets=("d1",), lay_in=lay_in)


@pytest.fixture(params=[pytest.param("dovecot", marks=pytest.mark.dovecot), "embedded"])
def mailbox(request: pytest.FixtureRequest) -> Iterator[Mailbox]:
    if request.param == "embedded":
        with embedded() as box:
            yield box
    else:
        with on_dovecot(request.getfixturevalue("fresh_dovecot")) as box:
            yield box


@pytest.fixture
def desk_on(tmp_path: Path, smtp_server: FaultySmtp, artifacts: Path) -> Callable[[Mailbox], RunningDesk]:
    """A desk for a mailbox, not yet started."""

    def made(mailbox: Mailbox) -> RunningDesk:
        home = tmp_path / "home"
        home.mkdir()
        shutil.copytree(artifacts, home / "artifacts")
        account = {"TRIAGE_IMAP_USER": "mottak", "TRIAGE_IMAP_PASSWORD": "hemmelig", "TRIAGE_OWN_ADDRESSES": DESK}
        return RunningDesk(home, {**mailbox.settings, **account, "TRIAGE_SMTP_PORT": str(smtp_server.port)})

    return made


def test_the_table_of_receipts_due_says_what_the_header_fields_say(checkout: Path) -> None:
    mails = labelled_mails(checkout / "data")
    wrong = {}
    for place, mail in enumerate(mails):
        rule = rule_of(mail, mails[:place])
        if rule != (mail.rule if mail.due == "no" and mail.rule not in BY_ITS_TEXT else ""):
            wrong[mail.file] = (mail.due, mail.rule, rule)
    assert wrong == {}


def test_from_the_mailbox_to_the_queue_and_the_receipts_and_never_twice(
    mailbox: Mailbox, desk_on: Callable[[Mailbox], RunningDesk], smtp_server: FaultySmtp, checkout: Path
) -> None:
    mails = labelled_mails(checkout / "data", mailbox.sets)
    mailbox.lay_in([mail.octets for mail in mails])
    with desk_on(mailbox) as desk:
        desk.wait_for(lambda: desk.settled(len(mails)), LONGEST)
        check_rows(desk, mails)
        check_queue(desk)
        check_receipts(desk, mails, smtp_server.caught, languages(checkout / "reply_templates"))
        before, sent = desk.everything(), len(smtp_server.caught)
        assert desk.stop() == 0
        assert desk.children_after(5) == []
        assert '"found": 0' in desk.run("poll", "--once", "--json")
        assert desk.everything() == before
        mailbox.lay_in([a_last_mail()])
        desk.start()
        desk.wait_for(lambda: desk.settled(len(mails) + 1), LONGEST)
        check_nothing_changed(before, desk.everything())
        assert [caught.recipients for caught in smtp_server.caught[sent:]] == [("siste@firma.example",)]
        assert desk.stop() == 0


def test_a_desk_that_is_killed_amid_its_work_goes_on_and_sends_nothing_twice(
    desk_on: Callable[[Mailbox], RunningDesk], smtp_server: FaultySmtp, checkout: Path
) -> None:
    reached, killed = threading.Event(), threading.Event()

    def answer(_message: Caught) -> str:
        if len(smtp_server.caught) == 5 and not reached.is_set():
            reached.set()
            killed.wait(30)
        return "250 taken"

    smtp_server.message_answer = answer
    mails = labelled_mails(checkout / "data", ("d3",))
    with embedded() as mailbox:
        mailbox.lay_in([mail.octets for mail in mails])
        with desk_on(mailbox) as desk:
            desk.wait_for(reached.is_set, LONGEST)
            desk.kill()
            killed.set()
            [(waiting,)] = desk.rows("SELECT count(*) FROM message WHERE state = 'stored'")
            assert waiting, "it was killed too late to be amid its work"
            [(in_flight,)] = desk.rows("SELECT msgid FROM outbox WHERE state = 'sending'")
            assert desk.children_after(5) == []
            desk.start()
            desk.wait_for(lambda: unsent(desk, len(mails)) == [(in_flight,)], LEASE + LONGEST)
            assert desk.stop() == 0
            check_rows(desk, mails)
            check_receipts(desk, mails, smtp_server.caught, languages(checkout / "reply_templates"))


def unsent(desk: RunningDesk, messages: int) -> list[tuple[str]] | None:
    """The replies that are not sent, once all messages are triaged."""
    if desk.rows("SELECT count(*) FROM message WHERE state = 'triaged'") != [(messages,)]:
        return None
    return desk.rows("SELECT msgid FROM outbox WHERE state != 'sent'")


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def a_last_mail() -> bytes:
    mail = EmailMessage()
    mail["Return-Path"], mail["From"], mail["To"] = "<siste@firma.example>", "siste@firma.example", DESK
    mail["Subject"], mail["Message-ID"] = "Tilbud på hansker", "<siste@firma.example>"
    mail.set_content("Hei, vi har 20 000 nitrilhansker på lager i Oslo.\n")
    return mail.as_bytes()


def check_rows(desk: RunningDesk, mails: Sequence[LabelledMail]) -> None:
    """Every mail has one row with a reading and a case, in the order of the mailbox."""
    rows = desk.rows("SELECT uid, sha256, state FROM message ORDER BY uid")
    assert rows == [(n, sha256(mail.octets).hexdigest(), "triaged") for n, mail in enumerate(mails, 1)]
    assert desk.rows("SELECT count(*) FROM reading") == [(len(mails),)]
    assert desk.rows("SELECT count(*) FROM message WHERE case_id NOT IN (SELECT id FROM supply_case)") == [(0,)]
    assert desk.rows("SELECT id FROM supply_case WHERE id NOT IN (SELECT case_id FROM message)") == []


class QueueRows(HTMLParser):
    """Reads case and score out of each row of the queue, and where the next page is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cases: list[int] = []
        self.scores: list[float] = []
        self.next = ""
        self._in_score = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._in_score = said.get("class") == "score"
        if case := re.match(r"/cases/(\d+)", said.get("href", "")):
            self.cases.append(int(case[1]))
        if said.get("rel") == "next":
            self.next = said["href"]

    def handle_data(self, data: str) -> None:
        if self._in_score:
            self.scores.append(float(data.replace("−", "-").replace(",", ".").replace("\u00a0", "")))
            self._in_score = False


def check_queue(desk: RunningDesk) -> None:
    """A user who was added signs in and finds every case by rank, page after page, as in the database."""
    desk.run("users", "add", NAME, said=PASSWORD + "\n")
    cases: list[int] = []
    scores: list[float] = []
    with httpx2.Client(base_url=desk.address, follow_redirects=True, timeout=30) as client:
        assert client.get("/queue").url.path == "/sign-in"
        form = {"name": NAME, "password": PASSWORD, "csrf": token_on(client.get("/sign-in"), "/sign-in")}
        wrong = client.post("/sign-in", data=form | {"password": "et annet passord 2"})
        assert wrong.url.path == "/sign-in"
        form["csrf"] = token_on(wrong, "/sign-in")
        page = client.post("/sign-in", data=form)
        assert page.url.path == "/queue"
        while True:
            shown = QueueRows(page.text)
            cases += shown.cases
            scores += shown.scores
            if not shown.next:
                break
            page = client.get(shown.next)
    ranked = desk.rows("SELECT id, score FROM supply_case ORDER BY score DESC, arrived, id")
    assert cases == [case for case, _ in ranked]
    assert scores == sorted(scores, reverse=True)
    assert scores == pytest.approx([score for _, score in ranked], abs=0.0501)
    assert len(set(scores)) > len(scores) / 10, "a queue in which all are alike is not ranked"


def check_receipts(
    desk: RunningDesk,
    mails: Sequence[LabelledMail],
    caught: Sequence[Caught],
    language_of: Callable[[str], str],
) -> None:
    """Whoever is owed a receipt got one, nobody else got any, and each says what it must."""
    by_id = {mail.message_id: mail for mail in mails}
    assert len(by_id) == len(mails)
    # as it stands there: an encoded msg-id, which this library would decode, joins no thread at the supplier's
    named = [str(message_from_bytes(one.octets)["In-Reply-To"]) for one in caught]
    answered = Counter(by_id[msgid].file for msgid in named)
    doubled = [file for file, times in answered.items() if times > 1]
    lacking = [mail.file for mail in mails if mail.due == "yes" and mail.file not in answered]
    unasked = [f"{mail.file} ({mail.rule})" for mail in mails if mail.due == "no" and mail.file in answered]
    assert (doubled, lacking, unasked) == ([], [], [])
    numbers = dict(desk.rows("SELECT sha256, number FROM message JOIN supply_case c ON c.id = case_id"))
    for one, msgid in zip(caught, named, strict=True):
        receipt = message_from_bytes(one.octets, policy=default)
        mail = by_id[msgid]
        check_receipt(receipt, one, mail, language_of(mail.language), numbers[sha256(mail.octets).hexdigest()])


def check_receipt(receipt: EmailMessage, caught: Caught, mail: LabelledMail, language: str, number: str) -> None:
    assert receipt.defects == [], mail.file
    assert [one.lower() for one in caught.recipients] == [mail.sender], mail.file
    assert addresses(receipt, "To") == [mail.sender], mail.file
    assert not {"Cc", "Bcc"} & set(receipt.keys()), mail.file
    assert addresses(receipt, "From") == [DESK], mail.file
    assert caught.sender == "<>", mail.file
    assert receipt["Auto-Submitted"] == "auto-replied", mail.file
    assert mail.message_id in message_from_bytes(caught.octets)["References"].split(), mail.file
    assert receipt["Content-Language"] == language, mail.file
    named = CASE_NUMBER.search(receipt["Subject"])
    assert named, mail.file
    assert named[1] == number, mail.file
    part = receipt.get_body(("plain",))
    assert part, mail.file
    text = part.get_content()
    assert number in text, mail.file
    words = Counter(text.lower().split())
    written = {of: sum(words[word] for word in common) for of, common in COMMON_WORDS.items()}
    assert max(written, key=lambda of: written[of]) == language, mail.file


def check_nothing_changed(
    before: Mapping[str, Sequence[tuple[object, ...]]], after: Mapping[str, Sequence[tuple[object, ...]]]
) -> None:
    """All rows of before are there as they were; what one more mail brings is beside them."""
    for table, rows in before.items():
        if table != "mailbox_cursor":
            assert not set(rows) - set(after[table]), table
    for table in ("message", "supply_case", "outbox"):
        assert len(after[table]) == len(before[table]) + 1, table
