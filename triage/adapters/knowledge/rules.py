"""Loads what data/ says for assessing: data/rules/, assessment.toml, risk_signs.toml, missing.toml, tables and cues."""

import re
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.assessment import Severity
from models.knowledge.rules import (
    Condition,
    CueList,
    InForce,
    Issuer,
    MissingKnowledge,
    NotifiedBody,
    PriceBand,
    Rule,
    RuleKnowledge,
    SenderKnowledge,
    Sign,
)
from models.reading import Polarity
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.errors import KnowledgeError

Confidence = Literal["high", "medium", "low", "unverified"]
CUE_FILES = ("risk.toml", "assessment.toml")


class ConditionRow(Row):
    all: tuple["ConditionRow", ...] = ()
    any: tuple["ConditionRow", ...] = ()
    none: tuple["ConditionRow", ...] = ()
    category: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()
    claim_pattern: str | None = None
    owned: bool = False
    polarity: tuple[Polarity, ...] = (Polarity.ASSERTED,)
    cue: str = ""
    at_least: int = Field(1, ge=1)
    body: tuple[Literal["not_ppe", "not_product", "not_known_ppe", "unlisted", "any"], ...] = ()
    issuer: tuple[Literal["block", "doubt", "report_only", "review"], ...] = ()
    finding: tuple[str, ...] = ()
    fact: str = ""
    quantity_over: float | None = None


class RuleRow(Row):
    id: str
    severity: Severity
    per: Literal["category", "mail"]
    nb: str
    en: str
    action: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    confidence: Confidence
    when: ConditionRow
    examples: tuple[dict[str, object], ...] = Field(min_length=1)
    counter_examples: tuple[dict[str, object], ...] = Field(min_length=1)


class RuleFile(Row):
    rule: tuple[RuleRow, ...]


class SignRow(Row):
    code: str
    rule: str
    nb: str
    en: str
    intents: tuple[str, ...]
    when: tuple[ConditionRow, ...]


class SignFile(Row):
    source: str
    sign: tuple[SignRow, ...]


class CueRow(Row):
    name: str
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    case: bool = False
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = Field(min_length=1)


class CueFile(Row):
    source: str
    cue: tuple[CueRow, ...]


class BodyRow(Row):
    number: str = Field(pattern=r"^\d{4}$")
    name: str
    country: str
    scopes: str
    not_for: str = ""
    complete: Literal["yes", "no"]
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    source: str
    confidence: Confidence


class IssuerRow(Row):
    issuer: str
    names: str = ""
    acronyms: str = ""
    unless: str = ""
    country: str
    number: str = ""
    handling: Literal["block", "doubt", "report_only", "review"]
    why: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    confidence: Confidence


class BandRow(Row):
    category: str
    claim_pattern: str | None = None
    currency: str
    low: float | None = None
    high: float | None = None
    other_product: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str
    source: str
    confidence: Confidence


class RateRow(Row):
    currency: str
    nok: float = Field(gt=0)
    source: str
    confidence: Confidence


class DomainRow(Row):
    domain: str
    source: str


class MissingFile(Row):
    source: str
    intents: tuple[str, ...]
    order: tuple[Literal["product", "regulatory", "contact", "quantity", "lead_time", "price"], ...]
    regulatory_polarity: tuple[Polarity, ...]
    ignored_claims: tuple[str, ...]
    stated_by: dict[str, tuple[str, ...]]


class ConfusableRow(Row):
    seen: str
    meant: str


class SenderRow(Row):
    imitated: tuple[str, ...]
    least_length: int
    confusable: tuple[ConfusableRow, ...]


class AssessmentFile(Row):
    source: str
    reason_language: str
    evidence_length: int = Field(ge=10)
    scanned_length: int = Field(ge=100)
    body_claim: str
    home_market: frozenset[str]
    proof_documents: str
    issuer_context: tuple[str, ...]
    product_scopes: dict[str, tuple[str, ...]]
    exclusive: dict[str, str]
    senders: SenderRow


def load(root: Path) -> RuleKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    folder = root / "data"
    general = read_toml(folder / "assessment.toml", AssessmentFile)
    place = folder / "assessment.toml"
    rules = _rules(folder / "rules")
    cues = _cues(folder / "languages")
    signs = _signs(folder / "risk_signs.toml")
    missing = read_toml(folder / "missing.toml", MissingFile)
    free_mail = read_csv(folder / "free_mail_domains.csv", DomainRow)
    _check_names(folder, rules, signs, cues, missing)
    return RuleKnowledge(
        rules=rules,
        signs=signs,
        cues=cues,
        bodies=tuple(_body(row) for row in read_csv(folder / "notified_bodies.csv", BodyRow)),
        body_claim=_compiled(place, "body_claim", general.body_claim),
        home_market=general.home_market,
        product_scopes=general.product_scopes,
        issuers=_issuers(folder / "suspicious_issuers.csv", general.issuer_context),
        bands=_bands(folder / "price_bands.csv"),
        rates={row.currency: row.nok for row in read_csv(folder / "exchange_rates.csv", RateRow)},
        missing=MissingKnowledge(
            order=missing.order,
            intents=missing.intents,
            stated_by=missing.stated_by,
            regulatory_polarity=missing.regulatory_polarity,
            ignored_claims=missing.ignored_claims,
        ),
        senders=SenderKnowledge(
            free_mail=frozenset(row.domain for row in free_mail),
            imitated=general.senders.imitated,
            confusables=tuple((row.seen, row.meant) for row in general.senders.confusable),
            least_length=general.senders.least_length,
        ),
        exclusive=tuple((name, _compiled(place, name, pattern)) for name, pattern in general.exclusive.items()),
        proof_documents=_compiled(place, "proof_documents", general.proof_documents),
        reason_language=general.reason_language,
        evidence_length=general.evidence_length,
        scanned_length=general.scanned_length,
    )


def _compiled(path: Path, key: str, pattern: str, flags: int = 0) -> re.Pattern[str]:
    try:
        return re.compile(pattern, flags)
    except re.error as fault:
        raise KnowledgeError(str(path), key, f"is no regular expression: {fault}") from None


def _condition(path: Path, row: ConditionRow) -> Condition:
    pattern = row.claim_pattern
    return Condition(
        all=tuple(_condition(path, inner) for inner in row.all),
        any=tuple(_condition(path, inner) for inner in row.any),
        none=tuple(_condition(path, inner) for inner in row.none),
        category=row.category,
        intent=row.intent,
        claim=row.claim,
        claim_pattern=None if pattern is None else _compiled(path, "claim_pattern", pattern),
        owned=row.owned,
        polarity=row.polarity,
        cue=row.cue,
        at_least=row.at_least,
        body=row.body,
        issuer=row.issuer,
        finding=row.finding,
        fact=row.fact,
        quantity_over=row.quantity_over,
    )


def _rules(folder: Path) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.toml")):
        for row in read_toml(path, RuleFile).rule:
            if row.id in rules:
                raise KnowledgeError(str(path), row.id, "is the id of another rule; ids are unique")
            if row.severity is Severity.CRITICAL and row.confidence != "high":
                raise KnowledgeError(str(path), row.id, "is critical, so its source must be of high confidence")
            rules[row.id] = Rule(
                id=row.id,
                severity=row.severity,
                texts=(("nb", row.nb), ("en", row.en)),
                action=row.action,
                when=_condition(path, row.when),
                per_category=row.per == "category",
                in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
                source=row.source,
                confidence=row.confidence,
                examples=row.examples,
                counter_examples=row.counter_examples,
            )
    return tuple(rules[name] for name in sorted(rules))


def _signs(path: Path) -> tuple[Sign, ...]:
    return tuple(
        Sign(
            code=row.code,
            rule=row.rule,
            texts=(("nb", row.nb), ("en", row.en)),
            intents=row.intents,
            when=tuple(_condition(path, inner) for inner in row.when),
        )
        for row in read_toml(path, SignFile).sign
    )


def _cues(folder: Path) -> tuple[CueList, ...]:
    cues = []
    for path in sorted(path for name in CUE_FILES for path in folder.glob(f"*/{name}")):
        for row in read_toml(path, CueFile).cue:
            cues.append(
                CueList(
                    name=row.name,
                    language=path.parent.name,
                    pattern=_wordings(path, row.name, row.phrases, row.patterns, case=row.case),
                    unless=_wordings(path, row.name, row.unless, (), case=False) if row.unless else None,
                )
            )
    return tuple(cues)


def _wordings(path: Path, key: str, phrases: tuple[str, ...], patterns: tuple[str, ...], *, case: bool) -> re.Pattern[str]:
    """One pattern for all: phrases stand as whole words, any white space between them; longest first."""
    if not phrases and not patterns:
        raise KnowledgeError(str(path), key, "needs phrases or patterns")
    whole = [_phrase(phrase) for phrase in sorted(phrases, key=len, reverse=True)]
    return _compiled(path, key, "|".join([f"(?:{p})" for p in patterns] + whole), 0 if case else re.IGNORECASE)


def _phrase(phrase: str) -> str:
    before = r"(?<!\w)" if phrase[0].isascii() or phrase[0].isalpha() and ord(phrase[0]) < 0x2E80 else ""
    after = r"(?!\w)" if ord(phrase[-1]) < 0x2E80 else ""
    return before + r"\s{1,3}".join(re.escape(word) for word in phrase.split()) + after


def _body(row: BodyRow) -> NotifiedBody:
    return NotifiedBody(
        number=row.number,
        name=row.name,
        scopes=_parts(row.scopes),
        not_for=_parts(row.not_for),
        complete=row.complete == "yes",
        in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
        confidence=row.confidence,
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _issuers(path: Path, context: tuple[str, ...]) -> tuple[Issuer, ...]:
    issuers = []
    for row in read_csv(path, IssuerRow):
        if row.handling == "block" and row.confidence != "high":
            raise KnowledgeError(str(path), row.issuer, "is blocked, so its source must be of high confidence")
        issuers.append(
            Issuer(
                name=row.issuer,
                handling=row.handling,
                pattern=_issuer_pattern(path, row, context),
                unless=_wordings(path, row.issuer, _parts(row.unless), (), case=False) if row.unless else None,
                in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
                confidence=row.confidence,
            )
        )
    return tuple(issuers)


def _issuer_pattern(path: Path, row: IssuerRow, context: tuple[str, ...]) -> re.Pattern[str]:
    """A full name is enough; an acronym needs a word about certificates near it, in the same sentence."""
    names = "|".join(_phrase(name) for name in _parts(row.names))
    options = [f"(?i:{names})"] if names else []
    acronyms = "|".join(_phrase(name) for name in _parts(row.acronyms))
    if acronyms:
        words = "|".join(_phrase(word) for word in context)
        options += [rf"(?i:{words})[^.\n]{{0,40}}?(?:{acronyms})", rf"(?:{acronyms})[^.\n]{{0,40}}?(?i:{words})"]
    if not options:
        raise KnowledgeError(str(path), row.issuer, "needs names or acronyms")
    return _compiled(path, row.issuer, "|".join(options))


def _bands(path: Path) -> tuple[PriceBand, ...]:
    return tuple(
        PriceBand(
            category=row.category,
            claim_pattern=None if row.claim_pattern is None else _compiled(path, row.category, row.claim_pattern),
            currency=row.currency,
            low=row.low,
            high=row.high,
            other_product=row.other_product,
            in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
        )
        for row in read_csv(path, BandRow)
    )


def _check_names(
    folder: Path, rules: tuple[Rule, ...], signs: tuple[Sign, ...], cues: tuple[CueList, ...], missing: MissingFile
) -> None:
    """Every cue and finding that a condition names must exist: a misspelt name would silently never hold."""
    known = {cue.name for cue in cues}
    ids = {rule.id for rule in rules}
    whens = [(rule.id, rule.when) for rule in rules] + [(sign.code, when) for sign in signs for when in sign.when]
    for owner, when in whens:
        for condition in _flat(when):
            if condition.cue and condition.cue not in known:
                raise KnowledgeError(str(folder), owner, f"names the cue {condition.cue!r}, which no cue file has")
            for finding in condition.finding:
                if finding not in ids:
                    raise KnowledgeError(str(folder), owner, f"names the rule {finding!r}, which does not exist")
    for field, names in missing.stated_by.items():
        for name in names:
            if name not in known:
                raise KnowledgeError(str(folder / "missing.toml"), field, f"names the cue {name!r}, which no cue file has")


def _flat(condition: Condition) -> list[Condition]:
    inner = (*condition.all, *condition.any, *condition.none)
    return [condition, *(found for child in inner for found in _flat(child))]
