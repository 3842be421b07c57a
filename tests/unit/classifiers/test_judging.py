"""Training and judging, on evidence small enough to see through."""

from dataclasses import replace

import numpy as np
import pytest

from classifiers.judgement import judge
from classifiers.training import fit, prepared, train
from models.knowledge.judging import JudgingKnowledge
from models.reading import Stance
from tests.unit.classifiers.judged import KNOWLEDGE, evidence, examples

CLASSIFIER = train(examples(), KNOWLEDGE, seed=1)


def with_settings(**changed: object) -> JudgingKnowledge:
    return JudgingKnowledge(
        intents=KNOWLEDGE.intents,
        categories=KNOWLEDGE.categories,
        signs=KNOWLEDGE.signs,
        by_screening=KNOWLEDGE.by_screening,
        settings=replace(KNOWLEDGE.settings, **changed),
    )


def test_an_offer_is_read_with_its_category() -> None:
    read = judge(evidence("we sell apples again", "apples"), CLASSIFIER, KNOWLEDGE)
    assert (read.intent, read.categories) == ("sell", ("apples",))
    assert set(read.category_scores) == {"apples", "pears"}
    assert set(read.intent_scores) == {"sell", "ask", "robot"}
    assert read.because


def test_a_mail_may_have_no_category() -> None:
    assert judge(evidence("who knows?"), CLASSIFIER, KNOWLEDGE).categories == ()


def test_what_the_kind_of_a_mail_settles_no_wording_overrules() -> None:
    read = judge(evidence("we sell apples", "apples", screening="automatic"), CLASSIFIER, KNOWLEDGE)
    assert (read.intent, read.intent_confidence) == ("robot", 1.0)


def test_a_score_inside_the_band_leaves_the_mail_to_a_person() -> None:
    mail = evidence("we sell apples again", "apples")
    assert judge(mail, CLASSIFIER, with_settings(category_band=(0.0, 1.0))).uncertain
    assert not judge(mail, CLASSIFIER, with_settings(category_band=(0.5, 0.5), intent_floor=0.0)).uncertain
    assert judge(mail, CLASSIFIER, with_settings(category_band=(0.5, 0.5), intent_floor=1.0)).uncertain


def test_the_same_examples_in_any_order_give_the_same_numbers() -> None:
    again = train(list(reversed(examples())), KNOWLEDGE, seed=1)
    for name in ("intent", "words", "category"):
        one, other = getattr(CLASSIFIER, name), getattr(again, name)
        assert one.features == other.features
        assert np.array_equal(one.weights, other.weights)
        assert np.array_equal(one.intercepts, other.intercepts)


def test_a_word_repeated_two_hundred_times_weighs_like_a_few() -> None:
    once = judge(evidence("we sell apples", "apples"), CLASSIFIER, KNOWLEDGE)
    often = judge(evidence("we sell apples " * 200, *["apples"] * 200), CLASSIFIER, KNOWLEDGE)
    assert often.category_scores["pears"] == pytest.approx(once.category_scores["pears"], abs=0.15)


def test_addresses_and_numbers_are_never_learnt() -> None:
    rows = [
        (replace(one, new_text=f"{one.new_text} kari@frukt.example +47 22 33 44 55 https://frukt.example/x"), i, c)
        for one, i, c in examples()
    ]
    terms = train(rows, KNOWLEDGE, seed=1).terms.terms
    assert [term for term in terms if "frukt" in term or "kari" in term or "22" in term] == []


def test_two_examples_of_half_the_weight_teach_like_one() -> None:
    extra = [(evidence("plums are sold here", "pears"), "sell", ("pears",))]
    rows = prepared(examples(), KNOWLEDGE)
    one = fit((*rows, *prepared(extra, KNOWLEDGE)), KNOWLEDGE, seed=1)
    two = fit((*rows, *prepared(extra * 2, KNOWLEDGE, weight=0.5)), KNOWLEDGE, seed=1)
    mail = evidence("plums are sold here", "pears")
    assert judge(mail, two, KNOWLEDGE).intent_scores["sell"] == pytest.approx(
        judge(mail, one, KNOWLEDGE).intent_scores["sell"], abs=0.05
    )


def test_one_intent_alone_cannot_be_learnt() -> None:
    with pytest.raises(ValueError, match="two intents"):
        train([one for one in examples() if one[1] == "sell"], KNOWLEDGE, seed=1)


def test_unknown_words_and_stances_do_not_raise() -> None:
    for mail in (evidence(""), evidence("\x00\ud800 口罩", "apples", stance=Stance.DENIED), evidence("x", "plums")):
        assert judge(mail, CLASSIFIER, KNOWLEDGE).intent


def test_mail_that_names_nothing_is_about_no_category() -> None:
    silent = with_settings()
    fields = {name: getattr(silent, name) for name in silent.__dataclass_fields__}
    nameless = JudgingKnowledge(**{**fields, "nameless": frozenset({"robot"})})
    read = judge(evidence("we sell apples", "apples", screening="automatic"), CLASSIFIER, nameless)
    assert (read.categories, set(read.category_scores.values())) == ((), {0.0})
    assert not read.uncertain
