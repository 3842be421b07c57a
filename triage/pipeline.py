"""RawMessage → Triaged: the whole of what happens to a message, on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from classifiers.training import TrainedClassifier
from models.case import Triaged
from models.knowledge import Knowledge
from models.mail import DocumentText, ParsedMail, RawMessage
from triage.stages.assess import assess
from triage.stages.compose import decide_reply
from triage.stages.parse import parse
from triage.stages.rank import rank
from triage.stages.read import read
from triage.stages.screen import screen
from triage.stages.separate import separate

ReadDocument = Callable[[str, str, bytes], DocumentText]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every message is triaged with: knowledge, classifier, the reader of attachments and the desk's own addresses."""

    knowledge: Knowledge
    classifier: TrainedClassifier
    read_document: ReadDocument
    own_addresses: tuple[str, ...]
    replies_on: bool


def triage(raw: RawMessage, desk: Desk) -> Triaged:
    """Triage one message. The same octets, knowledge and classifier give the same result."""
    return triage_mail(parse(raw.octets, desk.read_document), desk, arrived=raw.internaldate, backfill=raw.backfill)


def triage_mail(mail: ParsedMail, desk: Desk, *, arrived: datetime, backfill: bool = False) -> Triaged:
    """Triage a mail that is parsed already; `arrived` (aware) is the date whose rules apply."""
    knowledge = desk.knowledge
    screening = screen(mail, backfill=backfill, own_addresses=desk.own_addresses, knowledge=knowledge.screening)
    separated = separate(mail, knowledge.separation)
    reading = read(mail, screening, separated, knowledge=knowledge, classifier=desk.classifier)
    assessment = assess(
        mail, separated, reading, knowledge.rules, on=arrived.date(), own_addresses=desk.own_addresses
    )
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
