"""Words of several languages read as one vocabulary."""

from dataclasses import dataclass, field

from triage.adapters.knowledge.languages import Languages


@dataclass
class _File:
    cues: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)


OWN = _File(cues=["Pris", "at"], numbers={"en": 1}, units={"box": ["dozen"]})
LENDER = _File(cues=["price", "was"], numbers={"en": 9, "one": 1}, units={"piece": ["pcs"], "dozens": ["dozen"]})


def test_a_lender_adds_words_but_those_that_are_barred() -> None:
    read = Languages([OWN, LENDER], frozenset({"was", "at"}))
    assert read.words(lambda file: file.cues) == ("pris", "at", "price")


def test_what_a_word_means_in_the_mail_s_own_language_is_right() -> None:
    read = Languages([OWN, LENDER], frozenset())
    assert read.mapping(lambda file: file.numbers) == {"en": 1, "one": 1}
    assert read.meanings(lambda file: file.units) == {"dozen": "box", "pcs": "piece"}
