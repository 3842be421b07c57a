"""How what a mail claims stands against the reference data in force on a date."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.reading import Span


class ProofState(StrEnum):
    """How far a claim is proved."""

    NONE = "none"  # not claimed as held (pending, denied, quoted)
    CLAIMED = "claimed"  # said by the sender
    DOCUMENT_SEEN = "document_seen"  # stands in a document that came with the mail
    VERIFIED = "verified"  # checked by a person


class Severity(StrEnum):
    """How much a finding weighs; only CRITICAL may override the rank, and only on a verified source."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule says of the claims. `texts` are (language, sentence); `spans` the evidence."""

    rule: str
    severity: Severity
    category: str | None
    texts: tuple[tuple[str, str], ...]
    action: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSign:
    """A sign of risk with its evidence; never an accusation. `code` as in FORMAT's red_flags. `texts` are `reason` in
    each language, (language, sentence).
    """

    code: str
    reason: str
    spans: tuple[Span, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Proof state of each claim (in the order of `Reading.claims`), findings, what is missing, signs of risk."""

    on: date
    proof: tuple[ProofState, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    risk_signs: tuple[RiskSign, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One summand of a priority. `texts` are (language, sentence)."""

    code: str
    points: float
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """A place in the queue. `score` is the sum of the reasons' points; `band` is high, medium, low or none."""

    score: float
    band: str
    reasons: tuple[Reason, ...]
