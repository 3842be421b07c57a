"""What data/ says for assessing: rules, notified bodies, issuers, price bands, what may be missing, signs of risk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from re import Pattern
from typing import Literal

from models.assessment import Severity
from models.reading import Polarity

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold of a mail: every field that is given (docs: data/rules/README.md). An empty one always holds.

    `claim` and `claim_pattern` (whole code) look for claims with one of `polarity` (`owned`: only those that name the
    category themselves); `cue` for a cue list heard in `at_least` different wordings, with one of the lists `beside`
    near by; `body` for notified-body numbers by how they stand in the table; `issuer` for issuers by handling; `fact`
    for a computed fact; `quantity_over` for an amount offered at once. `given` names what is asked.
    """

    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()
    category: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()
    claim_pattern: Pattern[str] | None = None
    owned: bool = False
    polarity: tuple[Polarity, ...] = (Polarity.ASSERTED,)
    cue: str = ""
    at_least: int = 1
    beside: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()
    fact: str = ""
    quantity_over: float | None = None
    given: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        asked = {
            "category": bool(self.category),
            "intent": bool(self.intent),
            "claim": bool(self.claim) or self.claim_pattern is not None,
            "cue": bool(self.cue),
            "issuer": bool(self.issuer),
            "body": bool(self.body),
            "finding": bool(self.finding),
            "fact": bool(self.fact),
            "quantity_over": self.quantity_over is not None,
        }
        object.__setattr__(self, "given", tuple(name for name, is_asked in asked.items() if is_asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """From when until when something holds, both inclusive; None is open."""

    valid_from: date | None = None
    valid_to: date | None = None

    def on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule over claims. Looked at for each offered category (with that category's claims) or once a mail."""

    id: str
    severity: Severity
    texts: Texts
    action: str
    when: Condition
    per_category: bool
    in_force: InForce
    source: str
    confidence: str
    examples: tuple[Mapping[str, object], ...] = ()
    counter_examples: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sign of risk: `code` as in FORMAT's red_flags, the `rule` of the reference it carries
    out, its sentence with `{evidence}`, the intents it is looked for in (none: all); mail left to a person is looked at
    when it scores `unsure_from` as any of these.
    """

    code: str
    rule: str
    texts: Texts
    intents: tuple[str, ...]
    unsure_from: float
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueList:
    """Wordings of one thing in one language. A hit counts unless its sentence also holds `unless` or, of a `deniable`
    list, words around it deny it. Its phrases and patterns stand in `RuleKnowledge`.
    """

    name: str
    language: str
    unless: Pattern[str] | None
    deniable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words (lower-case unless `exact`) that follow each other, and whose they are: a cue list's or an issuer's, by its
    place in `RuleKnowledge`. An acronym counts only near a word about certificates.
    """

    words: tuple[str, ...]
    exact: bool
    owner: Literal["cue", "issuer"]
    place: int
    acronym: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedBody:
    """A notified body. `scopes` are what it is designated for; `not_for` what it surely is not; `complete` whether the
    list of product groups in `scopes` is known to be whole.
    """

    number: str
    name: str
    scopes: tuple[str, ...]
    not_for: tuple[str, ...]
    complete: bool
    in_force: InForce
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An issuer of papers that need care. `handling` is block, doubt, report_only or review. Its names stand in
    `RuleKnowledge.phrases`; they do not count in a sentence that also holds `unless`.
    """

    name: str
    handling: str
    unless: Pattern[str] | None
    in_force: InForce
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBand:
    """Clear limits of the price of a piece of `category`, in `currency`. `claim_pattern` narrows it to products with
    such a claim; a price above `other_product` is another kind of product and says nothing.
    """

    category: str
    claim_pattern: Pattern[str] | None
    currency: str
    low: float | None
    high: float | None
    other_product: float | None
    in_force: InForce


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingKnowledge:
    """What may be missing of an offer: in which order, for which intents it is looked for, and cues that give it.

    Mail left to a person is looked at when it scores `offer_from` as one of these intents. A product is told when a
    category scores `product_from`. Nothing regulatory is asked of offers of what is `unregulated` alone.
    """

    order: tuple[str, ...]
    intents: tuple[str, ...]
    stated_by: Mapping[str, tuple[str, ...]]
    regulatory_polarity: tuple[Polarity, ...]
    unregulated: frozenset[str]
    offer_from: float
    product_from: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """Codes of classes, and standards that have no such class; `right` is the one that has."""

    code: Pattern[str]
    standard: Pattern[str]
    right: Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKnowledge:
    """How certificates name models and dates, and how accounts are written (their country is group 1).

    `issued` and `expires` match up to where the date begins; `model_label` up to where models are named.
    """

    certificate: Pattern[str]
    data_sheet: Pattern[str]
    model_label: Pattern[str]
    model: Pattern[str]
    no_model: Pattern[str]
    issued: Pattern[str]
    expires: Pattern[str]
    account: Pattern[str]
    longest_days: int
    fresh_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderKnowledge:
    """Free-mail domains, names that senders imitate, and letters that look like others.

    `spellings` are other ways to write a letter, which disguise nothing; `second_level` labels stand before the
    top-level domain and name no holder. `brands` and names of at least `least_borrowed` letters are borrowed when a
    domain carries them beside other words.
    """

    free_mail: frozenset[str]
    imitated: tuple[str, ...]
    confusables: tuple[tuple[str, str], ...]
    spellings: tuple[tuple[str, str], ...]
    second_level: frozenset[str]
    least_length: int
    brands: tuple[str, ...] = ()
    least_borrowed: int = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleKnowledge:
    """Everything that `triage.stages.assess` looks up. `phrases` are by their first word in lower case; `patterns` are
    those of `cues`, each with the place of its list.
    """

    rules: tuple[Rule, ...] = ()
    signs: tuple[Sign, ...] = ()
    cues: tuple[CueList, ...] = ()
    denied_before: Pattern[str] | None = None
    denied_after: Pattern[str] | None = None
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    patterns: tuple[tuple[int, Pattern[str]], ...] = ()
    bodies: tuple[NotifiedBody, ...] = ()
    body_claim: Pattern[str] | None = None
    home_market: frozenset[str] = frozenset()
    product_scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    issuers: tuple[Issuer, ...] = ()
    issuer_context: Pattern[str] | None = None
    bands: tuple[PriceBand, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    missing: MissingKnowledge | None = None
    senders: SenderKnowledge | None = None
    papers: PaperKnowledge | None = None
    misplaced: tuple[Misplaced, ...] = ()
    exclusive: tuple[tuple[str, Pattern[str]], ...] = ()
    homes: tuple[tuple[Pattern[str], tuple[str, ...]], ...] = ()
    naming: Pattern[str] | None = None
    proof_documents: Pattern[str] | None = None
    reason_language: str = ""
    evidence_length: int = 80
    scanned_length: int = 20_000
