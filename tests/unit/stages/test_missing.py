"""What is missing of an offer."""

from dataclasses import replace
from typing import Any

import pytest

from models.reading import OfferLine, Polarity, Span, Supplier, Where
from tests.unit.stages.test_assess import assessed, claim, reading

WORDS = Span(where=Where.BODY, start=0, end=1, text="x")


def judged(read: Any, **changes: Any) -> Any:
    return replace(read, judgement=replace(read.judgement, **changes))


def test_everything_is_missing_of_an_empty_offer_and_nothing_of_a_question() -> None:
    empty = reading(categories=(), supplier=Supplier())
    assert assessed(empty).missing == ("product", "regulatory", "contact", "quantity", "lead_time", "price")
    assert assessed(reading(intent="question", supplier=Supplier())).missing == ()


def test_nothing_is_missing_of_a_complete_offer() -> None:
    line = OfferLine(category="respirator", quantity=5, price=2, currency="NOK", lead_time_days=3)
    assert assessed(reading(claim("CE"), lines=[line])).missing == ()


def test_a_minimum_order_is_no_quantity_and_stock_is_a_lead_time() -> None:
    line = OfferLine(category="respirator", moq=500, stock_country="NO", price=1)
    assert assessed(reading(claim("CE"), lines=[line])).missing == ("quantity",)
    assert "lead_time" not in assessed(reading(claim("CE")), "Vi har dem på lager.").missing


@pytest.mark.parametrize("status", [Polarity.PENDING, Polarity.DENIED])
def test_a_plain_statement_about_certificates_is_given_whatever_it_says(status: Any) -> None:
    assert "regulatory" not in assessed(reading(claim("CE", polarity=status))).missing
    assert "regulatory" in assessed(reading(claim("CE", polarity=Polarity.QUOTED))).missing


def test_amounts_and_times_that_no_line_took_are_given() -> None:
    read = replace(reading(claim("CE")), offer_facts=(("quantity", WORDS), ("lead_time_days", WORDS)))
    assert assessed(read).missing == ("price",)


def test_lots_of_unknown_size_are_a_quantity() -> None:
    line = OfferLine(category="gloves", per="once", quantity_unit="pallet", flags=("unknown_pack_size",))
    assert "quantity" not in assessed(reading(claim("CE"), lines=[line])).missing


@pytest.mark.parametrize(
    "text",
    [
        "11 pallar står i Drammen",
        "400 esker i garasjen, de står i garasjen",
        "GOODS IN ROTTERDAM BONDED WAREHOUSE",
        "现货",
    ],
)
def test_goods_that_stand_somewhere_are_in_stock(text: str) -> None:
    assert "lead_time" not in assessed(reading(claim("CE")), text).missing


@pytest.mark.parametrize(
    "text",
    [
        "The usual certificates are available.",
        "FFP2 verfügbar, sobald uns ein Auftrag vorliegt.",
        "Fabrikken ligger i Ningbo.",
    ],
)
def test_what_else_is_available_is_no_stock(text: str) -> None:
    assert "lead_time" in assessed(reading(claim("CE")), text).missing


def test_no_standards_are_asked_of_work_and_machines_alone() -> None:
    assert "regulatory" not in assessed(reading(categories=("service", "production"))).missing
    assert "regulatory" in assessed(reading(categories=("gown", "production"))).missing
    assert "regulatory" in assessed(reading(categories=("digital",))).missing


def test_a_product_that_is_none_for_sure_but_can_be_told_is_given() -> None:
    vague = judged(reading(categories=()), category_scores={"gown": 0.02})
    told = judged(reading(categories=()), category_scores={"gown": 0.3})
    assert ("product" in assessed(vague).missing, "product" in assessed(told).missing) == (True, False)


def test_mail_that_a_person_may_find_to_be_an_offer_is_looked_at() -> None:
    doubted = judged(reading(intent="question"), uncertain=True, intent_scores={"offer": 0.4})
    assert "price" in assessed(doubted).missing
    assert assessed(judged(doubted, uncertain=False)).missing == ()
    assert assessed(judged(doubted, intent_scores={"offer": 0.1})).missing == ()
