"""Text → Reading: every judgement of `classifiers`, in the order in which they build on each other."""

from classifiers.claims import find_claims
from classifiers.identity import find_supplier
from classifiers.judgement import judge
from classifiers.language import detect
from classifiers.offer_settling import settled
from classifiers.offers import read_offer
from classifiers.own_claims import own_claims
from classifiers.products import find_products
from classifiers.training import TrainedClassifier
from models.knowledge import Knowledge
from models.mail import ParsedMail, Screening, SegmentKind, Separated
from models.reading import Evidence, Reading
from triage.stages.passages import passages


def read(
    mail: ParsedMail,
    screening: Screening,
    separated: Separated,
    *,
    knowledge: Knowledge,
    classifier: TrainedClassifier,
) -> Reading:
    """Everything that can be read out of one mail. Never raises on bad mail."""
    evidence = build_evidence(mail, screening, separated, knowledge=knowledge)
    judgement = judge(evidence, classifier, knowledge.judging)
    return Reading(
        language=evidence.language,
        judgement=judgement,
        products=evidence.products,
        claims=own_claims(evidence.claims, judgement, knowledge.claims.codes, knowledge.judging),
        offer_lines=settled(evidence.offer_lines, judgement, knowledge.judging),
        offer_facts=evidence.offer_facts,
        supplier=find_supplier(mail, separated, evidence.language, knowledge.identity),
    )


def build_evidence(mail: ParsedMail, screening: Screening, separated: Separated, *, knowledge: Knowledge) -> Evidence:
    """What the judgement of intent and categories rests on; the same for training and for reading."""
    texts = passages(mail, separated)
    own, forwarded = separated.new_text.strip(), _of(mail, separated, SegmentKind.FORWARDED)
    attached = "\n".join(attachment.text for attachment in mail.attachments if attachment.text)
    elsewhere = detect(attached, knowledge.language.commonest, knowledge.language)
    language = detect(own or forwarded, elsewhere, knowledge.language, subject=mail.subject)
    products = find_products(texts, language, knowledge.products)
    offer = read_offer(texts, language, products, knowledge.offers)
    return Evidence(
        subject=mail.subject,
        new_text="\n".join(filter(None, (own, forwarded))),
        quoted=_of(mail, separated, SegmentKind.QUOTATION),
        attached=attached,
        language=language,
        screening=screening.kind,
        thread=bool(mail.in_reply_to or mail.references),
        products=products,
        claims=find_claims(texts, language, products, knowledge.claims),
        offer_lines=offer.lines,
        offer_facts=offer.facts,
    )


def _of(mail: ParsedMail, separated: Separated, kind: SegmentKind) -> str:
    return "\n".join(mail.text[part.start : part.end] for part in separated.segments if part.kind is kind).strip()
