"""The line of JSON that `triage read` prints for a mail; its field names are a contract (README, "triage read")."""

from dataclasses import fields
from typing import Any

from models.assessment import Assessment, ProofState, Reason
from models.case import Triaged
from models.reading import Claim, OfferLine, Supplier


def reading_line(file: str, triaged: Triaged, *, reply_subject: str | None, language: str) -> dict[str, Any]:
    """`triaged` as a JSON object; sentences for people stand in `language` (nb or en)."""
    judgement, priority, assessment = triaged.reading.judgement, triaged.priority, triaged.assessment
    return {
        "file": file,
        "message_id": triaged.mail.message_id,
        "language": triaged.reading.language,
        "intent": judgement.intent,
        "intent_confidence": round(judgement.intent_confidence, 4),
        "uncertain": judgement.uncertain,
        "because": list(judgement.because),
        "categories": list(judgement.categories),
        "category_scores": {label: round(score, 4) for label, score in judgement.category_scores.items()},
        "claims": [_claim(c, p) for c, p in zip(triaged.reading.claims, assessment.proof, strict=True)],
        "offer_lines": [_offer_line(line) for line in triaged.reading.offer_lines],
        "supplier": _supplier(triaged.reading.supplier),
        "missing": list(assessment.missing),
        "findings": _findings(assessment, language),
        "red_flags": [{"code": sign.code, "reason": sign.reason} for sign in assessment.risk_signs],
        "priority": {
            "score": priority.score,
            "band": priority.band,
            "reasons": [_reason(reason, language) for reason in priority.reasons],
        },
        "reply": _reply(triaged, reply_subject),
        "reply_withheld": _withheld(triaged),
        "artifact": triaged.artifact,
        "knowledge": triaged.knowledge,
    }


def in_language(texts: tuple[tuple[str, str], ...], language: str) -> str:
    """The sentence in `language`, else the first there is."""
    return dict(texts).get(language, texts[0][1] if texts else "")


def _claim(claim: Claim, proof: ProofState) -> dict[str, Any]:
    line = {
        "code": claim.code,
        "status": claim.polarity.value,
        "category": claim.category,
        "where": claim.span.where.value,
        "text": claim.span.text,
        "start": claim.span.start,
        "end": claim.span.end,
        "proof": proof.value,
        "rule": claim.rule,
        "cue": claim.cue,
    }
    if claim.extra:
        line["extra"] = True
    return line if claim.span.attachment is None else {**line, "attachment": claim.span.attachment}


def _offer_line(line: OfferLine) -> dict[str, Any]:
    said = {f.name: getattr(line, f.name) for f in fields(line) if f.name not in ("spans", "flags")}
    given = {name: value for name, value in said.items() if value is not None and value is not False}
    return {**given, "flags": list(line.flags)} if line.flags else given


def _supplier(supplier: Supplier) -> dict[str, Any]:
    said = {f.name: getattr(supplier, f.name) for f in fields(supplier) if f.name != "spans"}
    return {name: value for name, value in said.items() if value is not None}


def _findings(assessment: Assessment, language: str) -> list[dict[str, Any]]:
    return [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "category": finding.category,
            "text": in_language(finding.texts, language),
            "action": finding.action,
        }
        for finding in assessment.findings
    ]


def _reason(reason: Reason, language: str) -> dict[str, Any]:
    return {"code": reason.code, "points": reason.points, "text": in_language(reason.texts, language)}


def _reply(triaged: Triaged, subject: str | None) -> dict[str, Any] | None:
    kind = triaged.reply.kind
    return {"kind": kind.value, "language": triaged.reply.language, "subject": subject} if kind else None


def _withheld(triaged: Triaged) -> dict[str, str] | None:
    return None if triaged.reply.kind else {"rule": triaged.reply.rule, "reason": triaged.reply.reason}
