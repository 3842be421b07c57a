"""A case as its page shows it: the message that decides first, each text with its marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from models.assessment import ProofState
from models.case import Case, CaseMessage
from models.knowledge.wording import Wording
from models.mail import Attachment, Defect, MessageSource, Segment, SegmentKind
from models.reading import Claim, Span, Where
from triage.web.marking import Mark, marked

LONGEST_TEXT = 100_000
LONGEST_ATTACHMENT = 40_000
RISK, OFFER = "risk", "offer"
IN_PART = "read-in-part"
"""The defect of a message whose whole could not be read; another time it may be."""

Place = tuple[Where, int | None]
Sections = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A segment of a mail's text with its marks; only new text stands open."""

    kind: str
    html: Markup
    lines: int
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """A claim with how far it is proved; `document` is the attachment it stands in, or empty."""

    claim: Claim
    proof: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """An attachment with its place in the mail and its text with marks; `cut` when the text is longer than shown."""

    index: int
    attachment: Attachment
    html: Markup
    cut: bool
    marks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message with its texts as HTML. `legend` are the kinds of mark that occur.

    `part`: only its first part is held; `rest_can_come`: the rest may be asked for. `unread`: why not all of it was
    read; `again`: the whole may be read another time.
    """

    message: CaseMessage
    number: int
    subject: Markup
    blocks: tuple[TextBlock, ...]
    cut: bool
    claims: tuple[ClaimLine, ...]
    attachments: tuple[AttachmentView, ...]
    legend: tuple[str, ...]
    part: bool
    rest_can_come: bool
    unread: tuple[Defect, ...]
    again: bool


def deciding(case: Case) -> CaseMessage:
    """The message that the case's place in the queue rests on: the first with its score."""
    score = case.summary.score
    return next((one for one in case.messages if one.triaged.priority.score == score), case.messages[-1])


def rest_can_come(message: CaseMessage, most: int) -> bool:
    """Whether the rest of a message can be asked for: a server has it, and `most` octets are not exceeded."""
    return message.held < message.size <= most and message.source is MessageSource.MAILBOX


def in_part(message: CaseMessage) -> bool:
    """Whether the reading of the whole was given up, and only its beginning was read."""
    return any(defect.code == IN_PART for defect in message.triaged.mail.defects)


def message_view(message: CaseMessage, number: int, wording: Wording, *, most: int) -> MessageView:
    """The message as its page shows it, with labels in that language. More than `most` octets are never fetched."""
    triaged = message.triaged
    mail, marks = triaged.mail, _marks(message, wording.sections)
    body = marks.get((Where.BODY, None), [])
    return MessageView(
        message=message,
        number=number,
        subject=marked(mail.subject, marks.get((Where.SUBJECT, None), [])),
        blocks=tuple(_blocks(mail.text[:LONGEST_TEXT], triaged.separated.segments, body)),
        cut=len(mail.text) > LONGEST_TEXT,
        claims=tuple(_claim_lines(message)),
        attachments=tuple(
            _attachment(index, one, marks.get((Where.ATTACHMENT, index), []))
            for index, one in enumerate(mail.attachments)
        ),
        legend=tuple(sorted({mark.kind for found in marks.values() for mark in found})),
        part=message.held < message.size,
        rest_can_come=rest_can_come(message, most),
        unread=tuple({one.code: one for one in mail.defects if one.code in wording.sections["unread"]}.values()),
        again=in_part(message),
    )


def _marks(message: CaseMessage, sections: Sections) -> dict[Place, list[Mark]]:
    triaged, titles = message.triaged, sections["case"]
    found: list[tuple[Span, str, str]] = []
    for line in triaged.reading.offer_lines:
        found += [(span, OFFER, titles["mark_offer"]) for _, span in line.spans]
    for sign in triaged.assessment.risk_signs:
        label = f"{titles['mark_risk']}: {sections['risk'].get(sign.code, sign.code)}"
        found += [(span, RISK, label) for span in sign.spans]
    for claim in triaged.reading.claims:
        label = f"{claim.code}, {sections['polarities'].get(claim.polarity, claim.polarity)}"
        found.append((claim.span, claim.polarity, label))
    marks: dict[Place, list[Mark]] = {}
    for span, kind, label in found:
        marks.setdefault((span.where, span.attachment), []).append(
            Mark(start=span.start, end=span.end, kind=str(kind), label=label)
        )
    return marks


def _blocks(text: str, segments: Sequence[Segment], marks: Sequence[Mark]) -> list[TextBlock]:
    whole = [Segment(kind=SegmentKind.NEW, start=0, end=len(text))]
    shown = [one for one in (segments or whole) if text[one.start : one.end].strip()]
    return [
        TextBlock(
            kind=one.kind,
            html=marked(text, marks, *_trimmed(text, one)),
            lines=text[one.start : one.end].strip().count("\n") + 1,
            open=one.kind in {SegmentKind.NEW, SegmentKind.FORWARDED},
        )
        for one in shown
    ]


def _trimmed(text: str, segment: Segment) -> tuple[int, int]:
    """The segment without the empty lines around it."""
    part = text[segment.start : segment.end]
    return segment.start + len(part) - len(part.lstrip("\n\r")), segment.start + len(part.rstrip())


def _claim_lines(message: CaseMessage) -> list[ClaimLine]:
    triaged = message.triaged
    attachments, proof = triaged.mail.attachments, triaged.assessment.proof
    return [
        ClaimLine(
            claim=claim,
            proof=proof[index] if index < len(proof) else ProofState.NONE,
            document=_document(attachments, claim.span.attachment),
        )
        for index, claim in enumerate(triaged.reading.claims)
    ]


def _document(attachments: Sequence[Attachment], index: int | None) -> str:
    return attachments[index].name if index is not None and 0 <= index < len(attachments) else ""


def _attachment(index: int, attachment: Attachment, marks: Sequence[Mark]) -> AttachmentView:
    return AttachmentView(
        index=index,
        attachment=attachment,
        html=marked(attachment.text, marks, 0, LONGEST_ATTACHMENT),
        cut=len(attachment.text) > LONGEST_ATTACHMENT,
        marks=len(marks),
    )
