"""RawMessage → Triaged: the whole of what happens to a message, on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from classifiers.training import TrainedClassifier
from models.case import Triaged
from models.knowledge import Knowledge
from models.mail import NO_KEY, DocumentText, ParsedMail, RawMessage
from models.reading import Evidence
from triage.stages.assess import assess
from triage.stages.bounded import bounded
from triage.stages.compose import decide_reply
from triage.stages.parse import parse
from triage.stages.rank import rank
from triage.stages.read import build_evidence, read
from triage.stages.screen import screen
from triage.stages.separate import separate

ReadDocument = Callable[[str, str, bytes], DocumentText]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every message is triaged with: knowledge, classifier, the reader of attachments, the desk's own addresses.

    `on` is the date whose rules apply; None: the date of the topmost Received field, which our own server wrote, else
    of INTERNALDATE, else (a file has none) of the Date field.
    """

    knowledge: Knowledge
    classifier: TrainedClassifier
    read_document: ReadDocument
    own_addresses: tuple[str, ...]
    replies_on: bool
    on: date | None = None


def examine(
    octets: bytes, knowledge: Knowledge, read_document: ReadDocument, own_addresses: tuple[str, ...]
) -> Evidence:
    """What intent and categories of the mail in `octets` are judged by: what training learns from."""
    mail = bounded(parse(octets, read_document))
    screening = screen(mail, backfill=False, own_addresses=own_addresses, knowledge=knowledge.screening)
    return build_evidence(mail, screening, separate(mail, knowledge.separation), knowledge=knowledge)


def triage(raw: RawMessage, desk: Desk) -> Triaged:
    """Triage one message. The same octets, knowledge and classifier give the same result."""
    knowledge = desk.knowledge
    mail = bounded(parse(raw.octets, desk.read_document))
    screening = screen(
        mail,
        backfill=raw.backfill,
        own_addresses=desk.own_addresses,
        knowledge=knowledge.screening,
        source=raw.source,
    )
    separated = separate(mail, knowledge.separation)
    reading = read(mail, screening, separated, knowledge=knowledge, classifier=desk.classifier)
    on = desk.on or _arrived(mail, raw).date()
    assessment = assess(mail, separated, reading, knowledge.rules, on=on, own_addresses=desk.own_addresses)
    return Triaged(
        mail=mail,
        screening=screening,
        separated=separated,
        reading=reading,
        assessment=assessment,
        priority=rank(screening, reading, assessment, knowledge.ranking),
        reply=decide_reply(mail, screening, reading, replies_on=desk.replies_on, knowledge=knowledge.replies),
        knowledge=knowledge.digest,
        artifact=reading.judgement.artifact,
    )


def _arrived(mail: ParsedMail, raw: RawMessage) -> datetime:
    told = mail.date if raw.key == NO_KEY else None
    return mail.received or told or raw.internaldate
