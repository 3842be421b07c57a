"""Nothing that a mail repeats makes the reading of offers or senders slow, or stop."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.identity import find_supplier
from classifiers.offers import read_offer
from models.knowledge.identity import IdentityKnowledge
from models.knowledge.offers import OfferKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from models.reading import Passage, ProductMention, Span, Stance, Where
from triage import resources
from triage.adapters.knowledge import identity, offers

ATOMS = [
    *(
        "1",
        "1 ",
        "1,",
        "1.",
        "12 stk ",
        "kr 2,50 ",
        "a ",
        "A",
        "Aa ",
        "AS ",
        "\n",
        "\t",
        " | ",
        "-",
        "+",
        "(",
        "@",
        "x.",
    ),
    *("box of ", "5-7 ", "EN 149 ", "+47 ", "hilsen\n", "org.nr ", "munnbind "),
]
REPEATS = 25_000
SECONDS = 12.0  # generous: a quadratic pattern takes minutes


@pytest.fixture(scope="module")
def offer_knowledge() -> OfferKnowledge:
    return offers.load(resources.root())


@pytest.fixture(scope="module")
def identity_knowledge() -> IdentityKnowledge:
    return identity.load(resources.root())


def _mention(end: int) -> ProductMention:
    return ProductMention(
        category="gloves", stance=Stance.OFFERED, span=Span(where=Where.BODY, start=0, end=end, text=""), phrase="test"
    )


def _passage(text: str) -> Passage:
    return Passage(where=Where.BODY, text=text, segments=_whole(text))


def _whole(text: str) -> tuple[Segment, ...]:
    return (Segment(kind=SegmentKind.NEW, start=0, end=len(text)),)


def _mail(text: str, sender: Address) -> tuple[ParsedMail, Separated]:
    mail = ParsedMail(
        subject="", from_=(sender,), to=(), cc=(), reply_to=(), date=None, received=None, message_id="", in_reply_to=(),
        references=(), return_path=None, content_type="", headers=(), text=text, hidden_text="", attachments=(),
        nested=(), defects=(),
    )  # fmt: skip
    return mail, Separated(segments=_whole(text), new_text=text, original_from=None)


@pytest.mark.parametrize("atom", ATOMS)
def test_a_hundred_thousand_repeats_are_read_in_time(
    atom: str, offer_knowledge: OfferKnowledge, identity_knowledge: IdentityKnowledge
) -> None:
    text = atom * max(REPEATS, 100_000 // len(atom))
    sender = Address(name="Kari Vik", address="kari@vikimport.no")
    read_offer((_passage("x"),), "nb", (_mention(1),), offer_knowledge)
    begin = time.process_time()
    read_offer((_passage(text),), "nb", (_mention(1),), offer_knowledge)
    find_supplier(*_mail(text, sender), "nb", identity_knowledge)
    assert time.process_time() - begin < SECONDS


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400), language=st.sampled_from(["nb", "en", "de", "zh", "xx"]))
def test_any_text_is_read(
    text: str, language: str, offer_knowledge: OfferKnowledge, identity_knowledge: IdentityKnowledge
) -> None:
    products = (_mention(min(3, len(text))),) if text else ()
    for line in read_offer((_passage(text),), language, products, offer_knowledge).lines:
        assert all(text[span.start : span.end] == span.text for _, span in line.spans)
    supplier = find_supplier(*_mail(text, Address(name=text[:20], address=text[:30])), language, identity_knowledge)
    assert all(text[span.start : span.end] == span.text for _, span in supplier.spans)
