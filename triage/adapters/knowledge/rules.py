"""Loads what data/ says for assessing: data/rules/, assessment.toml, risk_signs.toml, missing.toml, tables and cues."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.assessment import Severity
from models.knowledge.rules import (
    Condition,
    CueList,
    InForce,
    Misplaced,
    MissingKnowledge,
    PaperKnowledge,
    Rule,
    RuleKnowledge,
    SenderKnowledge,
    Sign,
)
from models.reading import Polarity
from triage.adapters.knowledge.cues import by_first_word, load_cues, load_denials
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.patterns import any_of, compiled
from triage.adapters.knowledge.rule_tables import (
    Confidence,
    load_bands,
    load_bodies,
    load_free_mail,
    load_issuers,
    load_rates,
)
from triage.errors import KnowledgeError


class _ConditionRow(Row):
    all: tuple["_ConditionRow", ...] = ()
    any: tuple["_ConditionRow", ...] = ()
    none: tuple["_ConditionRow", ...] = ()
    category: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()
    claim_pattern: str | None = None
    owned: bool = False
    polarity: tuple[Polarity, ...] = (Polarity.ASSERTED,)
    cue: str = ""
    at_least: int = Field(1, ge=1)
    beside: tuple[str, ...] = ()
    body: tuple[Literal["not_ppe", "not_product", "not_known_ppe", "unlisted", "any"], ...] = ()
    issuer: tuple[Literal["block", "doubt", "report_only", "review"], ...] = ()
    finding: tuple[str, ...] = ()
    fact: str = ""
    quantity_over: float | None = None


class _RuleRow(Row):
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
    when: _ConditionRow
    examples: tuple[dict[str, object], ...] = Field(min_length=1)
    counter_examples: tuple[dict[str, object], ...] = Field(min_length=1)


class _RuleFile(Row):
    rule: tuple[_RuleRow, ...]


class _SignRow(Row):
    code: str
    rule: str
    nb: str
    en: str
    intents: tuple[str, ...]
    when: tuple[_ConditionRow, ...]


class _SignFile(Row):
    source: str
    unsure_from: float = Field(ge=0, le=1)
    sign: tuple[_SignRow, ...]


class _MissingFile(Row):
    source: str
    intents: tuple[str, ...]
    order: tuple[Literal["product", "regulatory", "contact", "quantity", "lead_time", "price"], ...]
    regulatory_polarity: tuple[Polarity, ...]
    unregulated: frozenset[str]
    offer_from: float = Field(ge=0, le=1)
    product_from: float = Field(ge=0, le=1)
    stated_by: dict[str, tuple[str, ...]]


class _ConfusableRow(Row):
    seen: str
    meant: str


class _SenderRow(Row):
    imitated: tuple[str, ...]
    least_length: int
    brands: tuple[str, ...]
    least_borrowed: int
    second_level: frozenset[str]
    confusable: tuple[_ConfusableRow, ...]
    spelling: tuple[_ConfusableRow, ...]


class _PaperRow(Row):
    certificate: str
    data_sheet: str
    model_label: str
    model: str
    no_model: str
    issued: str
    expires: str
    account: str
    longest_days: int = Field(ge=1)
    fresh_days: int = Field(ge=1)


class _MisplacedRow(Row):
    code: str
    standard: str
    right: str


class _AssessmentFile(Row):
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
    naming: str
    homes: dict[str, tuple[str, ...]]
    senders: _SenderRow
    papers: _PaperRow
    misplaced: tuple[_MisplacedRow, ...]


def load(root: Path) -> RuleKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    folder = root / "data"
    general = read_toml(folder / "assessment.toml", _AssessmentFile)
    place = folder / "assessment.toml"
    rules = _rules(folder / "rules")
    cues, cue_phrases, cue_patterns = load_cues(folder / "languages")
    denied_before, denied_after = load_denials(folder / "languages")
    issuers, issuer_phrases = load_issuers(folder / "suspicious_issuers.csv")
    signs = _signs(folder / "risk_signs.toml")
    missing = read_toml(folder / "missing.toml", _MissingFile)
    _check_names(folder, rules, signs, cues, missing)
    return RuleKnowledge(
        rules=rules,
        signs=signs,
        cues=cues,
        denied_before=denied_before,
        denied_after=denied_after,
        bodies=load_bodies(folder / "notified_bodies.csv"),
        body_claim=compiled(place, "body_claim", general.body_claim),
        home_market=general.home_market,
        product_scopes=general.product_scopes,
        phrases=by_first_word(cue_phrases + issuer_phrases),
        patterns=cue_patterns,
        issuers=issuers,
        issuer_context=any_of(general.issuer_context),
        bands=load_bands(folder / "price_bands.csv"),
        rates=load_rates(folder / "exchange_rates.csv"),
        missing=MissingKnowledge(
            order=missing.order,
            intents=missing.intents,
            stated_by=missing.stated_by,
            regulatory_polarity=missing.regulatory_polarity,
            unregulated=missing.unregulated,
            offer_from=missing.offer_from,
            product_from=missing.product_from,
        ),
        senders=SenderKnowledge(
            free_mail=load_free_mail(folder / "free_mail_domains.csv"),
            imitated=general.senders.imitated,
            confusables=tuple((row.seen, row.meant) for row in general.senders.confusable),
            spellings=tuple((row.seen, row.meant) for row in general.senders.spelling),
            second_level=general.senders.second_level,
            least_length=general.senders.least_length,
            brands=general.senders.brands,
            least_borrowed=general.senders.least_borrowed,
        ),
        papers=_papers(place, general.papers),
        misplaced=tuple(
            Misplaced(**{name: compiled(place, "misplaced", pattern) for name, pattern in row})
            for row in general.misplaced
        ),
        exclusive=tuple((name, compiled(place, name, pattern)) for name, pattern in general.exclusive.items()),
        naming=compiled(place, "naming", general.naming),
        homes=tuple((compiled(place, "homes", code), products) for code, products in general.homes.items()),
        proof_documents=compiled(place, "proof_documents", general.proof_documents),
        reason_language=general.reason_language,
        evidence_length=general.evidence_length,
        scanned_length=general.scanned_length,
    )


def _papers(place: Path, row: _PaperRow) -> PaperKnowledge:
    patterns = {name: pattern for name, pattern in row if isinstance(pattern, str)}
    return PaperKnowledge(
        **{name: compiled(place, f"papers.{name}", pattern) for name, pattern in patterns.items()},
        longest_days=row.longest_days,
        fresh_days=row.fresh_days,
    )


def _condition(path: Path, row: _ConditionRow) -> Condition:
    pattern = row.claim_pattern
    return Condition(
        all=tuple(_condition(path, inner) for inner in row.all),
        any=tuple(_condition(path, inner) for inner in row.any),
        none=tuple(_condition(path, inner) for inner in row.none),
        category=row.category,
        intent=row.intent,
        claim=row.claim,
        claim_pattern=None if pattern is None else compiled(path, "claim_pattern", pattern),
        owned=row.owned,
        polarity=row.polarity,
        cue=row.cue,
        at_least=row.at_least,
        beside=row.beside,
        body=row.body,
        issuer=row.issuer,
        finding=row.finding,
        fact=row.fact,
        quantity_over=row.quantity_over,
    )


def _rules(folder: Path) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.toml")):
        for row in read_toml(path, _RuleFile).rule:
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
    file = read_toml(path, _SignFile)
    return tuple(
        Sign(
            code=row.code,
            rule=row.rule,
            texts=(("nb", row.nb), ("en", row.en)),
            intents=row.intents,
            unsure_from=file.unsure_from,
            when=tuple(_condition(path, inner) for inner in row.when),
        )
        for row in file.sign
    )


def _check_names(
    folder: Path, rules: tuple[Rule, ...], signs: tuple[Sign, ...], cues: tuple[CueList, ...], missing: _MissingFile
) -> None:
    """Every cue and rule that is named must exist: a misspelt name would silently never hold."""
    whens = [(rule.id, rule.when) for rule in rules] + [(sign.code, when) for sign in signs for when in sign.when]
    conditions = [(owner, condition) for owner, when in whens for condition in _flat(when)]
    heard = [(owner, condition.cue) for owner, condition in conditions if condition.cue]
    heard += [(owner, cue) for owner, condition in conditions for cue in condition.beside]
    heard += [(field, name) for field, names in missing.stated_by.items() for name in names]
    ruled = [(owner, finding) for owner, condition in conditions for finding in condition.finding]
    _check_known(folder, heard, {cue.name for cue in cues}, "cue")
    _check_known(folder, ruled, {rule.id for rule in rules}, "rule")


def _check_known(folder: Path, named: list[tuple[str, str]], known: set[str], what: str) -> None:
    for owner, name in named:
        if name not in known:
            raise KnowledgeError(str(folder), owner, f"names the {what} {name!r}, which does not exist")


def _flat(condition: Condition) -> list[Condition]:
    inner = (*condition.all, *condition.any, *condition.none)
    return [condition, *(found for child in inner for found in _flat(child))]
