"""The demo mailbox: its number, its proportions, its form, and that nobody says the same twice."""

import email
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from triage.demo.attached import as_pdf, as_xlsx
from triage.demo.mailbox import contents, messages, read_labelled
from triage.demo.plan import Planned, Proportions, apportion, read_proportions

NOW = datetime(2020, 3, 23, 9, 0, tzinfo=UTC)
COUNT = 2340
PLACEHOLDER = re.compile(r"[{}\[\]]")


class Mailbox:
    """A whole demo mailbox, made once."""

    def __init__(self, data: Path) -> None:
        made = list(contents(data, seed=2020, count=COUNT, now=NOW))
        self.arrived = [arrived for _, arrived in made]
        self.planned: list[tuple[Planned, bytes]] = [content for content, _ in made if not isinstance(content, bytes)]
        self.octets = [content if isinstance(content, bytes) else content[1] for content, _ in made]
        self.labelled = read_labelled(data / "corpus")
        self.intents = Counter(mail.intent for mail, _ in self.planned) + Counter(m.intent for m in self.labelled)
        self.languages = Counter(mail.language for mail, _ in self.planned) + Counter(m.language for m in self.labelled)
        self.made = [octets for _, octets in self.planned]
        self.mails = [email.message_from_bytes(octets) for octets in self.made]


@pytest.fixture(scope="module")
def data(checkout: Path) -> Path:
    return checkout / "data"


@pytest.fixture(scope="module")
def mailbox(data: Path) -> Mailbox:
    return Mailbox(data)


@pytest.fixture(scope="module")
def table(data: Path) -> Proportions:
    return read_proportions(data / "demo")


def texts(mail: Message) -> Iterator[str]:
    """The decoded text of every text part, without white space."""
    for part in mail.walk():
        if part.get_content_type() in {"text/plain", "text/html"} and not part.get_filename():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            yield "".join(payload.decode(part.get_content_charset() or "utf-8", "replace").split())


def sender(mail: Message) -> str:
    return parseaddr(str(mail["From"]))[1]


def test_it_holds_the_number_asked_for(mailbox: Mailbox) -> None:
    assert len(mailbox.octets) == COUNT
    assert len(mailbox.planned) == COUNT - len(mailbox.labelled)


def test_every_labelled_mail_is_in_it(mailbox: Mailbox) -> None:
    assert {mail.octets for mail in mailbox.labelled} <= set(mailbox.octets)


@pytest.mark.parametrize("small", [0, 1, 12, 240])
def test_a_small_mailbox_holds_the_number_asked_for(data: Path, small: int) -> None:
    assert len(list(messages(data, seed=1, count=small, now=NOW))) == small


def test_its_intents_match_the_table(mailbox: Mailbox, table: Proportions) -> None:
    for intent, share in table.intents.items():
        assert mailbox.intents[intent] / COUNT == pytest.approx(share, abs=0.01), intent


def test_its_languages_match_the_table(mailbox: Mailbox, table: Proportions) -> None:
    for language, share in table.languages.items():
        assert mailbox.languages[language] / COUNT == pytest.approx(share, abs=0.02), language
    assert (mailbox.languages["nb"] + mailbox.languages["nn"]) / COUNT == pytest.approx(0.6, abs=0.02)


def test_most_generated_offers_are_incomplete_as_the_table_says(mailbox: Mailbox, table: Proportions) -> None:
    offers = [mail for mail, _ in mailbox.planned if mail.intent == "offer"]
    complete = sum(not mail.lacking for mail in offers) / len(offers)
    assert complete == pytest.approx(table.offers.complete, abs=0.03)


def test_the_shares_of_the_table_add_up(table: Proportions) -> None:
    for shares in (table.intents, table.languages, table.categories):
        assert sum(shares.values()) == pytest.approx(1)


def test_apportioning_spends_every_unit() -> None:
    assert apportion({"a": 1, "b": 1, "c": 1}, 100).total() == 100
    assert apportion({"a": 0.64, "b": 0.36}, 50) == {"a": 32, "b": 18}


def test_no_body_occurs_twice(mailbox: Mailbox) -> None:
    bodies = Counter(octets.partition(b"\r\n\r\n")[2] for octets in mailbox.octets)
    assert [body for body, times in bodies.items() if times > 1] == []


def test_nobody_says_the_same_twice(mailbox: Mailbox) -> None:
    said = Counter(next(texts(mail), "") for mail in mailbox.mails)
    assert [text for text, times in said.items() if times > 1] == []


def test_no_message_id_occurs_twice(mailbox: Mailbox) -> None:
    ids = Counter(str(mail["Message-ID"]) for mail in mailbox.mails)
    assert [name for name, times in ids.items() if times > 1] == []


def test_mail_arrives_in_order_within_a_day_but_for_the_old(mailbox: Mailbox, table: Proportions) -> None:
    assert mailbox.arrived == sorted(mailbox.arrived)
    assert mailbox.arrived[-1] <= NOW
    old = [arrived for arrived in mailbox.arrived if arrived < NOW - timedelta(days=1)]
    assert len(old) == round(table.arrival.old * COUNT)
    assert mailbox.arrived[len(old)] >= NOW - timedelta(hours=table.arrival.hours)


def test_generated_mail_is_ascii_with_crlf_line_ends(mailbox: Mailbox) -> None:
    for octets in mailbox.made:
        assert octets.isascii()
        assert octets.endswith(b"\r\n")
        assert b"\n" not in octets.replace(b"\r\n", b"")
        assert b"\r" not in octets.replace(b"\r\n", b"")
        assert max(map(len, octets.split(b"\r\n"))) <= 998


def test_generated_mail_has_no_defects_and_no_placeholders(mailbox: Mailbox) -> None:
    for mail in mailbox.mails:
        assert [part.defects for part in mail.walk() if part.defects] == []
        assert all(mail[name] for name in ("From", "To", "Subject", "Date", "Message-ID"))
        subject = str(make_header(decode_header(str(mail["Subject"]))))
        assert not PLACEHOLDER.search(" ".join((subject, *texts(mail))))


def test_generated_mail_takes_many_forms(mailbox: Mailbox) -> None:
    types = Counter(part.get_content_type() for mail in mailbox.mails for part in mail.walk())
    wanted = {"multipart/alternative", "multipart/mixed", "message/rfc822", "multipart/report", "text/html"}
    assert wanted | {"text/csv", "application/pdf"} <= set(types)
    charsets = {part.get_content_charset() for mail in mailbox.mails for part in mail.walk()}
    assert {"utf-8", "iso-8859-1", "windows-1252", "gb18030"} <= charsets


def test_every_address_is_invented(mailbox: Mailbox) -> None:
    assert [address for address in map(sender, mailbox.mails) if not address.endswith(".example")] == []


def test_automatic_mail_says_so(mailbox: Mailbox) -> None:
    for (planned, _), mail in zip(mailbox.planned, mailbox.mails, strict=True):
        assert (mail["Auto-Submitted"] == "auto-replied") == (planned.intent in {"autoreply", "bounce"})
        assert (mail["List-Id"] is not None) == (planned.intent == "newsletter")


def test_an_answer_refers_to_earlier_mail_of_the_same_sender(mailbox: Mailbox) -> None:
    senders: dict[str, str] = {}
    answers = []
    for mail in mailbox.mails:
        if mail["In-Reply-To"]:
            answers.append((str(mail["In-Reply-To"]), sender(mail)))
        senders[str(mail["Message-ID"])] = sender(mail)
    assert len(answers) > 100
    same = sum(senders.get(answered) == author for answered, author in answers)
    assert same / len(answers) > 0.9  # the others answer mail that a colleague forwarded


def test_the_same_seed_makes_the_same_octets(data: Path) -> None:
    first, second = (list(messages(data, seed=7, count=400, now=NOW)) for _ in range(2))
    assert first == second
    assert first != list(messages(data, seed=8, count=400, now=NOW))


def test_attached_lists_can_be_read() -> None:
    rows = (("FFP2-masker", "1 000", "kr 20,50"), ("Visir & briller <klare>", "5", "(fritt)"))
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows))).active
    assert sheet is not None
    assert tuple(sheet.values) == rows
    document = pypdfium2.PdfDocument(as_pdf(rows))
    page = document[0]
    shown = page.get_textpage().get_text_bounded()
    document.close()
    assert "FFP2-masker - 1 000 - kr 20,50" in shown
    assert "(fritt)" in shown
