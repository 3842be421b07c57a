"""The lines of an offer in the light of what the whole mail was judged to be."""

import pytest

from classifiers.offer_settling import settled
from classifiers.offers import UNNAMED
from models.knowledge.judging import JudgingKnowledge
from models.reading import Judgement, OfferLine

KNOWLEDGE = JudgingKnowledge(
    demanding=frozenset({"need_report"}),
    without_offer=frozenset({"question"}),
    without_price=frozenset({"donation"}),
    goods=frozenset({"gloves", "gown", "medical_mask"}),
)
GLOVES = OfferLine(category="gloves", quantity=1000, per="once", price=0.9, lead_time_days=3)
UNKNOWN = OfferLine(category="", quantity=200, per="once", price=40, flags=(UNNAMED,))


def _judged(intent: str, *categories: str, uncertain: bool = False) -> Judgement:
    return Judgement(
        intent=intent,
        intent_confidence=0.9,
        intent_scores={},
        categories=categories,
        category_scores={},
        uncertain=uncertain,
    )


def test_mail_that_offers_nothing_has_no_lines() -> None:
    assert settled((GLOVES,), _judged("question", "gloves"), KNOWLEDGE) == ()


def test_what_is_given_has_no_price() -> None:
    (line,) = settled((GLOVES,), _judged("donation", "gloves"), KNOWLEDGE)
    assert (line.quantity, line.price, line.currency, line.price_unit) == (1000, None, None, None)


def test_what_a_report_of_needs_counts_is_needed_and_has_no_time_of_delivery() -> None:
    (line,) = settled((GLOVES,), _judged("need_report", "gloves"), KNOWLEDGE)
    assert (line.need, line.lead_time_days, line.quantity) == (True, None, 1000)


def test_what_a_supplier_needs_himself_is_no_line_of_his_offer() -> None:
    own_need = OfferLine(category="gown", quantity=50, per="once", need=True)
    assert settled((GLOVES, own_need), _judged("offer", "gloves", "gown"), KNOWLEDGE) == (GLOVES,)


def test_a_mail_surely_about_one_kind_offers_no_other() -> None:
    (line,) = settled((GLOVES,), _judged("offer", "gown"), KNOWLEDGE)
    assert line.category == "gown"


def test_a_mail_surely_about_several_kinds_offers_no_other() -> None:
    masks = OfferLine(category="medical_mask", quantity=10, per="once")
    assert settled((GLOVES, masks), _judged("offer", "gloves", "gown"), KNOWLEDGE) == (GLOVES,)


def test_a_doubtful_judgement_moves_no_line() -> None:
    assert settled((GLOVES,), _judged("offer", "gown", uncertain=True), KNOWLEDGE) == (GLOVES,)


def test_a_row_of_an_unknown_product_is_of_the_judged_kind_that_no_line_names() -> None:
    lines = settled((GLOVES, UNKNOWN), _judged("offer", "gloves", "gown"), KNOWLEDGE)
    assert [(line.category, line.flags) for line in lines] == [("gloves", ()), ("gown", ())]


@pytest.mark.parametrize("judged", [("gloves", "gown", "medical_mask"), ("gloves", "service")])
def test_a_row_that_may_be_of_several_kinds_or_of_no_goods_falls_away(judged: tuple[str, ...]) -> None:
    assert settled((GLOVES, UNKNOWN), _judged("offer", *judged), KNOWLEDGE) == (GLOVES,)


def test_an_amount_said_twice_is_one_line_with_what_either_says() -> None:
    bare = OfferLine(category="gloves", quantity=1000, per="once", stock_country="NO")
    (line,) = settled((GLOVES, bare), _judged("offer", "gloves"), KNOWLEDGE)
    assert (line.price, line.stock_country) == (0.9, "NO")


def test_lots_of_the_same_size_at_their_own_prices_stay_apart() -> None:
    other = OfferLine(category="gloves", quantity=1000, per="once", price=0.8)
    assert settled((GLOVES, other), _judged("offer", "gloves"), KNOWLEDGE) == (GLOVES, other)
