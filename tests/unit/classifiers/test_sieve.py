import re

import pytest

from classifiers.sieve import Sieve

WRITTEN = [
    r"abc",
    r"(?i)i x",
    r"\d{4}",
    r"[^a]b",
    r"(?i)[^a]b",
    r"(?<!x)y{2,400}z",
    r"(?i)k",
    r"(?i)µ",
    r"(?i)ß",
    r"(?i)[h-j]+!",
    r"\s-",
    r"[\]^-]",
    r"\bword\b(?!s)",
    r"^(?:one|two|)\t",
    r"[\W\d]x",
    r"(?P<first>a)(?P=first)",
    r"(?>a)b",
    r"(?i:A)(?-i:B)",
    r"",
]
TEXTS = [
    "abc",
    "İ X, ı x",
    "\u0661\u0662\u0663\u0664",
    "cb",
    "Ab AB",
    "yyz" + "y" * 500 + "z",
    "\u212a",
    "μ",
    "ẞ",
    "ı! I!",
    "\u2003- \x1c-",
    "]-^",
    "words, a word",
    "one\ttwo\n\t",
    "ßx ٣x",
    "aab",
    "aB",
    "\ud800abc",
    "\x00",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_no_pattern_that_matches_is_left_out(text: str) -> None:
    sieve = Sieve([re.compile(pattern) for pattern in WRITTEN])
    matching = {place for place, pattern in enumerate(sieve.patterns) if pattern.search(text)}
    assert matching <= set(sieve.may_match(text))


def test_patterns_whose_letters_do_not_stand_in_a_text_are_left_out() -> None:
    sieve = Sieve([re.compile(r"\bpris(?:en)?\b[^.\n]{0,60}\d"), re.compile(r"(?i)today"), re.compile(r"(?<=x)\d{2}")])
    assert sieve.may_match("Call us TODAY") == [1]
    assert sieve.may_match("Prisen: pris. 4") == []
    assert sieve.may_match("prisen er 45") == [0, 2]


def test_a_sieve_of_nothing_lets_nothing_through() -> None:
    assert Sieve([]).may_match("anything") == []
