"""What an offer gives at all, whichever item it is of."""

import pytest

from classifiers.offers import read_offer
from models.mail import Segment, SegmentKind
from models.reading import Passage, ProductMention, Span, Stance, Where
from triage.bootstrap import knowledge

KNOWLEDGE = knowledge().offers


def said(
    text: str, *products: str, stance: Stance = Stance.OFFERED, where: Where = Where.BODY
) -> list[tuple[str, str]]:
    segments = (Segment(kind=SegmentKind.NEW, start=0, end=len(text)),)
    attachment = 0 if where is Where.ATTACHMENT else None
    passage = Passage(where=where, text=text, segments=segments, attachment=attachment, name="list.pdf")
    mentions = tuple(
        ProductMention(
            category="gloves",
            stance=stance,
            span=Span(where=where, start=at, end=at + len(one), text=one, attachment=attachment),
            phrase="t",
        )
        for one in products
        if (at := text.index(one)) >= 0
    )
    return [(name, span.text) for name, span in read_offer((passage,), "en", mentions, KNOWLEDGE).facts]


def test_amounts_and_times_are_heard_where_no_product_stands() -> None:
    assert said("Capacity 500,000 pcs/day.\nDelivery 12 days after deposit.") == [
        ("quantity", "500,000 pcs"),
        ("lead_time_days", "12 days"),
    ]


def test_a_time_that_nothing_explains_counts_unless_it_is_only_today() -> None:
    assert said("By van it takes the two of us 3 days.") == [("lead_time_days", "3 days")]
    assert said("Our name is known today.") == []


@pytest.mark.parametrize("text", ["Payment 30 days net.", "MOQ 5,000 pcs", "Offer valid 7 days."])
def test_payment_validity_and_the_smallest_order_are_neither(text: str) -> None:
    assert said(text) == []


def test_nothing_is_heard_of_what_the_sender_does_not_have() -> None:
    assert said("We sold 900 pcs gloves.", "gloves", stance=Stance.DENIED) == []


def test_dates_in_papers_are_those_of_the_papers() -> None:
    assert said("Tested 3 April 2020", where=Where.ATTACHMENT) == []
