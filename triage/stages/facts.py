"""What the conditions of rules and signs are held against: a mail, its reading, the knowledge in force on a date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models.knowledge.rules import CueList, Issuer, NotifiedBody, RuleKnowledge
from models.mail import ParsedMail, Segment, SegmentKind, Separated
from models.reading import Claim, OfferLine, Polarity, Reading, Span, Stance, Where
from triage.stages.hearing import hear

TITLE_LENGTH = 600
SAID = (SegmentKind.NEW, SegmentKind.FORWARDED, SegmentKind.SIGNATURE)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Words that were found, with where they stand."""

    words: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A mail and its reading, with what conditions ask of it looked up once."""

    mail: ParsedMail
    separated: Separated
    reading: Reading
    knowledge: RuleKnowledge
    on: date
    own_addresses: tuple[str, ...]

    def may_be(self, intents: tuple[str, ...], unsure_from: float) -> bool:
        """Whether the mail was judged one of `intents`, or was left to a person who may find so: it scores as much."""
        judgement = self.reading.judgement
        score = sum(judgement.intent_scores.get(intent, 0.0) for intent in intents)
        return judgement.intent in intents or (judgement.uncertain and score >= unsure_from)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """What is offered: the judged categories, else those of the products that are offered."""
        judged = self.reading.judgement.categories
        offered = (p.category for p in self.reading.products if p.stance is Stance.OFFERED)
        return judged or tuple(dict.fromkeys(offered))

    @cached_property
    def lines(self) -> tuple[OfferLine, ...]:
        """The lines of the offer, without needs."""
        return tuple(line for line in self.reading.offer_lines if not line.need)

    @cached_property
    def bodies(self) -> dict[str, NotifiedBody]:
        """Notified bodies in force, by number."""
        return {body.number: body for body in self.knowledge.bodies if body.in_force.on(self.on)}

    @cached_property
    def cue_hits(self) -> dict[str, tuple[Hit, ...]]:
        """Every cue heard in what the sender says, by name of its list."""
        hits: dict[str, list[Hit]] = {}
        for cue, hit in self._heard[0]:
            hits.setdefault(cue.name, []).append(hit)
        return {name: tuple(found) for name, found in hits.items()}

    @cached_property
    def issuer_hits(self) -> tuple[tuple[Issuer, Hit], ...]:
        """Every issuer in force that the sender names."""
        return tuple((issuer, hit) for issuer, hit in self._heard[1] if issuer.in_force.on(self.on))

    def text_of(self, span: Span) -> str:
        """The text that `span` is a slice of."""
        if span.where is Where.SUBJECT:
            return self.mail.subject
        if span.where is Where.BODY or span.attachment is None:
            return self.mail.text
        return self.mail.attachments[span.attachment].text if span.attachment < len(self.mail.attachments) else ""

    def is_proof(self, span: Span) -> bool:
        """Whether `span` stands in a document that proves or reports: its name or first lines say so."""
        if span.where is not Where.ATTACHMENT or span.attachment is None or self.knowledge.proof_documents is None:
            return False
        if span.attachment >= len(self.mail.attachments):
            return False
        paper = self.mail.attachments[span.attachment]
        return self.knowledge.proof_documents.search(f"{paper.name}\n{paper.text[:TITLE_LENGTH]}") is not None

    def claims(self, category: str | None, *, owned: bool = False, doubtful: bool = False) -> Iterator[Claim]:
        """Claims that belong to `category` (None: all).

        A claim without a category belongs to the only one there is; when `doubtful` to any.
        """
        for claim in self.reading.claims:
            free = claim.category is None and not owned and (doubtful or len(self.categories) <= 1)
            if category is None or claim.category == category or free:
                yield claim

    def asserted(self, category: str | None) -> tuple[Claim, ...]:
        """Claims asserted for `category`."""
        return tuple(claim for claim in self.claims(category) if claim.polarity is Polarity.ASSERTED)

    @cached_property
    def _heard(self) -> tuple[list[tuple[CueList, Hit]], list[tuple[Issuer, Hit]]]:
        cues: list[tuple[CueList, Hit]] = []
        issuers: list[tuple[Issuer, Hit]] = []
        for text, start, end, where, attachment in self._said():
            for found in hear(text, start, end, self.knowledge):
                words = text[found.start : found.end]
                span = Span(where=where, start=found.start, end=found.end, text=words, attachment=attachment)
                if isinstance(found.said, CueList):
                    cues.append((found.said, Hit(words=words, span=span)))
                else:
                    issuers.append((found.said, Hit(words=words, span=span)))
        return cues, issuers

    def _said(self) -> Iterator[tuple[str, int, int, Where, int | None]]:
        """Stretches that the sender answers for: subject, own and forwarded text, attachments; no quotation."""
        most = self.knowledge.scanned_length
        yield self.mail.subject, 0, min(len(self.mail.subject), most), Where.SUBJECT, None
        whole = (Segment(kind=SegmentKind.NEW, start=0, end=len(self.mail.text)),)
        for segment in self.separated.segments or whole:
            if segment.kind in SAID and segment.start < most:
                yield self.mail.text, segment.start, min(segment.end, most), Where.BODY, None
        for number, attachment in enumerate(self.mail.attachments):
            yield attachment.text, 0, min(len(attachment.text), most), Where.ATTACHMENT, number
