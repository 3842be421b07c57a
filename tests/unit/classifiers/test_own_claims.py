"""What is claimed by nobody, or of goods that are not offered, is quoted."""

from pathlib import Path

import pytest

from classifiers.own_claims import own_claims
from models.knowledge.judging import JudgingKnowledge
from models.reading import Claim, Judgement, Polarity, Span, Where
from triage.adapters.knowledge import claims

CODES = claims.load(Path(__file__).parents[3]).codes
KNOWLEDGE = JudgingKnowledge(
    demanding=frozenset({"need_report"}),
    needing=frozenset({"newsletter", "question"}),
    asking=frozenset({"question"}),
    subject_not_own=frozenset({"autoreply"}),
    goods=frozenset({"respirator", "gown"}),
)


def claim(
    code: str, polarity: Polarity = Polarity.ASSERTED, *, where: Where = Where.BODY, asked: bool = False
) -> Claim:
    return Claim(code=code, polarity=polarity, span=Span(where=where, start=0, end=1, text="x"), rule="t", asked=asked)


def read(intent: str, scores: dict[str, float], *given: Claim) -> list[str]:
    judgement = Judgement(
        intent=intent,
        intent_confidence=1.0,
        intent_scores={},
        categories=tuple(category for category, score in scores.items() if score >= 0.5),
        category_scores=scores,
        uncertain=False,
    )
    return [one.polarity.value for one in own_claims(given, judgement, CODES, KNOWLEDGE)]


def test_who_asks_for_goods_claims_nothing() -> None:
    given = (claim("EN 149"), claim("CE", Polarity.DENIED))
    assert read("need_report", {"respirator": 0.9}, *given) == ["quoted", "quoted"]


def test_a_machine_for_masks_is_no_mask() -> None:
    given = (claim("N95"), claim("CE"), claim("FFP2", Polarity.DENIED))
    assert read("offer", {"production": 0.9, "respirator": 0.1}, *given) == ["quoted", "asserted", "denied"]


@pytest.mark.parametrize("score", [0.35, 0.5, 0.9])
def test_goods_that_may_be_offered_keep_their_claims(score: float) -> None:
    assert read("offer", {"gown": 0.9, "respirator": score}, claim("EN 149")) == ["asserted"]


@pytest.mark.parametrize("category", ["production", "service", "digital"])
def test_beside_what_is_no_goods_doubtful_goods_are_what_it_is_for(category: str) -> None:
    assert read("offer", {category: 0.9, "respirator": 0.6}, claim("FFP2")) == ["quoted"]
    assert read("offer", {category: 0.9, "respirator": 0.7}, claim("FFP2")) == ["asserted"]


def test_where_nothing_else_is_offered_the_goods_that_are_named_are_meant() -> None:
    assert read("offer", {"respirator": 0.1}, claim("KN95")) == ["asserted"]


def test_a_newsletter_without_goods_claims_nothing() -> None:
    assert read("newsletter", {"respirator": 0.1}, claim("CE"), claim("CE", Polarity.DENIED)) == ["quoted", "quoted"]
    assert read("newsletter", {"respirator": 0.9}, claim("CE")) == ["asserted"]
    assert read("offer", {"respirator": 0.1}, claim("CE")) == ["asserted"]


def test_who_asks_claims_nothing_in_his_questions() -> None:
    given = (claim("KN95", asked=True), claim("ISO 9001"))
    assert read("question", {"respirator": 0.9}, *given) == ["quoted", "asserted"]
    assert read("offer", {"respirator": 0.9}, *given) == ["asserted", "asserted"]


def test_the_subject_that_an_automatic_reply_repeats_is_not_its_own() -> None:
    given = (claim("CE", where=Where.SUBJECT), claim("CE"))
    assert read("autoreply", {"respirator": 0.9}, *given) == ["quoted", "asserted"]
    assert read("offer", {"respirator": 0.9}, *given) == ["asserted", "asserted"]
