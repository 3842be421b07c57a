"""Values that tests of the store and the jobs put in: made mails, triaged as a reader would."""

from datetime import UTC, date, datetime, timedelta

from models.assessment import Assessment, Priority, Reason, RiskSign
from models.case import Triaged
from models.mail import (
    Address,
    MessageKey,
    ParsedMail,
    RawMessage,
    Screening,
    ScreeningKind,
    Segment,
    SegmentKind,
    Separated,
)
from models.reading import Judgement, Reading, Supplier
from models.reply import ReplyDecision, ReplyDraft, ReplyKind

NOW = datetime(2020, 3, 30, 12, 0, tzinfo=UTC)


def raw(uid: int = 1, octets: bytes | None = None, *, uidvalidity: int = 7, mailbox: str = "INBOX") -> RawMessage:
    """A message that the server holds."""
    return RawMessage(
        key=MessageKey(mailbox=mailbox, uidvalidity=uidvalidity, uid=uid),
        octets=octets if octets is not None else f"Subject: offer {uid}\r\n\r\nMasks\r\n".encode(),
        internaldate=NOW - timedelta(minutes=uid),
    )


def mail(
    subject: str = "Offer of masks",
    *,
    sender: str = "li@factory.example",
    msgid: str = "a@factory.example",
    text: str = "We offer masks.",
    references: tuple[str, ...] = (),
) -> ParsedMail:
    """A decoded mail."""
    return ParsedMail(
        subject=subject,
        from_=(Address(name="Li", address=sender),),
        to=(),
        cc=(),
        reply_to=(),
        date=NOW,
        received=NOW,
        message_id=msgid,
        in_reply_to=references[-1:],
        references=references,
        return_path=sender,
        content_type="text/plain",
        headers=(("subject", subject),),
        text=text,
        hidden_text="",
        attachments=(),
        nested=(),
        defects=(),
    )


def triaged(
    of: ParsedMail | None = None,
    *,
    score: float = 10,
    band: str = "high",
    intent: str = "offer",
    categories: tuple[str, ...] = ("gloves",),
    company: str | None = "Factory Ltd",
    answered: bool = True,
    rule: str = "automatic-response",
) -> Triaged:
    """A mail as the pipeline leaves it."""
    of = of or mail()
    judgement = Judgement(
        intent=intent,
        intent_confidence=0.9,
        intent_scores={intent: 0.9},
        categories=categories,
        category_scores=dict.fromkeys(categories, 0.9),
        uncertain=True,
        artifact="artifact-1",
    )
    kind = ReplyKind.RECEIPT if answered else None
    return Triaged(
        mail=of,
        screening=Screening(kind=ScreeningKind.PERSONAL, rule="", evidence="", answerable=answered, reply_to=None),
        separated=Separated(
            segments=(Segment(kind=SegmentKind.NEW, start=0, end=len(of.text)),), new_text=of.text, original_from=None
        ),
        reading=Reading(language="en", judgement=judgement, supplier=Supplier(company=company)),
        assessment=Assessment(
            on=date(2020, 3, 30),
            proof=(),
            findings=(),
            missing=("price",),
            risk_signs=(RiskSign(code="free_mail_domain", reason="writes from a free address"),),
        ),
        priority=Priority(score=score, band=band, reasons=(Reason(code="need", points=score, texts=()),)),
        reply=ReplyDecision(
            kind=kind,
            language="en",
            to="li@factory.example" if answered else None,
            rule="" if answered else rule,
            reason="" if answered else "It was sent by a machine",
        ),
        knowledge="digest-1",
        artifact="artifact-1",
    )


def draft(number: str, *, version: int = 1) -> ReplyDraft:
    """A receipt."""
    return ReplyDraft(
        kind=ReplyKind.RECEIPT,
        version=version,
        language="en",
        subject=f"Re: [{number}] offer",
        message_id=f"<{number}.receipt.{version}@desk.example>",
        envelope_sender="desk@desk.example",
        recipient="li@factory.example",
        octets=b"Subject: Re\r\n\r\nThank you\r\n",
    )
