"""The lines of an offer in the light of what the whole mail was judged to be."""

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
MAKING = JudgingKnowledge(
    demanding=frozenset({"need_report"}),
    goods=frozenset({"gloves", "gown", "medical_mask", "other_ppe"}),
    making="production",
    unknown_goods="other_ppe",
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


def test_a_row_that_may_be_of_several_kinds_falls_away() -> None:
    assert settled((GLOVES, UNKNOWN), _judged("offer", "gloves", "gown", "medical_mask"), KNOWLEDGE) == (GLOVES,)


def test_a_row_of_an_unknown_product_is_of_the_only_kind_of_goods() -> None:
    lines = settled((GLOVES, UNKNOWN), _judged("offer", "gloves", "service"), KNOWLEDGE)
    assert [line.category for line in lines] == ["gloves", "gloves"]


def test_an_amount_said_twice_is_one_line_with_what_either_says() -> None:
    bare = OfferLine(category="gloves", quantity=1000, per="once", stock_country="NO")
    (line,) = settled((GLOVES, bare), _judged("offer", "gloves"), KNOWLEDGE)
    assert (line.price, line.stock_country) == (0.9, "NO")


def test_lots_of_the_same_size_at_their_own_prices_stay_apart() -> None:
    other = OfferLine(category="gloves", quantity=1000, per="once", price=0.8)
    assert settled((GLOVES, other), _judged("offer", "gloves"), KNOWLEDGE) == (GLOVES, other)


def test_of_a_mail_of_goods_and_their_making_so_many_a_day_are_goods_and_cloth_is_a_means() -> None:
    a_day = OfferLine(category="production", quantity=300, per="day")
    cloth = OfferLine(category="production", quantity=11000, per="once")
    lines = settled((a_day, cloth), _judged("offer", "gown", "production"), MAKING)
    assert [(line.category, line.quantity) for line in lines] == [("gown", 300)]


def test_a_machine_with_a_price_is_offered_beside_goods() -> None:
    machine = OfferLine(category="production", quantity=2, per="once", price=68000)
    assert settled((machine,), _judged("offer", "gown", "production"), MAKING) == (machine,)


def test_a_row_of_an_unknown_product_is_of_the_vaguest_kind_when_lines_name_the_others() -> None:
    caps = OfferLine(category="other_ppe", quantity=50, per="once")
    lines = settled((GLOVES, caps, UNKNOWN), _judged("offer", "gloves", "other_ppe"), MAKING)
    assert [line.category for line in lines] == ["gloves", "other_ppe", "other_ppe"]


def test_beside_what_a_report_needs_of_a_kind_what_it_has_left_is_no_line() -> None:
    left = OfferLine(category="gown", quantity=3, per="once")
    needed = OfferLine(category="gown", quantity=100, per="once", need=True)
    masks = OfferLine(category="medical_mask", quantity=600, per="once")
    lines = settled((left, needed, masks), _judged("need_report", "gown", "medical_mask"), MAKING)
    assert [(line.category, line.quantity) for line in lines] == [("gown", 100), ("medical_mask", 600)]
