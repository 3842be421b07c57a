"""Every example in units.toml, lead_times.toml and amount_masks.toml reads as it says."""

import re
from pathlib import Path

import pytest

from classifiers.lead_times import at_once, durations
from classifiers.offer_masking import masked
from classifiers.offers import read_offer
from models.knowledge.offers import OfferKnowledge
from models.mail import Segment, SegmentKind
from models.reading import Passage, ProductMention, Span, Stance, Where
from triage import resources
from triage.adapters.knowledge import offers
from triage.adapters.knowledge.files import read_toml
from triage.adapters.knowledge.offer_files import LeadTimesFile, TimeExample, UnitExample, UnitsFile

ROOT = resources.root()
LANGUAGES = sorted(path.parent.name for path in (ROOT / "data").glob("languages/*/units.toml"))


@pytest.fixture(scope="module")
def knowledge() -> OfferKnowledge:
    return offers.load(ROOT)


def _file(language: str, name: str) -> Path:
    return ROOT / "data" / "languages" / language / name


@pytest.mark.parametrize(
    ("language", "example"),
    [
        (language, example)
        for language in LANGUAGES
        for example in read_toml(_file(language, "units.toml"), UnitsFile).examples
    ],
    ids=lambda value: value.text[:40] if hasattr(value, "text") else value,
)
def test_an_example_of_units_reads_as_it_says(language: str, example: UnitExample, knowledge: OfferKnowledge) -> None:
    at = example.text.index(example.product)
    end = at + len(example.product)
    passage = Passage(
        where=Where.BODY,
        text=example.text,
        segments=(Segment(kind=SegmentKind.NEW, start=0, end=len(example.text)),),
    )
    product = ProductMention(
        category="gloves",
        stance=Stance.OFFERED,
        span=Span(where=Where.BODY, start=at, end=end, text=example.product),
        phrase="example",
    )
    (line,) = read_offer((passage,), language, (product,), knowledge).lines
    assert (line.quantity, line.per) == (example.quantity, example.per if not example.flag else "once")
    assert line.price == example.price
    assert line.currency == example.currency
    assert line.flags == ((example.flag,) if example.flag else ())


@pytest.mark.parametrize(
    ("language", "example"),
    [
        (language, example)
        for language in LANGUAGES
        for example in read_toml(_file(language, "lead_times.toml"), LeadTimesFile).examples
    ],
    ids=lambda value: value.text[:40] if hasattr(value, "text") else value,
)
def test_an_example_of_lead_times_reads_as_it_says(
    language: str, example: TimeExample, knowledge: OfferKnowledge
) -> None:
    words = knowledge.vocabularies[language]
    said = [one for one in durations(example.text, 0, len(example.text), words) if one.delivery]
    soon = at_once(example.text, 0, len(example.text), words)
    found = said or ([soon] if soon else [])
    assert [one.days for one in found][:1] == ([example.days] if example.days is not None or example.date else [])
    if example.date:
        assert example.text[found[0].start : found[0].end] == example.date


@pytest.mark.parametrize(
    "mask", read_toml(ROOT / "data" / "amount_masks.toml", offers.MasksFile).mask, ids=lambda mask: mask.id
)
def test_a_mask_covers_its_example_and_leaves_its_counter_example(
    mask: offers.MaskRow, knowledge: OfferKnowledge
) -> None:
    found = re.search(mask.pattern, mask.example)
    assert found
    assert found.group() == mask.example
    blotted = "".join(one.group() for one in re.finditer(mask.pattern, mask.counter_example))
    assert not any(sign.isdigit() for sign in blotted)


def test_masked_text_keeps_its_length_and_its_lines(knowledge: OfferKnowledge) -> None:
    text = "Ring meg 480 97 215\nEN 149:2001+A1:2009\tUSD12.50 a 500 stk"
    blotted = masked(text, knowledge, knowledge.vocabularies["nb"])
    assert len(blotted) == len(text)
    assert "480" not in blotted
    assert "149" not in blotted
    assert blotted.endswith("\tUSD12.50 a 500 stk")
