"""Who writes, from where, in which language, and how often he says it, never moves a mail in the queue."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.assessment import Assessment, ProofState, RiskSign
from models.mail import Screening, ScreeningKind
from models.reading import Claim, Judgement, OfferLine, Polarity, Reading, Span, Supplier, Where
from triage.adapters.knowledge.ranking import load
from triage.resources import root
from triage.stages.rank import rank

KNOWLEDGE = load(root())
CATEGORIES = sorted(KNOWLEDGE.category_names)
CODES = ["EN 149", "FFP2", "CE", "NB 0158", "KN95", "EN 14683", "EN 13795", "EN 166", "ISO 9001", "FDA"]
SPAN = Span(where=Where.BODY, start=0, end=1, text="x")

names = st.none() | st.text(max_size=20)
suppliers = st.builds(Supplier, company=names, org_number=names, contact=names, email=names, phone=names, country=names)
amounts = st.none() | st.floats(min_value=0, max_value=1e12, allow_nan=False)
lines = st.builds(
    OfferLine,
    category=st.sampled_from(CATEGORIES),
    quantity=amounts,
    per=st.sampled_from([None, "once", "day", "week", "month"]),
    lead_time_days=st.none() | st.integers(0, 400),
    price=amounts,
)
claims = st.builds(
    Claim,
    code=st.sampled_from(CODES),
    polarity=st.sampled_from(list(Polarity)),
    span=st.just(SPAN),
    rule=st.just("t"),
    category=st.none() | st.sampled_from(CATEGORIES),
)
judgements = st.builds(
    Judgement,
    intent=st.sampled_from(sorted(KNOWLEDGE.intents)),
    intent_confidence=st.floats(0, 1),
    intent_scores=st.just({}),
    categories=st.lists(st.sampled_from(CATEGORIES), unique=True, max_size=4).map(tuple),
    category_scores=st.just({}),
    uncertain=st.booleans(),
)
readings = st.builds(
    Reading,
    language=st.sampled_from(["nb", "nn", "sv", "da", "en", "de", "zh"]),
    judgement=judgements,
    claims=st.lists(claims, max_size=5).map(tuple),
    offer_lines=st.lists(lines, max_size=4).map(tuple),
    supplier=suppliers,
)
signs = st.lists(st.sampled_from(sorted(KNOWLEDGE.signs)), unique=True, max_size=4)
missing = st.lists(st.sampled_from(sorted(KNOWLEDGE.missing)), unique=True, max_size=6)


def priority(reading: Reading, risk: list[str], lacks: list[str], reply_to: str = "a@b.example") -> Any:
    screening = Screening(kind=ScreeningKind.PERSONAL, rule="", evidence="", answerable=True, reply_to=reply_to)
    proof = tuple(ProofState.CLAIMED if c.polarity is Polarity.ASSERTED else ProofState.NONE for c in reading.claims)
    assessment = Assessment(
        on=date(2020, 4, 1),
        proof=proof,
        findings=(),
        missing=tuple(lacks),
        risk_signs=tuple(RiskSign(code=code, reason="") for code in risk),
    )
    return rank(screening, reading, assessment, KNOWLEDGE)


@given(readings, suppliers, st.sampled_from(["nb", "en", "zh"]), signs, missing, st.emails())
def test_swapping_sender_domain_and_language_leaves_the_score_equal(
    reading: Any, other: Any, language: Any, risk: Any, lacks: Any, address: Any
) -> None:
    swapped = replace(reading, supplier=other, language=language)
    assert priority(reading, risk, lacks) == priority(swapped, risk, lacks, reply_to=address)


@given(readings, signs, missing)
def test_signs_about_the_address_of_the_sender_take_nothing_off(reading: Any, risk: Any, lacks: Any) -> None:
    bare = [code for code in risk if code not in ("free_mail_domain", "lookalike_domain", "no_company")]
    assert priority(reading, risk, lacks).score == priority(reading, bare, lacks).score


@given(readings, signs, missing)
def test_the_score_is_exactly_the_sum_of_the_reasons_and_never_below_nothing(
    reading: Any, risk: Any, lacks: Any
) -> None:
    found = priority(reading, risk, lacks)
    assert found.score == sum(reason.points for reason in found.reasons)
    assert found.score >= 0
    assert (found.band == "none") == (found.score == 0)


@given(readings, signs, missing, st.integers(2, 200))
def test_saying_it_more_often_changes_nothing(reading: Any, risk: Any, lacks: Any, times: Any) -> None:
    stuffed = replace(reading, claims=reading.claims * times, offer_lines=reading.offer_lines * times)
    assert priority(reading, risk, lacks).score == priority(stuffed, risk, lacks).score
