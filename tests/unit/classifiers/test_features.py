"""What a mail is judged by, in named numbers."""

from dataclasses import replace

from classifiers.category_features import category_evidence
from classifiers.features import intent_evidence
from models.knowledge.judging import JudgingKnowledge, JudgingSettings, Sign
from models.reading import Evidence, OfferLine, ProductMention, Span, Stance, Where
from tests.unit.classifiers.judged import KNOWLEDGE, evidence

SIGNS = (
    Sign(language="en", text="free", kind="gift"),
    Sign(language="en", text="free shipping", kind="extra"),
    Sign(language="en", text="brewery", kind="trade"),
    Sign(language="nn", text="brewery", kind="other"),
)
TOLD = JudgingKnowledge(
    intents=KNOWLEDGE.intents,
    categories=KNOWLEDGE.categories,
    signs=SIGNS,
    told_by=(("apples", ("trade",)),),
    told_by_rates=frozenset({"apples"}),
    demanding=frozenset({"ask"}),
    settings=JudgingSettings(opening=5),
)


def signs_in(text: str) -> set[str]:
    return {name for name in intent_evidence(evidence(text), TOLD) if name.startswith("sign:")}


def about_apples(mail: Evidence, intents: dict[str, float]) -> dict[str, float]:
    return category_evidence(mail, "apples", TOLD, intent_evidence(mail, TOLD), intents, 0.5)


def mention(where: Where, stance: Stance) -> ProductMention:
    return ProductMention(
        category="apples", stance=stance, span=Span(where=where, start=0, end=1, text="a"), phrase="en/apples"
    )


def test_a_sign_within_a_longer_one_does_not_count() -> None:
    assert signs_in("free shipping to you all") == {"sign:extra@text", "sign:extra@opening"}
    assert "sign:gift@text" in signs_in("apples for free")


def test_a_sign_in_the_first_words_counts_as_opening_too() -> None:
    assert signs_in("one two three four five free") == {"sign:gift@text"}
    assert signs_in("one two free") == {"sign:gift@text", "sign:gift@opening"}


def test_a_phrase_may_be_a_sign_of_several_kinds() -> None:
    assert {"sign:trade@text", "sign:other@text"} <= signs_in("our brewery")


def test_a_category_is_told_by_its_signs_without_a_product() -> None:
    found = about_apples(evidence("our brewery"), {"sell": 1.0})
    assert found["apples: trade@text"] > 0
    assert [name for name in found if "other" in name] == ["absent, others named"]


def test_what_is_needed_counts_by_whether_the_mail_demands_at_all() -> None:
    mail = evidence("apples please", "apples", stance=Stance.NEEDED)
    asked, sold = about_apples(mail, {"ask": 1.0}), about_apples(mail, {"sell": 1.0})
    assert (asked["needed and demanded"], asked["needed by the way"]) == (1.0, 0.0)
    assert (sold["needed and demanded"], sold["needed by the way"]) == (0.0, 1.0)


def test_a_category_that_the_text_denies_is_told_from_one_that_only_a_subject_lists() -> None:
    mail = evidence("no apples left")
    listed, denied = mention(Where.SUBJECT, Stance.OFFERED), mention(Where.BODY, Stance.DENIED)
    both = Evidence(**{name: getattr(mail, name) for name in Evidence.__slots__} | {"products": (listed, denied)})
    only = Evidence(**{name: getattr(mail, name) for name in Evidence.__slots__} | {"products": (listed,)})
    assert about_apples(both, {})["not meant in the text"] == 1.0
    assert about_apples(only, {})["not meant in the text"] == 0.0


def test_what_a_mail_lists_is_told_from_what_it_names_by_the_way() -> None:
    mail = evidence("apples, pears", "apples", "pears")
    named = mail.products[0]
    listed = replace(mail, products=(replace(named, leads=True, counted=True), mail.products[1]))
    assert about_apples(mail, {})["named once"] == 1.0
    assert about_apples(listed, {})["leads counted@body"] == 1.0
    assert "leads@body" not in about_apples(mail, {})


def test_a_category_is_told_by_amounts_a_week_of_whatever_goods() -> None:
    weekly = OfferLine(category="pears", quantity=500, per="week")
    once = replace(weekly, per="once")
    assert about_apples(replace(evidence("pears"), offer_lines=(weekly,)), {})["apples: rates"] == 1
    assert about_apples(replace(evidence("pears"), offer_lines=(once,)), {})["apples: rates"] == 0
