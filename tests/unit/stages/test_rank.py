import math
from datetime import date
from typing import Any

import pytest

from models.assessment import Assessment, Finding, ProofState, RiskSign, Severity
from models.mail import Screening, ScreeningKind
from models.reading import Claim, Judgement, OfferLine, Polarity, Reading, Span, Where
from triage.adapters.knowledge.ranking import load
from triage.resources import root
from triage.stages.rank import rank

KNOWLEDGE = load(root())


def screened(kind: Any = ScreeningKind.PERSONAL) -> Any:
    return Screening(kind=kind, rule="", evidence="", answerable=True, reply_to="a@b.example")


def claim(code: Any, category: Any = None, polarity: Any = Polarity.ASSERTED) -> Any:
    span = Span(where=Where.BODY, start=0, end=1, text="x")
    return Claim(code=code, polarity=polarity, span=span, rule="t", category=category)


def ranked(
    *claims: Any,
    intent: str = "offer",
    categories: Any = ("respirator",),
    lines: Any = (),
    kind: Any = ScreeningKind.PERSONAL,
    uncertain: bool = False,
    intent_scores: Any = (),
    category_scores: Any = (),
    proof: Any = None,
    **assessed: Any,
) -> Any:
    judgement = Judgement(
        intent=intent,
        intent_confidence=1,
        intent_scores=dict(intent_scores),
        categories=tuple(categories),
        category_scores=dict(category_scores),
        uncertain=uncertain,
    )
    reading = Reading(
        language="nb",
        judgement=judgement,
        claims=claims,
        offer_lines=tuple(lines),
    )
    assessment = Assessment(
        on=date(2020, 4, 1),
        proof=proof or tuple(ProofState.CLAIMED for _ in claims),
        findings=assessed.get("findings", ()),
        missing=tuple(assessed.get("missing", ())),
        risk_signs=tuple(RiskSign(code=code, reason="") for code in assessed.get("signs", ())),
    )
    return rank(screened(kind), reading, assessment, KNOWLEDGE)


def line(category: Any = "respirator", **said: Any) -> Any:
    return OfferLine(category=category, **said)


def test_the_need_order_stands() -> None:
    order = ["respirator", "gown", "gloves", "eye_protection", "medical_mask", "testing", "disinfectant", "digital"]
    scores = [ranked(categories=[category]).score for category in order]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_the_score_is_the_sum_of_the_reasons() -> None:
    priority = ranked(
        claim("EN 149"), lines=[line(quantity=777, lead_time_days=9)], missing=["price"], signs=["pressure"]
    )
    assert priority.score == sum(reason.points for reason in priority.reasons)
    assert priority.score == math.fsum(reason.points for reason in reversed(priority.reasons))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"lines": [line(quantity=100_000)]}, {"lines": [line(quantity=1_000)]}),
        ({"lines": [line(lead_time_days=2)]}, {"lines": [line(lead_time_days=45)]}),
        ({}, {"missing": ["regulatory"]}),
        ({}, {"signs": ["advance_payment"]}),
        ({"uncertain": True}, {}),
        ({"intent": "offer"}, {"intent": "question"}),
    ],
)
def test_more_sooner_and_complete_rank_higher(better: Any, worse: Any) -> None:
    assert ranked(**better).score > ranked(**worse).score


def test_proof_ranks_document_before_claim_before_foreign_before_pending_before_denied() -> None:
    document = ranked(claim("EN 149"), proof=(ProofState.DOCUMENT_SEEN,))
    strong = ranked(claim("EN 149"), claim("NB 0158"))
    alone = ranked(claim("EN 149"))
    foreign = ranked(claim("KN95"))
    pending = ranked(claim("EN 149", polarity=Polarity.PENDING))
    denied = ranked(claim("EN 149", polarity=Polarity.DENIED))
    scores = [p.score for p in (document, strong, alone, foreign, pending, denied)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_two_hundred_copies_of_a_claim_or_a_line_change_nothing() -> None:
    once = ranked(claim("EN 149"), lines=[line(quantity=500, lead_time_days=3)])
    often = ranked(*[claim("EN 149")] * 200, lines=[line(quantity=500, lead_time_days=3)] * 200)
    assert once.score == often.score


def test_an_absurd_amount_is_worth_no_more_than_a_large_one() -> None:
    assert ranked(lines=[line(quantity=10**30)]).score == ranked(lines=[line(quantity=10**7)]).score
    assert ranked(lines=[line(quantity=float("inf"))]).score == ranked().score


@pytest.mark.parametrize("intent", ["bounce", "autoreply", "newsletter", "scam"])
def test_mail_with_nothing_to_act_on_has_no_band_and_no_points(intent: Any) -> None:
    priority = ranked(claim("EN 149"), intent=intent)
    assert (priority.score, priority.band) == (0, "none")


def test_a_bounce_by_its_header_fields_has_no_band_whatever_its_text_says() -> None:
    assert ranked(claim("EN 149"), kind=ScreeningKind.BOUNCE).band == "none"


def test_a_doubtful_scam_is_still_put_before_a_person() -> None:
    assert ranked(intent="scam", uncertain=True).band == "low"


def test_the_worst_offer_still_ranks_above_mail_with_nothing_to_act_on() -> None:
    signs = ["broker_chain", "crypto_payment", "too_good"]
    missing = ["product", "regulatory", "contact", "quantity", "lead_time", "price"]
    priority = ranked(categories=(), signs=signs, missing=missing)
    assert priority.score == KNOWLEDGE.floor > 0
    assert priority.reasons[-1].code == "floor"
    assert priority.band == "low"


def test_every_reason_has_a_sentence_in_both_languages_without_gaps() -> None:
    finding = Finding(rule="R05", severity=Severity.HIGH, category=None, texts=(), action="")
    priority = ranked(
        claim("EN 149"),
        categories=["respirator", "gown"],
        lines=[line(quantity=500, lead_time_days=3)],
        missing=["price"],
        signs=["pressure"],
        findings=(finding,),
        uncertain=True,
    )
    assert {r.code for r in priority.reasons} == {
        "intent", "need", "breadth", "quantity", "arrival", "proof", "missing", "findings", "risk_signs", "uncertain"
    }  # fmt: skip
    for reason in priority.reasons:
        assert {language for language, sentence in reason.texts if sentence and "{" not in sentence} == {"nb", "en"}


def test_an_unknown_intent_category_or_sign_does_not_stop_the_ranking() -> None:
    assert ranked(intent="?", categories=["?"], signs=["?"], missing=["?"]).score >= KNOWLEDGE.floor


def test_a_doubtful_intent_counts_by_what_each_intent_scores() -> None:
    scores = {"other": 0.5, "offer": 0.4, "scam": 0.1}
    doubted = ranked(intent="other", uncertain=True, intent_scores=scores, lines=[line(quantity=5000)])
    surely_other = ranked(intent="other", lines=[line(quantity=5000)])
    surely_offer = ranked(intent="offer", lines=[line(quantity=5000)])
    assert surely_other.score < doubted.score < surely_offer.score


def test_what_the_scores_say_beside_a_sure_intent_counts_nothing() -> None:
    assert ranked(intent_scores={"offer": 0.8, "scam": 0.2}).score == ranked().score


def test_a_doubtful_category_counts_by_its_score() -> None:
    doubted = ranked(
        categories=["respirator", "gloves"], uncertain=True, category_scores={"respirator": 0.5, "gloves": 1}
    )
    need = next(reason for reason in doubted.reasons if reason.code == "need")
    gloves = next(reason for reason in ranked(categories=["gloves"]).reasons if reason.code == "need")
    assert (need.points, need.texts) == (gloves.points, gloves.texts)
