"""A time or a price that is said of some of several items goes to these."""

import pytest

from models.knowledge.offers import OfferKnowledge
from tests.unit.classifiers.offer_mails import lines_of
from triage import resources
from triage.adapters.knowledge import offers


@pytest.fixture(scope="module")
def knowledge() -> OfferKnowledge:
    return offers.load(resources.root())


TWO_GLOVES = "Nitrile {gloves:gloves} 500 boxes of 100, EUR 9\nLatex {gloves:gloves} 300 boxes of 100, EUR 7\n\n"
THREE = (
    "1) {respirator:N95 masks}, 1000 pcs, USD 3\n2) {respirator:KN95 masks}, 5000 pcs, USD 2\n"
    "3) {medical_mask:Surgical masks}, 9000 pcs, USD 0.4\n\n"
)
SHIELDS = "VS-1 {eye_protection:face shield}, 3000 pcs\nVS-2 {eye_protection:face shield}, 2000 pcs\n"
LETTERS = "A. {medical_mask:Munnbind}, 1000 stk, kr 5\nB. {respirator:FFP2-masker}, 400 stk, kr 20\n\n"


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        (TWO_GLOVES + "Latex ships in 2 days, nitrile in 10 days.", "en", [10, 2]),
        (TWO_GLOVES + "Latex ships in 2 days, the rest in 10 days.", "en", [10, 2]),
        (TWO_GLOVES + "Delivery 4 days.", "en", [4, 4]),
        (TWO_GLOVES + "Lead time: 12 days (nitrile), 15 days for latex.", "en", [12, 15]),
        (THREE + "Items 1 and 2: 5 days. Item 3: 2 weeks.", "en", [5, 5, 14]),
        (THREE + "Lot 3 ships in 2 weeks, all else in 5 days.", "en", [5, 5, 14]),
        (LETTERS + "Leveringstid for A er 4 dager, for B 3 uker.", "nb", [4, 21]),
        (LETTERS + "{medical_mask:Munnbind} 3 dager. Resten 2 uker.", "nb", [3, 14]),
    ],
)
def test_a_time_goes_to_the_items_that_it_is_said_of(
    text: str, language: str, days: list[int | None], knowledge: OfferKnowledge
) -> None:
    assert [line.lead_time_days for line in lines_of(text, language, knowledge)] == days


@pytest.mark.parametrize(
    ("text", "language", "prices"),
    [
        (
            "A) {eye_protection:Visir} 500 stk\nB) {medical_mask:Munnbind} 3000 stk\n\nPris A: 40 kr, B: 4 kr.",
            "nb",
            [40, 4],
        ),
        (
            SHIELDS + "Price VS-1 1.35 EUR, VS-2 2.90 EUR",
            "en",
            [1.35, 2.9],
        ),
        (
            "Item A: {gown:gowns}, 500 pcs\nItem B: {medical_mask:masks}, 3000 pcs\n\nPrice: A) $4.65 net B) $0.70",
            "en",
            [4.65, 0.7],
        ),
    ],
)
def test_a_price_goes_to_the_item_whose_label_it_bears(
    text: str, language: str, prices: list[float], knowledge: OfferKnowledge
) -> None:
    assert [line.price for line in lines_of(text, language, knowledge)] == prices
