"""What is claimed by nobody, or of goods that are not offered, is quoted."""

from pathlib import Path

import pytest

from classifiers.own_claims import own_claims
from models.knowledge.judging import JudgingKnowledge
from models.reading import Claim, Judgement, Polarity, Span, Where
from triage.adapters.knowledge import claims

CODES = claims.load(Path(__file__).parents[3]).codes
KNOWLEDGE = JudgingKnowledge(demanding=frozenset({"need_report"}), needing=frozenset({"newsletter"}))


def claim(code: str, polarity: Polarity = Polarity.ASSERTED) -> Claim:
    return Claim(code=code, polarity=polarity, span=Span(where=Where.BODY, start=0, end=1, text="x"), rule="test")


def read(intent: str, scores: dict[str, float], *given: Claim) -> list[str]:
    judgement = Judgement(
        intent=intent, intent_confidence=1.0, intent_scores={}, categories=(), category_scores=scores, uncertain=False
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
    assert read("offer", {"respirator": score}, claim("EN 149")) == ["asserted"]


def test_a_newsletter_without_goods_claims_nothing() -> None:
    assert read("newsletter", {"respirator": 0.1}, claim("CE")) == ["quoted"]
    assert read("newsletter", {"respirator": 0.9}, claim("CE")) == ["asserted"]
    assert read("offer", {"respirator": 0.1}, claim("CE")) == ["asserted"]
