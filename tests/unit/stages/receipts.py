"""Hand-made triages for the tests of the receipts."""

from datetime import UTC, date, datetime
from typing import Any

from models.assessment import Assessment, Priority
from models.case import Triaged
from models.mail import ParsedMail, Screening, ScreeningKind, Separated
from models.reading import Claim, Judgement, OfferLine, Polarity, Reading, Span, Supplier, Where
from models.reply import ReplyDecision, ReplyKind
from tests.unit.stages.mails import mail_saying
from triage.adapters.knowledge.replies import load
from triage.resources import root
from triage.stages.compose import compose_receipt

KNOWLEDGE = load(root())
NOW = datetime(2020, 4, 1, 12, 0, tzinfo=UTC)


def claim(code: str, polarity: Polarity = Polarity.ASSERTED) -> Claim:
    """A claim in the body."""
    span = Span(where=Where.BODY, start=0, end=1, text="x")
    return Claim(code=code, polarity=polarity, span=span, rule="t")


def screened(**changes: object) -> Screening:
    """The screening of a mail that may be answered."""
    fields: dict[str, object] = {"kind": ScreeningKind.PERSONAL, "rule": "", "evidence": "", "answerable": True}
    return Screening(**{**fields, "reply_to": "kari@supplier.example", **changes})  # type: ignore[arg-type]


def reading(
    *claims: Claim,
    intent: str = "offer",
    language: str = "nb",
    categories: tuple[str, ...] = ("gloves",),
    lines: tuple[OfferLine, ...] = (),
    email: str | None = None,
) -> Reading:
    """A reading of what is given."""
    judgement = Judgement(
        intent=intent, intent_confidence=1, intent_scores={}, categories=categories, category_scores={}, uncertain=False
    )
    supplier = Supplier(email=email)
    return Reading(language=language, judgement=judgement, claims=claims, offer_lines=lines, supplier=supplier)


def triaged(
    read: Reading, *, missing: tuple[str, ...] = (), mail: ParsedMail | None = None, to: str = "kari@supplier.example"
) -> Triaged:
    """A triage that decided on a receipt."""
    language = KNOWLEDGE.reads.get(read.language, KNOWLEDGE.default_language)
    return Triaged(
        mail=mail or mail_saying(""),
        screening=screened(reply_to=to),
        separated=Separated(segments=(), new_text="", original_from=None),
        reading=read,
        assessment=Assessment(on=date(2020, 4, 1), proof=(), findings=(), missing=missing, risk_signs=()),
        priority=Priority(score=0, band="none", reasons=()),
        reply=ReplyDecision(kind=ReplyKind.RECEIPT, language=language, to=to),
        knowledge="",
        artifact="",
    )


def receipt(found: Triaged, number: str = "SM-000042", organisation: str = "Innkjøpsetaten") -> Any:
    """The receipt for `found`."""
    return compose_receipt(
        found,
        case_number=number,
        sender="desk@buyer.example",
        organisation=organisation,
        message_id_key=b"a key for tests",
        now=NOW,
        knowledge=KNOWLEDGE,
    )
