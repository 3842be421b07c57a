"""Claims against the reference data in force on a date: proof state, findings, what is missing, signs of risk."""

import re
from datetime import date

from models.assessment import Assessment, Finding, ProofState, RiskSign
from models.knowledge.rules import Condition, Rule, RuleKnowledge, Sign
from models.mail import ParsedMail, Separated
from models.reading import Claim, Polarity, Reading, Span
from triage.stages.computed import WORDS
from triage.stages.conditions import holds
from triage.stages.facts import Facts
from triage.stages.missing import missing

SHOWN_SPANS = 3
UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+|\s+")


def assess(
    mail: ParsedMail,
    separated: Separated,
    reading: Reading,
    knowledge: RuleKnowledge,
    *,
    on: date,
    own_addresses: tuple[str, ...],
) -> Assessment:
    """Assess one reading by what was in force on `on`; later facts do not apply. Never raises on bad mail."""
    facts = Facts(
        mail=mail, separated=separated, reading=reading, knowledge=knowledge, on=on, own_addresses=own_addresses
    )
    findings = tuple(finding for rule in knowledge.rules for finding in _findings(rule, facts))
    evidence: dict[str, tuple[Span, ...]] = {}
    for finding in findings:
        evidence[finding.rule] = evidence.get(finding.rule, ()) + finding.spans
    return Assessment(
        on=on,
        proof=tuple(_proof(claim, facts) for claim in reading.claims),
        findings=findings,
        missing=missing(facts),
        risk_signs=tuple(sign for row in knowledge.signs for sign in _signs(row, facts, evidence)),
    )


def _findings(rule: Rule, facts: Facts) -> list[Finding]:
    if not rule.in_force.on(facts.on):
        return []
    scopes: tuple[str | None, ...] = facts.categories if rule.per_category else (None,)
    held = [(category, holds(rule.when, facts, category, {})) for category in scopes]
    return [
        Finding(
            rule=rule.id,
            severity=rule.severity,
            category=category,
            texts=rule.texts,
            action=rule.action,
            spans=spans,
        )
        for category, spans in held
        if spans is not None
    ]


def _signs(row: Sign, facts: Facts, findings: dict[str, tuple[Span, ...]]) -> list[RiskSign]:
    if row.intents and not facts.may_be(row.intents, row.unsure_from):
        return []
    for when in row.when:
        spans = holds(when, facts, None, findings)
        if spans is not None:
            return [_sign(row, when, spans, facts)]
    return []


def _sign(row: Sign, when: Condition, spans: tuple[Span, ...], facts: Facts) -> RiskSign:
    said = (WORDS[when.fact](facts) if when.fact in WORDS else None) or _quoted(spans, facts)
    texts = tuple((language, sentence.format(evidence=said)) for language, sentence in row.texts)
    return RiskSign(
        code=row.code, reason=dict(texts).get(facts.knowledge.reason_language, texts[0][1]), spans=spans, texts=texts
    )


def _quoted(spans: tuple[Span, ...], facts: Facts) -> str:
    """The words that the sign rests on, safe to show and short; none that others hold."""
    words = list(dict.fromkeys(UNSHOWN.sub(" ", span.text).strip() for span in spans))
    longest = [word for word in words if not any(word != other and word in other for other in words)]
    return ", ".join(longest[:SHOWN_SPANS])[: facts.knowledge.evidence_length]


def _proof(claim: Claim, facts: Facts) -> ProofState:
    """`verified` is a person's word alone; no mail says it of itself."""
    if claim.polarity is not Polarity.ASSERTED:
        return ProofState.NONE
    return ProofState.DOCUMENT_SEEN if facts.is_proof(claim.span) else ProofState.CLAIMED
