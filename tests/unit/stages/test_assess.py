from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.assessment import ProofState
from models.mail import Address, Segment, SegmentKind, Separated
from models.reading import Claim, Judgement, OfferLine, Polarity, Reading, Span, Supplier, Where
from tests.unit.stages.mails import attachment, mail_saying
from triage.adapters.knowledge.rules import load
from triage.resources import root
from triage.stages.assess import assess
from triage.stages.senders import lookalike, miswritten, open_to_anyone

KNOWLEDGE = load(root())
ON = date(2020, 4, 1)
NONE = Separated(segments=(), new_text="", original_from=None)


def claim(
    code: Any,
    category: Any = "respirator",
    polarity: Any = Polarity.ASSERTED,
    where: Any = Where.BODY,
    number: Any = None,
) -> Any:
    span = Span(where=where, start=0, end=len(code), text=code, attachment=number)
    return Claim(code=code, polarity=polarity, span=span, rule="t", category=category)


def reading(
    *claims: Any, intent: Any = "offer", categories: Any = ("respirator",), lines: Any = (), supplier: Any = None
) -> Any:
    judgement = Judgement(
        intent=intent, intent_confidence=1, intent_scores={}, categories=categories, category_scores={}, uncertain=False
    )
    supplier = supplier or Supplier(company="Firma AS", contact="Kari", email="kari@supplier.example")
    return Reading(language="nb", judgement=judgement, claims=claims, offer_lines=tuple(lines), supplier=supplier)


def assessed(read: Any, text: Any = "", on: Any = ON, own: Any = (), separated: Any = NONE, **mail: Any) -> Any:
    return assess(mail_saying(text, **mail), separated, read, KNOWLEDGE, on=on, own_addresses=own)


def codes(assessment: Any) -> Any:
    return [sign.code for sign in assessment.risk_signs]


def test_an_asserted_claim_is_claimed_and_a_pending_denied_or_quoted_one_proves_nothing() -> None:
    claims = [claim("CE"), *(claim("CE", polarity=p) for p in (Polarity.PENDING, Polarity.DENIED, Polarity.QUOTED))]
    assert assessed(reading(*claims)).proof == (ProofState.CLAIMED, *[ProofState.NONE] * 3)


def test_a_claim_in_an_attached_certificate_is_a_document_seen_and_in_a_price_list_a_claim() -> None:
    papers = (attachment("EN149 test report.pdf", "Report"), attachment("prices.pdf", "Price list 2020"))
    claims = [claim("EN 149", where=Where.ATTACHMENT, number=n) for n in (0, 1, 7)]
    proof = assessed(reading(*claims), attachments=papers).proof
    assert proof == (ProofState.DOCUMENT_SEEN, ProofState.CLAIMED, ProofState.CLAIMED)


def test_a_rule_that_was_not_in_force_does_not_apply() -> None:
    kn95 = reading(claim("KN95"))
    assert "R03" not in {f.rule for f in assessed(kn95, on=date(2020, 3, 12)).findings}
    assert "R03" in {f.rule for f in assessed(kn95, on=date(2020, 3, 13)).findings}


def test_a_british_body_is_unlisted_after_the_end_of_2020() -> None:
    read = reading(claim("FFP3"), claim("NB 0086"))
    assert "R06.unlisted" not in {f.rule for f in assessed(read).findings}
    assert "R06.unlisted" in {f.rule for f in assessed(read, on=date(2021, 1, 1)).findings}


def test_claims_do_not_leak_between_items() -> None:
    read = reading(claim("FFP2"), claim("EN 14683", "medical_mask"), categories=("respirator", "medical_mask"))
    assert not {"R01", "R02"} & {f.rule for f in assessed(read).findings}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payment: 100% T/T in advance.", "advance_payment"),
        ("Vi må ha 50 % ved bestilling.", "advance_payment"),
        ("Zahlung ausschließlich per Vorkasse.", "advance_payment"),
        ("Betales i bitcoin.", "crypto_payment"),
        ("Price valid only 24 hours!", "pressure"),
        ("Send LOI and POF to the seller's mandate, OTG.", "broker_chain"),
        ("Jeg er bare mellommann.", "broker_chain"),
        ("CE certificate issued by ECM Italy", "suspicious_issuer"),
        ("KN95 = FFP2", "wrong_standard"),
    ],
)
def test_a_sign_of_risk_is_shown_with_the_words_it_rests_on(text: Any, expected: Any) -> None:
    found = [sign for sign in assessed(reading(), text).risk_signs if sign.code == expected]
    assert len(found) == 1
    for span in found[0].spans:
        assert text[span.start : span.end] == span.text
    assert dict(found[0].texts).keys() == {"nb", "en"}
    assert found[0].reason == dict(found[0].texts)["en"]


@pytest.mark.parametrize(
    "text",
    [
        "Takk på forskudd!",
        "We ask for no prepayment.",
        "LOI",
        "Vielen Dank im Voraus",
        "Best regards, Universalcert NB 2163",
    ],
)
def test_ordinary_words_are_no_sign(text: Any) -> None:
    assert codes(assessed(reading(claim("FFP2"), claim("NB 2163")), text)) == []


def test_what_a_mail_quotes_is_not_held_against_its_sender() -> None:
    text = "Thank you.\n> 100% T/T in advance"
    segments = (
        Segment(kind=SegmentKind.NEW, start=0, end=11),
        Segment(kind=SegmentKind.QUOTATION, start=11, end=len(text)),
    )
    separated = Separated(segments=segments, new_text=text[:11], original_from=None)
    assert codes(assessed(reading(), text, separated=separated)) == []


def test_a_word_of_a_sign_in_an_attachment_carries_the_attachments_span() -> None:
    paper = attachment("quotation.pdf", "Terms: 30% deposit")
    [sign] = assessed(reading(), attachments=(paper,)).risk_signs
    assert sign.spans[0].attachment == 0
    assert paper.text[sign.spans[0].start : sign.spans[0].end] == sign.spans[0].text


def test_a_free_mail_sender_is_a_sign_in_an_offer_but_not_in_a_question() -> None:
    free = (Address(name="A", address="someone@gmail.com"),)
    assert "free_mail_domain" in codes(assessed(reading(), from_=free))
    assert "free_mail_domain" not in codes(assessed(reading(intent="question"), from_=free))


def test_a_colleague_who_forwards_from_free_mail_is_not_the_supplier() -> None:
    free = (Address(name="A", address="doctor@gmail.com"),)
    separated = Separated(segments=(), new_text="", original_from=Address(name="", address="a@firm.example"))
    assert "free_mail_domain" not in codes(assessed(reading(), from_=free, separated=separated))


@pytest.mark.parametrize(
    ("domain", "imitates"),
    [
        ("sykehusinnkj0p.example", True),
        ("sykehusinkjop.example", True),
        ("sykehus-innkjop.com", True),
        ("sykehusinnkjop.example", False),
        ("mail.sykehusinnkjop.example", False),
        ("supplier.example", False),
        ("xn--sykehusinnkjp-mnb.example", True),
        ("sykehusinnkjop-epost.example", True),
        ("3m-supply.example", True),
        ("", False),
        ("nodots", False),
    ],
)
def test_a_domain_that_looks_like_the_desks_own_is_seen(domain: Any, imitates: Any) -> None:
    assert (lookalike([domain], ["sykehusinnkjop.example"], (), KNOWLEDGE.senders) is not None) is imitates


@pytest.mark.parametrize(
    "text",
    [
        "We never ask anyone for advance payment.",
        "A deposit is not required.",
        "Vi krever aldri noen form for forskuddsbetaling.",
        "Eine Anzahlung ist nicht erforderlich.",
    ],
)
def test_a_demand_that_is_denied_in_any_words_is_no_sign(text: str) -> None:
    assert "advance_payment" not in codes(assessed(reading(), text))


def test_a_denial_of_something_else_leaves_the_demand() -> None:
    assert "advance_payment" in codes(assessed(reading(), "The price is not negotiable, 50% deposit with the order."))


def test_mild_haste_is_a_sign_when_it_is_said_in_two_ways() -> None:
    assert "pressure" not in codes(assessed(reading(), "First come, first served."))
    assert "pressure" in codes(assessed(reading(), "First come, first served. Prices go up every day, hurry!"))


def test_no_company_is_a_sign_only_where_no_domain_tells_of_one() -> None:
    free = Supplier(contact="Kari", email="kari@gmail.com")
    assert "no_company" in codes(assessed(reading(supplier=free)))
    assert "no_company" not in codes(
        assessed(reading(supplier=Supplier(contact="Kari", email="kari@supplier.example")))
    )


def claim_at(code: str, start: int) -> Claim:
    span = Span(where=Where.BODY, start=start, end=start + len(code), text=code)
    return Claim(code=code, polarity=Polarity.ASSERTED, span=span, rule="t")


def test_mail_and_certificate_that_exclude_each_other_contradict() -> None:
    body, paper = claim("AQL 1.5", "gloves"), claim("AQL 2.5", "gloves", where=Where.ATTACHMENT, number=0)
    both, one = reading(body, paper, categories=("gloves",)), reading(body, categories=("gloves",))
    report, catalogue = attachment("test report.pdf", "AQL 2.5"), attachment("catalogue.pdf", "AQL 2.5")
    assert "contradiction" in codes(assessed(both, attachments=(report,)))
    assert "contradiction" not in codes(assessed(both, attachments=(catalogue,)))
    assert "contradiction" not in codes(assessed(one, attachments=(report,)))


def test_a_certificate_of_another_model_contradicts_the_offer() -> None:
    paper = attachment("certificate.pdf", "EU TYPE EXAMINATION CERTIFICATE\nModel: AB-9501H")
    assert "contradiction" in codes(assessed(reading(), "We offer model AB-9503H.", attachments=(paper,)))
    assert "contradiction" not in codes(assessed(reading(), "We offer model AB-9501H.", attachments=(paper,)))
    assert "contradiction" not in codes(assessed(reading(), "We offer model CD-12.", attachments=(paper,)))


def test_a_thread_whose_other_party_had_nearly_this_domain_is_seen() -> None:
    quoted = "> To: post@nordmed-grossist.example\n"
    text = f"New account.\n{quoted}"
    segments = (
        Segment(kind=SegmentKind.NEW, start=0, end=13),
        Segment(kind=SegmentKind.QUOTATION, start=13, end=len(text)),
    )
    separated = Separated(segments=segments, new_text=text[:13], original_from=None)
    near = (Address(name="", address="post@nordrned-grossist.example"),)
    same = (Address(name="", address="post@nordmed-grossist.example"),)
    assert "lookalike_domain" in codes(assessed(reading(), text, separated=separated, from_=near))
    assert "lookalike_domain" not in codes(assessed(reading(), text, separated=separated, from_=same))


def test_a_class_on_the_line_of_a_standard_without_it_is_a_sign_and_in_a_list_of_products_is_none() -> None:
    def marked(text: str) -> list[str]:
        found = [claim_at(code, text.index(code)) for code in ("FFP2", "EN 14683")]
        return codes(assessed(reading(*found, categories=("respirator", "medical_mask")), text))

    assert "wrong_standard" in marked("FFP2 mask according to EN 14683")
    assert "wrong_standard" not in marked("FFP2 masks\nsurgical masks EN 14683")


def test_a_price_far_above_and_far_below_the_band_is_a_sign() -> None:
    def offered(price: Any, currency: Any = "USD") -> Any:
        line = OfferLine(category="respirator", price=price, currency=currency, price_unit="piece", quantity=10)
        return codes(assessed(reading(claim("FFP2"), lines=[line])))

    assert "price_gouging" in offered(25)
    assert "price_gouging" in offered(260, "NOK")
    assert "too_good" in offered(0.3)
    assert not {"price_gouging", "too_good"} & set(offered(3.5))
    assert "price_gouging" not in offered(900, "NOK")  # a reusable mask


def test_fifty_million_respirators_from_stock_are_too_good() -> None:
    line = OfferLine(category="respirator", quantity=50_000_000, per="once")
    assert "too_good" in codes(assessed(reading(claim("N95"), lines=[line])))
    small = OfferLine(category="respirator", quantity=50_000, per="once")
    assert "too_good" not in codes(assessed(reading(claim("N95"), lines=[small])))


@pytest.mark.parametrize("text", ["", "\x00\ud800", "KN95 = " * 3000, "İ" * 500 + " 100% deposit", "口罩定金"])
def test_any_text_is_assessed(text: Any) -> None:
    assessed(reading(claim("KN95")), text, subject=text)


@pytest.mark.parametrize(
    ("domain", "company", "imitates"),
    [
        ("nordlak-vern.no", "Nordiak Vern AS", True),
        ("harnnes-trade.com", "Hamnes Trade", True),
        ("nordiakvern.no", "Nordiak Vern AS", False),
        ("bjoernskole.no", "Bjørnskole AS", False),
        ("annet.no", "Nordiak Vern AS", False),
        ("lie.no", "Iie", False),
    ],
)
def test_a_domain_with_letters_that_only_look_like_the_companys_is_seen(
    domain: str, company: str, imitates: bool
) -> None:
    assert KNOWLEDGE.senders is not None
    assert miswritten(domain, company, KNOWLEDGE.senders) is imitates


def test_a_firm_below_a_second_level_is_not_open_to_anyone() -> None:
    assert KNOWLEDGE.senders is not None
    assert not open_to_anyone("a@firm-medical.co.uk", KNOWLEDGE.senders)
    assert open_to_anyone("a@yahoo.co.uk", KNOWLEDGE.senders)


@pytest.mark.parametrize(
    ("text", "pressing"),
    [
        ("We need your PO today.", True),
        ("We need your PO.\n" + "Our masks are made in Poland. " * 8 + "Samples go out today.", False),
        ("Unless we hear from you, the lot goes to the next buyer.", True),
        ("The lot goes to our warehouse.", False),
        ("Must be gone soon? Ellers selges de til andre.", True),
        ("Price valid 24 hours.", False),
        ("Price valid 24 hours, first come first served.", True),
    ],
)
def test_pressure_is_a_deadline_beside_a_demand_or_a_loss(text: str, pressing: bool) -> None:
    assert ("pressure" in codes(assessed(reading(), text))) is pressing


def test_haste_is_pressure_beside_a_change_of_account() -> None:
    assert "pressure" not in codes(assessed(reading(), "This is urgent."))
    assert "pressure" in codes(assessed(reading(), "This is urgent. Please note our new bank details."))


def test_mail_left_to_a_person_is_looked_at_for_signs_when_it_may_be_an_offer() -> None:
    free = (Address(name="A", address="someone@gmail.com"),)
    question = reading(intent="question")
    scores = {"offer": 0.35, "question": 0.4}
    doubted = replace(question, judgement=replace(question.judgement, uncertain=True, intent_scores=scores))
    sure = replace(question, judgement=replace(question.judgement, intent_scores=scores))
    assert "free_mail_domain" in codes(assessed(doubted, from_=free))
    assert "free_mail_domain" not in codes(assessed(sure, from_=free))


def test_a_class_that_is_denied_tells_no_price_and_a_price_of_a_pair_says_nothing() -> None:
    dear = OfferLine(category="respirator", price=25, currency="USD", price_unit="piece")
    assert "price_gouging" in codes(assessed(reading(claim("FFP3"), lines=[dear])))
    assert "price_gouging" not in codes(assessed(reading(claim("FFP3", polarity=Polarity.DENIED), lines=[dear])))
    pair = OfferLine(category="gloves", price=4, currency="USD", price_unit="pair")
    assert "price_gouging" not in codes(assessed(reading(categories=("gloves",), lines=[pair])))
