"""The language of a text."""

import pytest

from classifiers.language import detect
from triage.adapters.knowledge import language
from triage.resources import root

KNOWLEDGE = language.load(root())


@pytest.mark.parametrize(("expected", "text"), KNOWLEDGE.examples)
def test_the_examples_of_the_data_hold(expected: str, text: str) -> None:
    assert detect(text, "xx", KNOWLEDGE) == expected


@pytest.mark.parametrize(
    ("expected", "text", "subject"),
    [
        ("nb", "Hei! Vedlagt prisliste.", "Prisliste FFP2 og visir"),
        ("nb", "Har dere behov for hånddesinfeksjon? 500 liter klar", "Antibac"),
        ("nb", "Se under, er dette noe for dere?", "Fwd: PPE from China"),
        ("nb", "Tilbyr 3M 8835 FFP3 50 stk. Pris kr 120.", "3M"),
        ("nn", "Sjå vedlegg. Kan sendast i morgon.", "Tilbod"),
        ("nn", "Me treng 200 munnbind snarast råd", "Behov"),
        ("da", "Hej, er I interesserede i handsker?", "Handsker"),
        ("sv", "Vi har 5000 visir i lager, klara för leverans.", "Visir"),
        ("en", "FFP2 KN95 in stock, best price", "masks"),
        ("de", "Anbei unser Angebot.", "Masken"),
        ("zh", "KN95 口罩现货，请联系 sales@factory.example", "KN95"),
    ],
)
def test_short_mail_is_told_with_the_help_of_its_subject(expected: str, text: str, subject: str) -> None:
    assert detect(text, "xx", KNOWLEDGE, subject=subject) == expected


@pytest.mark.parametrize("text", ["", "   \n", "12 000 / 49,- https://firma.example", "OK"])
def test_a_text_without_words_gets_the_fallback(text: str) -> None:
    assert detect(text, "nb", KNOWLEDGE) == "nb"


def test_a_few_chinese_words_do_not_make_english_chinese() -> None:
    text = "Dear sir, this is Amy 罗小姐 from Dongguan. We have masks in stock and can deliver next week."
    assert detect(text, "xx", KNOWLEDGE) == "en"


@pytest.mark.parametrize("char", "a@ 1中")
def test_long_runs_cost_little(char: str) -> None:
    detect(char * 1_000_000, "nb", KNOWLEDGE)
