"""Loads what data/ says for assessing: data/rules/, assessment.toml, risk_signs.toml, missing.toml, tables and cues."""

import re
from collections.abc import Iterable
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
    NearPattern,
    NotifiedBody,
    Phrase,
    PriceBand,
    Rule,
    RuleKnowledge,
    SenderKnowledge,
    Sign,
)
from models.reading import Polarity
from models.words import WORD
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


class PatternRow(Row):
    near: tuple[str, ...] = Field(min_length=1)
    regex: str


class CueRow(Row):
    name: str
    phrases: tuple[str, ...] = ()
    patterns: tuple[PatternRow, ...] = ()
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
    cues, cue_phrases = _cues(folder / "languages")
    issuers, issuer_phrases = _issuers(folder / "suspicious_issuers.csv")
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
        phrases=_by_first_word(cue_phrases + issuer_phrases),
        issuers=issuers,
        issuer_context=_any_of(general.issuer_context),
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


def _cues(folder: Path) -> tuple[tuple[CueList, ...], list[Phrase]]:
    cues: list[CueList] = []
    phrases: list[Phrase] = []
    for path in sorted(path for name in CUE_FILES for path in folder.glob(f"*/{name}")):
        for row in read_toml(path, CueFile).cue:
            if not row.phrases and not row.patterns:
                raise KnowledgeError(str(path), row.name, "needs phrases or patterns")
            phrases += [_phrase(wording, "cue", len(cues), exact=row.case) for wording in row.phrases]
            cues.append(_cue(path, row))
    return tuple(cues), phrases


def _cue(path: Path, row: CueRow) -> CueList:
    patterns = ((_compiled(path, row.name, p.regex, re.IGNORECASE), p.near) for p in row.patterns)
    return CueList(
        name=row.name,
        language=path.parent.name,
        patterns=tuple(NearPattern(pattern=pattern, near=near) for pattern, near in patterns),
        unless=_any_of(row.unless),
    )


def _phrase(
    wording: str, owner: Literal["cue", "issuer"], place: int, *, exact: bool = False, acronym: bool = False
) -> Phrase:
    words = tuple(match.group() if exact else match.group().lower() for match in WORD.finditer(wording))
    return Phrase(words=words, exact=exact, owner=owner, place=place, acronym=acronym)


def _by_first_word(phrases: list[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    index: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        first = phrase.words[0].lower()
        index[first] = (*index.get(first, ()), phrase)
    return index


def _any_of(wordings: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all wordings, as whole words with any white space between them; None for none."""
    options = sorted(wordings, key=len, reverse=True)
    spaced = (r"\s{1,3}".join(re.escape(word) for word in wording.split()) for wording in options)
    whole = [rf"(?<!\w){option}(?!\w)" if option.isascii() else option for option in spaced]
    return re.compile("|".join(whole), re.IGNORECASE) if whole else None


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


def _issuers(path: Path) -> tuple[tuple[Issuer, ...], list[Phrase]]:
    issuers: list[Issuer] = []
    phrases: list[Phrase] = []
    for row in read_csv(path, IssuerRow):
        if row.handling == "block" and row.confidence != "high":
            raise KnowledgeError(str(path), row.issuer, "is blocked, so its source must be of high confidence")
        if not row.names and not row.acronyms:
            raise KnowledgeError(str(path), row.issuer, "needs names or acronyms")
        phrases += [_phrase(name, "issuer", len(issuers)) for name in _parts(row.names)]
        acronyms = _parts(row.acronyms)
        phrases += [_phrase(name, "issuer", len(issuers), exact=True, acronym=True) for name in acronyms]
        issuers.append(_issuer(row))
    return tuple(issuers), phrases


def _issuer(row: IssuerRow) -> Issuer:
    return Issuer(
        name=row.issuer,
        handling=row.handling,
        unless=_any_of(_parts(row.unless)),
        in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
        confidence=row.confidence,
    )


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
