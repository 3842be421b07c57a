"""Words are found in time that grows with the text, also where it has no blanks."""

import time

import pytest

from classifiers.claim_words import ClaimWords
from triage.bootstrap import knowledge


@pytest.fixture(scope="module")
def words() -> ClaimWords:
    return ClaimWords(knowledge().claims, "en")


@pytest.mark.parametrize(
    "run", ["?", "(", ")", "…", "'s", ".-", "a.", "°c", "_", "a", "1kg", "//", "\u202e", "，", "口罩"]
)
def test_a_text_without_blanks_takes_no_longer_than_its_length(words: ClaimWords, run: str) -> None:
    began = time.process_time()
    words.doc(run * (60_000 // len(run)))
    assert time.process_time() - began < 1


def test_ordinary_text_and_its_places_stay_as_they_are(words: ClaimWords) -> None:
    text = "FFP2 masks (EN 149:2001+A1:2009) --------- https://a.example/" + "x" * 40 + " ... 口罩，符合标准!!!"
    assert words.doc(text).text == text
    long = "a" * 1_000 + " FFP2 " + "!" * 100 + " end"
    assert len(words.doc(long).text) == len(long)
    assert words.doc(long).text.index("FFP2") == long.index("FFP2")
