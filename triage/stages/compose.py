"""Whether a mail gets a receipt, and the receipt itself: facts, templates, header fields that cannot be injected."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import TYPE_CHECKING

from models.case import Triaged
from models.knowledge.replies import ReplyKnowledge
from models.mail import ParsedMail, Screening
from models.reading import Reading
from models.reply import ReplyDecision, ReplyDraft, ReplyKind
from triage.stages.receipt_facts import receipt_facts
from triage.stages.reply_policy import REPLY_POLICY
from triage.stages.safe_headers import ascii_address, echoed_subject, msgid, own_msgid, references
from triage.stages.senders import domain_of

if TYPE_CHECKING:
    from jinja2 import Environment

VERSION = 1
NULL_SENDER = ""
EXPECTED = (
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Precedence", "Content-Language", "MIME-Version", "Content-Type",
)  # fmt: skip


def decide_reply(
    mail: ParsedMail, screening: Screening, reading: Reading, *, replies_on: bool, knowledge: ReplyKnowledge
) -> ReplyDecision:
    """A receipt, or the first rule of `data/receipts.toml` that withholds it."""
    language = knowledge.reads.get(reading.language, knowledge.default_language)
    evidence: Mapping[str, Callable[[], str | None]] = {
        "replies_off": lambda: None if replies_on else "",
        "not_answerable": lambda: None if screening.answerable else screening.rule,
        "no_address": lambda: None if screening.reply_to else "",
        "address_not_ascii": lambda: None if ascii_address(screening.reply_to or "") else "",
        "passed_on": lambda: _passed_on(mail, screening, reading, knowledge),
    }
    for rule in knowledge.withhold:
        intent = reading.judgement.intent
        seen = (intent if intent in rule.intents else None) if rule.check == "intent" else evidence[rule.check]()
        if seen is not None:
            reason = dict(rule.texts).get(knowledge.reason_language, "").format(evidence=seen)
            rule_id = screening.rule if rule.check == "not_answerable" and screening.rule else rule.id
            return ReplyDecision(kind=None, language=language, to=None, rule=rule_id, reason=reason)
    return ReplyDecision(kind=ReplyKind.RECEIPT, language=language, to=screening.reply_to)


def _passed_on(mail: ParsedMail, screening: Screening, reading: Reading, knowledge: ReplyKnowledge) -> str | None:
    """The supplier's address when somebody of another domain passed his mail on."""
    theirs = reading.supplier.email
    if not theirs or domain_of(theirs) == domain_of(screening.reply_to or ""):
        return None
    marked = knowledge.forward_subject is not None and knowledge.forward_subject.match(mail.subject) is not None
    return theirs if marked or mail.nested else None


def compose_receipt(
    triaged: Triaged,
    *,
    case_number: str,
    sender: str,
    organisation: str,
    message_id_key: bytes,
    now: datetime,
    knowledge: ReplyKnowledge,
) -> ReplyDraft:
    """The receipt for a mail whose reply was decided, complete to the octet; the same arguments give the same octets.

    Nothing of the sender's own words is repeated but his subject, and that only where it is safe. The envelope sender
    is null, so that a bounce of it can never be answered.
    """
    decision = triaged.reply
    recipient = ascii_address(decision.to or "")
    if decision.kind is None or recipient is None:
        raise ValueError("compose_receipt needs a decision to reply, with an address")
    organisation = organisation.strip() or sender
    facts = receipt_facts(triaged, case_number, organisation, knowledge.words[decision.language], knowledge)
    identifier = own_msgid(case_number, decision.kind.value, VERSION, domain_of(sender), message_id_key)
    longest = knowledge.subject_length - len(f"Re:  [{case_number}]")
    echo = echoed_subject(triaged.mail.subject, knowledge.reply_subject, longest)
    for subject, thread in ((echo, True), ("", False)):
        text, html = (_render(knowledge, decision.language, f, {**facts, "subject": subject}) for f in ("txt", "html"))
        title, _, body = text.partition("\n")
        message = _fields(title.strip(), sender, organisation, recipient, identifier, now)
        if thread:
            _thread(message, triaged.mail, knowledge)
        _mark(message, domain_of(sender), knowledge)
        octets = _with_bodies(message, body.strip() + "\n", html, decision.language, identifier)
        if _is_as_meant(octets, identifier, knowledge):
            break
    return ReplyDraft(
        kind=decision.kind,
        version=VERSION,
        language=decision.language,
        subject=title.strip(),
        message_id=identifier,
        envelope_sender=NULL_SENDER,
        recipient=recipient,
        octets=octets,
    )


def _fields(
    subject: str, sender: str, organisation: str, recipient: str, identifier: str, now: datetime
) -> EmailMessage:
    message = EmailMessage(policy=REPLY_POLICY)
    message["From"] = formataddr((organisation, sender))
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = identifier
    return message


def _thread(message: EmailMessage, mail: ParsedMail, knowledge: ReplyKnowledge) -> None:
    answered = msgid(mail.message_id)
    if answered is None:
        return
    message["In-Reply-To"] = answered
    thread = references(mail.references, answered, most=knowledge.most_references, longest=knowledge.references_length)
    message["References"] = " ".join(thread)


def _mark(message: EmailMessage, instance: str, knowledge: ReplyKnowledge) -> None:
    """The marks by which other responders, and we ourselves, know an automatic reply (RFC 3834 §3.1)."""
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "bulk"
    message[knowledge.loop_header] = instance


def _with_bodies(message: EmailMessage, text: str, html: str, language: str, identifier: str) -> bytes:
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # only now: what describes the content moves into the first part
    message.set_boundary("=_" + identifier.strip("<>").partition("@")[0])
    return message.as_bytes()


def _is_as_meant(octets: bytes, identifier: str, knowledge: ReplyKnowledge) -> bool:
    """Whether the octets, read again, hold the header fields that were set, once each, and no other."""
    again = message_from_bytes(octets, policy=SMTP)
    names = [name.lower() for name, _ in again.items()]
    allowed = {name.lower() for name in (*EXPECTED, knowledge.loop_header)}
    return len(names) == len(set(names)) and set(names) <= allowed and str(again["Message-ID"]) == identifier


@lru_cache(maxsize=4)
def _templates(knowledge: ReplyKnowledge) -> "Environment":
    """The templates: HTML is escaped, text is not, and a name that no fact has is a fault of ours."""
    from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape

    return Environment(
        loader=DictLoader(dict(knowledge.templates)),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(knowledge: ReplyKnowledge, language: str, form: str, facts: Mapping[str, object]) -> str:
    return _templates(knowledge).get_template(f"{language}/{ReplyKind.RECEIPT.value}.{form}.j2").render(facts)
